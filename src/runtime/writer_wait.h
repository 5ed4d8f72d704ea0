// Waiting for a record that a program has reserved and not committed yet. That takes it microseconds, unless its CPU is taken away
// from it: by interrupts, by the hypervisor, by other tasks where programs may be preempted.
#pragma once

namespace sonde::runtime {

// Sleeps for a moment. A ring is readable while such a record lies at its head: who polled it would only spin.
void pause_for_writer();

// At the end of a run, when nothing else is to be done.
class WriterWait {
 public:
  // Pauses; false if that has been done for kLongest in all.
  [[nodiscard]] bool again();

  static constexpr int kLongest = 500;  // ms

 private:
  int pauses_ = 0;
};

}  // namespace sonde::runtime
