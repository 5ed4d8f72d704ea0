// tracefs: which trace events exist, what they hold, and which functions ftrace can hook.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/view.h"

namespace sonde::kernel {

class Tracefs {
 public:
  // Looks for tracefs on first use and mounts it at /sys/kernel/tracing if it is mounted nowhere. A test gives `root`.
  explicit Tracefs(std::string root = {}) : root_(std::move(root)) {}

  // The folder with `events`. The error's hint says what to do.
  [[nodiscard]] Result<std::string> root();

  // All that match both globs, sorted. Costs a file check for literals, 1 ms otherwise.
  [[nodiscard]] Result<std::vector<Tracepoint>> events(std::string_view category,
                                                       std::string_view name);
  // True for events that users have made: kprobes, uprobes, eprobes and synthetic events, in groups of any name. Read
  // once, 50 us. False if the kernel does not tell (before 5.0).
  [[nodiscard]] bool is_dynamic(std::string_view category, std::string_view name);
  // The text of an event's format file.
  [[nodiscard]] Result<std::string> format(std::string_view category, std::string_view name);
  // Calls visit(module, function) for each line of available_filter_functions; "vmlinux" for the kernel itself.
  // The file leaves out what must not be traced (notrace, noinstr). Lockdown hides it even from root.
  [[nodiscard]] Result<void> filter_functions(
      const std::function<void(std::string_view module, std::string_view function)>& visit);

 private:
  std::string root_;
  std::optional<std::set<std::string, std::less<>>> dynamic_;  // "category/name"
  bool checked_ = false;
};

}  // namespace sonde::kernel
