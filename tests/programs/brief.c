/* Ends at once after one getppid(), which main() makes through brief_outer(), a function with a name of Rust's, and
   brief_inner(). With `jit` it is made by code that the program has written, and named in /tmp/perf-PID.map. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int brief_line(int value) __asm__("_RNvNtCs1234_4prog5parse4line");

__attribute__((noinline)) long brief_inner(void) {
  long result;
#if defined(__x86_64__)
  __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_getppid) : "rcx", "r11", "memory");
#else
  register long number __asm__("x8") = SYS_getppid;
  register long first __asm__("x0") = 0;
  __asm__ volatile("svc 0" : "+r"(first) : "r"(number) : "memory");
  result = first;
#endif
  return result;
}

/* The compiler puts it into its caller. */
static inline __attribute__((always_inline)) long brief_inlined(int value) {
  return brief_inner() + value;
}

__attribute__((noinline)) int brief_line(int value) { return (int)brief_inlined(value) + 1; }

__attribute__((noinline)) int brief_outer(int value) { return brief_line(value) + 1; }

static int run_written_code(int waits) {
#if defined(__x86_64__)
  static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xb8, SYS_getppid, 0,
                                       0,    0,    0x0f, 0x05, 0x5d, 0xc3};
#else
  static const unsigned code[] = {0xa9bf7bfd, 0x910003fd, 0xd2800008 | SYS_getppid << 5,
                                  0xd4000001, 0xa8c17bfd, 0xd65f03c0};
#endif
  void* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  memcpy(page, code, sizeof code);
  if (mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0) return 1;
  char name[64];
  snprintf(name, sizeof name, "/tmp/perf-%d.map", (int)getpid());
  FILE* map = fopen(name, "w");
  if (map == NULL) return 1;
  fprintf(map, "%lx %lx written by brief\n", (unsigned long)page, (unsigned long)sizeof code);
  fclose(map);
  ((long (*)(void))page)();
  if (waits) usleep(100000);
  return 0;
}

/* In a thread that outlives the process's first one, which has ended when that thread makes its call. It runs another program then,
   whose code lies at the same addresses. */
static void* outlive(void* words) {
  usleep(50000);
  if (brief_outer(1) == 0) return NULL;
  execv(((char**)words)[0], words);
  return NULL;
}

static int end_first_thread(char** words) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, outlive, words) != 0) return 1;
  pthread_exit(NULL);
}

int main(int argc, char** argv) {
  if (argc > 2 && strcmp(argv[1], "outlive") == 0) return end_first_thread(argv + 2);
  if (argc > 1 && strcmp(argv[1], "jit") == 0) return run_written_code(argc > 2);
  if (argc > 1 && strcmp(argv[1], "exec") == 0) {
    brief_inner();
    return execv(argv[2], argv + 2);
  }
  return brief_outer(argc) == 0;
}
