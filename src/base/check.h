// SONDE_CHECK: a condition that only a bug in sonde can break. Prints where and aborts, in every build type.
#pragma once

#include <string_view>

namespace sonde {

[[noreturn]] void check_failed(std::string_view condition, std::string_view file, int line,
                               std::string_view function);

}  // namespace sonde

#define SONDE_CHECK(condition)                         \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::sonde::check_failed(#condition, __FILE__, __LINE__, __func__))

#define SONDE_UNREACHABLE() ::sonde::check_failed("unreachable", __FILE__, __LINE__, __func__)
