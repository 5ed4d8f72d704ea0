/* What the parts of the workload share. */
#ifndef SONDE_TESTS_WORKLOAD_H
#define SONDE_TESTS_WORKLOAD_H

long workload_add(int a, long b);
int workload_name(const char* name);

/* Commands, run with their number; 0 if all went well. */
int do_flood(long n);
int do_written(long n);
int do_names(long n);
int do_getppid_everywhere(long n);
int do_twelve(long n);
int do_mapped(long n);
int do_marker(long n);
int do_gated(long n);
#ifdef __x86_64__
int do_places(long n);
int do_forms(long n);
#endif

#endif
