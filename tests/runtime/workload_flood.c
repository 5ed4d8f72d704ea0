/* Calls from several CPUs at once, and memory that a tracer changes. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

__attribute__((noinline, visibility("default"))) void workload_written(int* number, short* pair,
                                                                       char* text) {
  __asm__ volatile("" : : "r"(number), "r"(pair), "r"(text) : "memory");
}

/* What a function finds changed that was given some memory. */
int do_written(long n) {
  int number = (int)n;
  short pair[2] = {1, 2};
  char text[16] = "before and all";
  workload_written(&number, pair, text);
  printf("number %d pair %d %d text %s\n", number, pair[0], pair[1], text);
  return fflush(stdout);
}

/* The n-th call of thread t is getpriority(1000 + t, n), which fails at once; each thread stays on a CPU of its own. */
static void* flood(void* argument) {
  const long* work = argument;
  cpu_set_t cpu;
  CPU_ZERO(&cpu);
  CPU_SET(work[0] % sysconf(_SC_NPROCESSORS_ONLN), &cpu);
  pthread_setaffinity_np(pthread_self(), sizeof cpu, &cpu);
  for (long i = 0; i < work[1]; ++i) syscall(SYS_getpriority, 1000 + work[0], i);
  return NULL;
}

int do_flood(long n) {
  pthread_t threads[2];
  long work[2][2] = {{0, n}, {1, n}};
  for (int i = 0; i < 2; ++i) {
    if (pthread_create(&threads[i], NULL, flood, work[i])) return 1;
  }
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
