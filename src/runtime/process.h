// The processes that a run is tied to: -c's child and -p's target.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace sonde::runtime {

// A descriptor that becomes readable when process `pid` ends (5.3). Fails if there is no such process.
[[nodiscard]] Result<OwnedFd> watch_process(pid_t pid);

// A child that waits in front of its exec until everything is attached.
class Child {
 public:
  // Finds the program of `command` (PATH is searched) and forks. Fails if there is no such program. It inherits the
  // signal mask and dispositions of this moment: to be called before Signals::take_over().
  [[nodiscard]] static Result<Child> spawn(const std::string& command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();  // Ends the child if it still runs, waits for it.

  [[nodiscard]] pid_t pid() const { return pid_; }
  // From now on the child stops when it is about to exit, see look(). For symbols of its stacks.
  [[nodiscard]] Result<void> stop_before_exit();
  // Lets it exec. Fails if exec does.
  [[nodiscard]] Result<void> release();
  // Call it on SIGCHLD. Calls `about_to_exit` while the address space is still there, if stop_before_exit() was called.
  // When it has ended its name and id stay its own until end(): what it has done may be printed later.
  void look(const std::function<void(pid_t)>& about_to_exit);
  [[nodiscard]] bool has_ended() const { return pid_ <= 0 || ended_; }
  // SIGTERM, and SIGKILL if that does not help within two seconds. Waits for it: its id may be another's then.
  void end();

 private:
  Child(pid_t pid, std::string program, OwnedFd go, OwnedFd failure)
      : pid_(pid), program_(std::move(program)), go_(std::move(go)), failure_(std::move(failure)) {}
  void bury();
  void handle_stop(int status, const std::function<void(pid_t)>& about_to_exit);

  pid_t pid_;
  std::string program_;
  OwnedFd go_;       // One byte lets the child exec.
  OwnedFd failure_;  // errno of a failed exec; closed by a successful one.
  bool traced_ = false;
  bool ended_ = false;
};

}  // namespace sonde::runtime
