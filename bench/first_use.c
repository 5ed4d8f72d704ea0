/* first_use FILE COMMAND...: single-steps COMMAND and writes the addresses of its 16-byte blocks to FILE in the order in which they
 * are first executed. For scripts/make-symbol-order; children of the command are not followed. */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/reg.h>
#include <sys/wait.h>
#include <unistd.h>

/* A set of blocks: open addressing, grown never: a start-up touches some 100,000 blocks. */
enum { kSlots = 1 << 22 };
static unsigned long seen[kSlots];

static int add(unsigned long block) {
  size_t slot = block * 0x9e3779b97f4a7c15UL >> 42;
  while (seen[slot] != 0) {
    if (seen[slot] == block) return 0;
    slot = (slot + 1) % kSlots;
  }
  seen[slot] = block;
  return 1;
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  FILE* file = fopen(argv[1], "w");
  if (file == NULL) return 1;
  const pid_t pid = fork();
  if (pid == 0) {
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    execv(argv[2], argv + 2);
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  while (WIFSTOPPED(status)) {
    const unsigned long ip =
        (unsigned long)ptrace(PTRACE_PEEKUSER, pid, (void*)(RIP * sizeof(long)), NULL);
    if (add(ip >> 4)) fprintf(file, "%lx\n", ip);
    if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0) break;
    waitpid(pid, &status, 0);
  }
  return fclose(file) != 0;
}
