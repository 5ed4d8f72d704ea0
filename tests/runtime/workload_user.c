/* What tests of user-space probes trace: functions with the names of C++ and Rust, code in an archive, static probes; and calls on
 * all CPUs at once. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "usdt.h"
#include "workload.h"

/* Functions with the names that compilers of C++ and Rust give: draw::shape(int), draw::shape(char const*), prog::main,
   prog::parse::line. */
int draw_shape(int sides) __asm__("_ZN4draw5shapeEi");
int draw_named(const char* name) __asm__("_ZN4draw5shapeEPKc");
int rust_main(int value) __asm__("_ZN4prog4main17h0123456789abcdefE");
int rust_line(int value) __asm__("_RNvNtCs1234_4prog5parse4line");
__attribute__((noinline)) int draw_shape(int sides) {
  __asm__ volatile("");
  return sides + 1;
}
__attribute__((noinline)) int draw_named(const char* name) { return workload_name(name); }
__attribute__((noinline)) int rust_line(int value) {
  __asm__ volatile("");
  return value * 2;
}
__attribute__((noinline)) int rust_main(int value) { return rust_line(value) + 1; }

#ifdef __x86_64__
/* Begins with an instruction that the kernel would skip if a probe were on it: vpor. Never called. */
__asm__(
    ".pushsection .text\n.globl workload_vector\n.type workload_vector, @function\n"
    "workload_vector: vpor %xmm1, %xmm0, %xmm0\nret\n"
    ".size workload_vector, .-workload_vector\n.popsection");
#endif

/* Twelve arguments: six in registers, six on the stack. */
__attribute__((noinline)) long workload_twelve(long a, long b, long c, long d, long e, long f,
                                               long g, long h, long i, long j, long k, long l) {
  __asm__ volatile("");
  return a + b + c + d + e + f + g + h + i + j + k + l;
}

int do_twelve(long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i) sum += workload_twelve(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  return sum != 66 * n;
}

int do_names(long n) {
  int sum = 0;
  for (long i = 0; i < n; ++i) sum += draw_shape(3) + draw_named("square") + rust_main(5);
  return sum != n * (4 + 6 + 11);
}

/* Maps this program from WORKLOAD_ARCHIVE, in which it begins at WORKLOAD_START, and calls workload_add() there. */
int do_mapped(long n) {
  const char* path = getenv("WORKLOAD_ARCHIVE");
  const char* start = getenv("WORKLOAD_START");
  const unsigned long function = (unsigned long)workload_add;
  unsigned long begin = 0, end = 0, in_file = 0;
  char line[512];
  FILE* maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps)) {
    if (sscanf(line, "%lx-%lx %*s %lx", &begin, &end, &in_file) == 3 && function >= begin &&
        function < end)
      break;
  }
  fclose(maps);
  if (!path || !start) return 1;
  const int fd = open(path, O_RDONLY);
  const long offset = atol(start) + (long)(in_file + function - begin);
  char* page = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, offset & ~4095L);
  if (page == MAP_FAILED) return 1;
  long sum = 0;
  for (long i = 0; i < n; ++i) sum += ((long (*)(int, long))(page + (offset & 4095)))((int)i, 1000);
  return sum != 1000 * n + n * (n - 1) / 2;
}

/* Static probes (USDT) with arguments in each of the places that x86-64 has for them. */
/* For uaddr(): of each size. */
volatile int workload_number = 4711;
volatile unsigned char workload_byte = 200;
volatile long workload_numbers[3] = {-1, 2, 3};

static volatile long workload_shown = 77;
__attribute__((used)) long workload_counters[2] = {41, 42};
USDT_SEMAPHORE(workload_gate_semaphore);

int do_marker(long n) {
  for (long i = 0; i < n; ++i) {
    const char* text = i % 2 ? "odd" : "even";
    const int below = (int)-i;
    USDT("workload", "tick", "0",
         "-4@%[below] 8@%[text] -8@$-5 4@$7", [below] "nor"(below), [text] "nor"(text));
  }
  return 0;
}

#ifdef __x86_64__
/* The same probe at two places, which have their argument elsewhere, and one of another provider. */
int do_places(long n) {
  const int in_memory[3] = {1, 2, 30};
  for (long i = 0; i < n; ++i) {
    USDT("workload", "place", "0", "-4@%%ecx", "c"(10));
    USDT("workload", "place", "0", "-4@8(%%rdx)", "d"(in_memory), "m"(in_memory));
    USDT("other", "place", "0", "", "i"(0));
  }
  return 0;
}

int do_forms(long n) {
  static const unsigned char bytes[24] = {[3] = 0xfe, [8] = 9, [16] = 0x80, [17] = 0xff};
  for (long i = 0; i < n; ++i) {
    /* al = 0xf1, ah = 0x82; cx = 0xff85; esi = 0x80000001; r9d = 5 under garbage; rdi = bytes, rdx = 2. */
    USDT("workload", "registers", "0",
         "1@%%al -1@%%al -1@%%ah 2@%%cx -2@%%cx 4@%%esi -4@%%esi 8@%%rsi -8@%%rsi -4@%%ebx",
         "a"(0x11182f1L), "c"(0x3ff85), "S"(0xffffffff80000001), "b"(5L << 32 | 6));
    USDT("workload", "memory", "0",
         "1@3(%%rdi) -1@3(%%rdi) 2@16(%%rdi) -2@16(%%rdi) 1@(%%rdi,%%rdx,4) 1@0x6(%%rdi,%%rdx) "
         "8@workload_counters+8(%%rip) -8@workload_counters(%%rip)",
         "D"(bytes), "d"(2L), "m"(bytes));
    USDT("workload", "constants", "0", "1@$200 -1@$200 -8@$-7 4@$0x10 8f@%%xmm0 8@%%xmm1", "i"(0));
  }
  return 0;
}
#endif

/* The probe is reached only while somebody traces it. */
int do_gated(long n) {
  for (long i = 0; i < n; ++i) {
    if (workload_gate_semaphore != 0)
      USDT("workload", "gate", "workload_gate_semaphore",
           "8@%[value]", [value] "nor"(workload_shown + i));
  }
  return 0;
}

/* getppid() n times on each CPU at once. */
static void* getppid_on(void* cpu_and_n) {
  const long* given = cpu_and_n;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET((size_t)given[0], &one);
  if (sched_setaffinity(0, sizeof one, &one)) return (void*)1;
  for (long i = 0; i < given[1]; ++i) syscall(SYS_getppid);
  return NULL;
}
int do_getppid_everywhere(long n) {
  enum { kMost = 1024 };
  static pthread_t threads[kMost];
  static long given[kMost][2];
  cpu_set_t all;
  int failed = 0;
  int started = 0;
  if (sched_getaffinity(0, sizeof all, &all)) return 1;
  for (int cpu = 0; cpu < kMost; ++cpu) {
    if (!CPU_ISSET((size_t)cpu, &all)) continue;
    given[started][0] = cpu;
    given[started][1] = n;
    failed |= pthread_create(&threads[started], NULL, getppid_on, given[started]);
    ++started;
  }
  for (int i = 0; i < started; ++i) {
    void* result = NULL;
    failed |= pthread_join(threads[i], &result) || result != NULL;
  }
  return failed;
}
