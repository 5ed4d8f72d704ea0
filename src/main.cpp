#include <unistd.h>

#include <cstdio>

#include "driver/driver.h"

int main(int argc, char** argv) {
  int status = sonde::driver::run(argc, argv);
  if (std::fflush(stdout) != 0) {
    std::perror("ERROR: write to standard output");
    if (status == 0) status = 1;
  }
  // LLVM's static destructors take a millisecond and free what the kernel frees anyway.
  _exit(status);
}
