// Result<T>: "the machine said no". For errors of a script see diag/; for bugs see base/check.h.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace sonde {

// What the operating system or a library refused.
struct Error {
  std::string what;  // The call and its object, e.g. "open /sys/kernel/btf/vmlinux".
  int code = 0;      // errno, positive; 0 if there is none.
  std::string hint;  // What the user can do; may be empty.

  // "what: strerror(code)" without the hint.
  [[nodiscard]] std::string message() const;
};

template <class T>
using Result = std::expected<T, Error>;

// Error from `code` (an errno value, positive).
[[nodiscard]] std::unexpected<Error> fail(std::string what, int code = 0, std::string hint = {});

// Error from the current value of errno.
[[nodiscard]] std::unexpected<Error> fail_errno(std::string what, std::string hint = {});

}  // namespace sonde
