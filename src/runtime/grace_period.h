// Waiting until programs that run have ended.
#pragma once

#include "base/fd.h"
#include "base/result.h"

namespace sonde::runtime {

class GracePeriod {
 public:
  // Makes what wait() needs, which then hardly can fail.
  [[nodiscard]] Result<void> prepare();
  // Returns when each program that ran when it was called has ended: 8 to 16 ms. Not for sleepable programs, which sonde does not
  // load.
  [[nodiscard]] Result<void> wait();
  // Programs are paused for good: the next wait() is the last that takes time.
  void programs_are_paused() { is_last_ = true; }

 private:
  bool is_last_ = false;
  bool is_over_ = false;  // No program runs any more.
  OwnedFd inner_;         // Maps of sonde's own, made by the first call.
  OwnedFd outer_;
};

}  // namespace sonde::runtime
