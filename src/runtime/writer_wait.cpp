#include "runtime/writer_wait.h"

#include <time.h>

namespace sonde::runtime {
namespace {

constexpr long kPause = 250'000;  // ns
constexpr int kMostPauses = static_cast<int>(WriterWait::kLongest * 1'000'000L / kPause);

}  // namespace

void pause_for_writer() {
  const timespec pause{0, kPause};
  ::nanosleep(&pause, nullptr);
}

bool WriterWait::again() {
  if (pauses_ == kMostPauses) return false;
  ++pauses_;
  pause_for_writer();
  return true;
}

}  // namespace sonde::runtime
