#include "runtime/clock.h"

#include <fmt/format.h>

#include <ctime>

namespace sonde::runtime {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::uint64_t read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * kSecond +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// strftime has no fractions of a second.
std::string replace_microseconds(const std::string& format, std::uint64_t nanoseconds) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      text += format[i];
    } else if (format[++i] == 'f') {
      text += fmt::format("{:06}", nanoseconds % kSecond / 1000);
    } else {
      text += '%';
      text += format[i];
    }
  }
  return text;
}

}  // namespace

std::uint64_t boot_nanoseconds() { return read_clock(CLOCK_BOOTTIME); }

std::uint64_t boot_to_epoch() { return read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME); }

// The middle of two readings of one clock is compared with the other between them; the closest of a few pairs counts.
std::uint64_t tai_after_monotonic() {
  std::uint64_t narrowest = UINT64_MAX;
  std::uint64_t offset = 0;
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t before = read_clock(CLOCK_MONOTONIC);
    const std::uint64_t tai = read_clock(CLOCK_TAI);
    const std::uint64_t width = read_clock(CLOCK_MONOTONIC) - before;
    if (width >= narrowest) continue;
    narrowest = width;
    offset = tai - (before + width / 2);
  }
  return offset;
}

std::string format_time(const std::string& format, std::uint64_t epoch_nanoseconds) {
  const auto seconds = static_cast<std::time_t>(epoch_nanoseconds / kSecond);
  std::tm time{};
  ::localtime_r(&seconds, &time);
  // strftime returns 0 both for "no room" and for an empty result: a space in front tells them apart.
  const std::string filled = " " + replace_microseconds(format, epoch_nanoseconds);
  std::string text(filled.size() + 128, '\0');
  while (true) {
    // The format is the script's.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const std::size_t length = std::strftime(text.data(), text.size(), filled.c_str(), &time);
#pragma GCC diagnostic pop
    if (length > 0) return text.substr(1, length - 1);
    text.resize(text.size() * 2);
  }
}

}  // namespace sonde::runtime
