// Times of day in the script's formats.
#pragma once

#include <cstdint>
#include <string>

namespace sonde::runtime {

// Now, by CLOCK_BOOTTIME: what `nsecs` counts.
[[nodiscard]] std::uint64_t boot_nanoseconds();
// Nanoseconds between the epoch and boot: wall time = boot time + this.
[[nodiscard]] std::uint64_t boot_to_epoch();

// CLOCK_TAI - CLOCK_MONOTONIC, in nanoseconds.
[[nodiscard]] std::uint64_t tai_after_monotonic();

// strftime(3) of a time in nanoseconds since the epoch, local time, with %f for microseconds (six digits).
[[nodiscard]] std::string format_time(const std::string& format, std::uint64_t epoch_nanoseconds);

}  // namespace sonde::runtime
