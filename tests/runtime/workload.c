/* A program whose behaviour is known, for tests to trace: each command does one thing a given number of times. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

/* Functions with known names, arguments and results for uprobes and stacks. */
__attribute__((noinline, visibility("default"))) long workload_add(int a, long b) {
  __asm__ volatile("");
  return a + b;
}

__attribute__((noinline, visibility("default"))) unsigned long workload_hot(unsigned long rounds) {
  volatile unsigned long x = 1;
  for (unsigned long i = 0; i < rounds; ++i) x = x * 31 + i;
  return x;
}

__attribute__((noinline, visibility("default"))) int workload_name(const char* name) {
  __asm__ volatile("" : : "r"(name));
  return (int)strlen(name);
}

/* Nested: odd and even call each other and themselves, so that calls with different arguments are under way at one time. */
__attribute__((noinline, visibility("default"))) long workload_sum_even(long n, const char* name);
__attribute__((noinline, visibility("default"))) long workload_sum_odd(long n, const char* name) {
  long below = n > 0 ? workload_sum_even(n - 1, name) : 0;
  __asm__ volatile("");
  return below + n;
}
long workload_sum_even(long n, const char* name) {
  long below = n > 0 ? workload_sum_odd(n - 1, name) : 0;
  __asm__ volatile("");
  return below + n;
}
/* Arguments 7 and 8 are on the stack. */
__attribute__((noinline, visibility("default"))) long workload_many(long a, long b, long c, long d,
                                                                    long e, long f, long g,
                                                                    long h) {
  __asm__ volatile("");
  return a + b + c + d + e + f + g + h;
}

/* A record of every kind of field, for scripts that define it themselves. */
enum workload_color { WORKLOAD_RED = 1, WORKLOAD_GREEN, WORKLOAD_BLUE = 10 };
struct workload_record {
  char tag;
  enum workload_color color;
  struct {
    short x, y;
  } points[2][3];
  unsigned ready : 1, level : 3;
  int delta : 5;
  long wide : 40;
  union {
    unsigned whole;
    unsigned char bytes[4];
  };
  char name[16];
  struct workload_record* next;
  int (*call)(const char*);
  struct __attribute__((packed)) {
    char a;
    int b;
    unsigned long c : 60;
  } tight;
  int count;
  int tail[];
};

__attribute__((noinline, visibility("default"))) int workload_take(
    const struct workload_record* record) {
  __asm__ volatile("" : : "r"(record) : "memory");
  return record->count;
}

/* Writes once to what the second argument points to, for watchpoints. */
__attribute__((noinline, visibility("default"))) void workload_change(int unused,
                                                                      volatile int* value) {
  (void)unused;
  /* The kernel carries out the instruction under a probe before a signal stops the process. */
  __asm__ volatile("nop" : : : "memory");
  *value = 42;
}

static double cpu_time(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int do_getppid(long n) {
  for (long i = 0; i < n; ++i) syscall(SYS_getppid);
  return 0;
}

// System calls of 32 bits from a program of 64: number 20 is getpid() there, and writev() here.
static int do_compat(long n) {
#if defined(__x86_64__)
  for (long i = 0; i < n; ++i) {
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "r8", "r9", "r10", "r11", "memory");
  }
#else
  (void)n;
#endif
  return 0;
}

static int do_add(long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i) sum += workload_add((int)i, 1000);
  return sum < 0;
}

static int do_name(long n) {
  int sum = 0;
  for (long i = 0; i < n; ++i) sum += workload_name(i % 2 ? "odd" : "even");
  return sum < 0;
}

static int do_sum(long n) { return workload_sum_even(n, "sum") < 0; }

static int do_many(long n) {
  long sum = 0;
  for (long i = 0; i < n; ++i) sum += workload_many(1, 2, 3, 4, 5, 6, 70 + i, 80 + i);
  return sum < 0;
}

