#include <unistd.h>

#include <cstdio>

#include "driver/driver.h"

int main(int argc, char** argv) {
  const int status = sonde::driver::run(argc, argv);
  // LLVM's static destructors take a millisecond and free what the kernel frees anyway.
  std::fflush(nullptr);
  _exit(status);
}
