/* measure N COMMAND...: runs COMMAND N times, prints medians of wall time, CPU time and peak memory.
 * "wall_us cpu_us peak_kib" on stdout; the command's own output is discarded. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int by_value(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static double median(double* values, int n) {
  qsort(values, (size_t)n, sizeof *values, by_value);
  return values[n / 2];
}

static double microseconds(struct timeval t) { return (double)t.tv_sec * 1e6 + (double)t.tv_usec; }

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: measure N COMMAND...\n");
    return 2;
  }
  const int n = atoi(argv[1]);
  double *wall = calloc((size_t)n, sizeof *wall), *cpu = calloc((size_t)n, sizeof *cpu),
         *peak = calloc((size_t)n, sizeof *peak);
  for (int i = 0; i < n; ++i) {
    /* A probe that was just released makes the next attach wait for the kernel's grace period: not what is measured. */
    usleep(300000);
    struct timespec begin, end;
    struct rusage usage;
    int status = 0;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const pid_t pid = fork();
    if (pid == 0) {
      const int null = open("/dev/null", O_RDWR);
      dup2(null, 0);
      dup2(null, 1);
      dup2(null, 2);
      execvp(argv[2], argv + 2);
      _exit(127);
    }
    wait4(pid, &status, 0, &usage);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (status != 0) {
      fprintf(stderr, "measure: %s failed with status %d\n", argv[2], WEXITSTATUS(status));
      return 1;
    }
    wall[i] =
        (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3;
    cpu[i] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    peak[i] = (double)usage.ru_maxrss;
  }
  printf("%.0f %.0f %.0f\n", median(wall, n), median(cpu, n), median(peak, n));
  return 0;
}