/* Leaves the function by longjmp() and by the end of a thread, n times each, then calls it once as it should be. */
static jmp_buf back;
__attribute__((noinline, visibility("default"))) long workload_jump(long n, int how) {
  if (how == 1) longjmp(back, 1);
  if (how == 2) pthread_exit(NULL);
  __asm__ volatile("");
  return n;
}
static void* end_inside(void* n) { return (void*)workload_jump((long)n, 2); }
static int do_jump(long n) {
  for (volatile long i = 0; i < n; ++i) {
    pthread_t thread;
    if (!setjmp(back)) workload_jump(i, 1);
    pthread_create(&thread, NULL, end_inside, (void*)(long)i);
    pthread_join(thread, NULL);
  }
  return workload_jump(77, 0) != 77;
}

/* n threads in the function at once, each with an argument of its own. */
static pthread_barrier_t barrier;
__attribute__((noinline, visibility("default"))) long workload_wait(long n) {
  pthread_barrier_wait(&barrier);
  return n + 1000;
}
static void* wait_inside(void* n) { return (void*)workload_wait((long)n); }
static int do_wait(long n) {
  pthread_t threads[64];
  if (n > 64) return 1;
  pthread_barrier_init(&barrier, NULL, (unsigned)n);
  for (long i = 0; i < n; ++i) pthread_create(&threads[i], NULL, wait_inside, (void*)i);
  for (long i = 0; i < n; ++i) pthread_join(threads[i], NULL);
  return 0;
}

static int do_record(long n) {
  struct workload_record* last = calloc(1, sizeof *last);
  struct workload_record* record = calloc(1, sizeof *record + 3 * sizeof(int));
  last->tag = 'z';
  last->color = WORKLOAD_BLUE;
  strcpy(last->name, "last");
  record->tag = 'a';
  record->color = WORKLOAD_GREEN;
  for (short i = 0; i < 6; ++i) {
    record->points[i / 3][i % 3].x = (short)(100 + i);
    record->points[i / 3][i % 3].y = (short)-i;
  }
  record->ready = 1;
  record->level = 5;
  record->delta = -7;
  record->wide = -123456789012;
  record->whole = 0x04030201;
  strcpy(record->name, "first record");
  record->next = last;
  record->call = workload_name;
  record->tight.a = 1;
  record->tight.b = -2;
  record->tight.c = 0xabcdef012345678;
  record->count = 3;
  for (int i = 0; i < 3; ++i) record->tail[i] = 11 * (i + 1);
  int sum = 0;
  for (long i = 0; i < n; ++i) sum += workload_take(record);
  free(record);
  free(last);
  return sum != 3 * n;
}

static int do_spin(long milliseconds) {
  /* CPU time, not wall time: what a profiler sees of it does not depend on what else the machine does. */
  const double end = cpu_time() + (double)milliseconds / 1e3;
  unsigned long x = 0;
  while (cpu_time() < end) x += workload_hot(200000);
  return x == 42;
}

static int do_nanosleep(long milliseconds) {
  struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  return (int)syscall(SYS_nanosleep, &t, NULL);
}

static int do_malloc(long n) {
  for (long i = 0; i < n; ++i) {
    void* volatile p = malloc(777);
    free(p);
  }
  return 0;
}

static int do_open(long n) {
  for (long i = 0; i < n; ++i) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/sonde-workload-missing-%ld", i);
    if (syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) >= 0) return 1;
  }
  return 0;
}

static int do_write(long size) {
  const int fd = open("/dev/null", O_WRONLY);
  char* bytes = calloc(1, (size_t)size);
  const long wrote = syscall(SYS_write, fd, bytes, (size_t)size);
  free(bytes);
  close(fd);
  return wrote != size;
}

static int do_exec(long n) {
  /* On the heap, and so in memory when the child calls execve(2): a probe cannot fetch what is still in the file only. */
  char* const arguments[] = {strdup("echo"), strdup("first"), strdup("second argument"), NULL};
  for (long i = 0; i < n; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      execv("/bin/echo", arguments);
      _exit(127);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (status != 0) return 1;
  }
  return 0;
}

/* Connects to its own listening socket on the loopback address. */
static int do_connect(long n) {
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(server, (struct sockaddr*)&address, length) || listen(server, 16)) return 1;
  getsockname(server, (struct sockaddr*)&address, &length);
  for (long i = 0; i < n; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client, (struct sockaddr*)&address, length)) return 1;
    close(client);
  }
  return 0;
}

/* Sends datagrams to a closed port of the loopback address: the kernel drops them for want of a socket. */
static int do_drop(long n) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (long i = 0; i < n; ++i) {
    if (sendto(fd, "x", 1, 0, (struct sockaddr*)&address, sizeof address) != 1) return 1;
  }
  return 0;
}

static int do_touch(long pages) {
  char* memory = aligned_alloc(4096, (size_t)pages * 4096);
  /* One fault a page, not one for 512. */
  madvise(memory, (size_t)pages * 4096, MADV_NOHUGEPAGE);
  for (long i = 0; i < pages; ++i) memory[i * 4096] = 1;
  return memory[0] != 1;
}

/* Each turn writes once and reads once, at an address that scripts know. */
static int do_memory(long n) {
  volatile long* place = mmap((void*)0x10000000, 4096, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (place != (void*)0x10000000) return 1;
  long sum = 0;
  for (long i = 0; i < n; ++i) {
    *place = i;
    sum += *place;
  }
  return sum < 0;
}

static int do_change(long n) {
  volatile int* value = calloc(1, sizeof *value);
  for (long i = 0; i < n; ++i) workload_change(0, value);
  return *value != 42;
}

static int do_change_two(long n) {
  volatile int* values = calloc(2, 64);
  for (long i = 0; i < n; ++i) workload_change(0, values + i % 2 * 16);
  return 0;
}

static void* write_memory(void* argument) {
  volatile long* place = (volatile long*)0x10000000;
  for (long i = 0; i < (long)argument; ++i) *place = i;
  return NULL;
}

/* The same address, written by a second thread. */
static int do_thread_memory(long n) {
  pthread_t thread;
  if (mmap((void*)0x10000000, 4096, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void*)0x10000000)
    return 1;
  if (pthread_create(&thread, NULL, write_memory, (void*)n)) return 1;
  return pthread_join(thread, NULL);
}

static const struct {
  const char* name;
  int (*run)(long);
} kCommands[] = {
    {"getppid", do_getppid},
    {"getppid_everywhere", do_getppid_everywhere},
    {"add", do_add},
    {"name", do_name},
    {"spin", do_spin},
    {"sleep", do_nanosleep},
    {"malloc", do_malloc},
    {"open", do_open},
    {"write", do_write},
    {"exec", do_exec},
    {"connect", do_connect},
    {"drop", do_drop},
    {"touch", do_touch},
    {"record", do_record},
    {"sum", do_sum},
    {"many", do_many},
    {"jump", do_jump},
    {"compat", do_compat},
    {"wait", do_wait},
    {"names", do_names},
    {"twelve", do_twelve},
    {"marker", do_marker},
    {"gated", do_gated},
    {"mapped", do_mapped},
    {"memory", do_memory},
    {"change", do_change},
    {"change_two", do_change_two},
    {"thread_memory", do_thread_memory},
    {"flood", do_flood},
    {"written", do_written},
#ifdef __x86_64__
    {"places", do_places},
    {"forms", do_forms},
#endif
};

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    size_t c = 0;
    while (c < sizeof kCommands / sizeof *kCommands && strcmp(kCommands[c].name, argv[i])) ++c;
    if (c == sizeof kCommands / sizeof *kCommands) {
      fprintf(stderr, "workload: unknown command '%s'\n", argv[i]);
      return 2;
    }
    if (kCommands[c].run(atol(argv[i + 1]))) return 1;
  }
  return 0;
}
