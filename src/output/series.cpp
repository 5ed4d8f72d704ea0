#include "output/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>

#include "output/sink.h"

namespace sonde::output {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::size_t kWidth = 52;  // Columns between the smallest and the largest value.

__extension__ using Wide = __int128;

Wide wide(const Integer& number) {
  return number.is_signed ? Wide{static_cast<std::int64_t>(number.bits)} : Wide{number.bits};
}

std::string text_of(const Integer& number) { return to_text(Value{number}); }

struct Scale {
  Integer low;
  Integer high;
  // Column of a value, rounded down.
  [[nodiscard]] std::size_t column(const Integer& number) const {
    const Wide span = wide(high) - wide(low);
    return span == 0 ? 0 : static_cast<std::size_t>((wide(number) - wide(low)) * kWidth / span);
  }
};

// Digits behind the seconds: milliseconds, unless intervals are not whole ones.
std::size_t decimals(std::uint64_t interval_ns) {
  if (interval_ns % 1'000'000 == 0) return 3;
  return interval_ns % 1'000 == 0 ? 6 : 9;
}

std::string time_of_day(std::uint64_t epoch_ns, std::size_t digits) {
  const auto seconds = static_cast<std::time_t>(epoch_ns / kSecond);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  const std::string fraction = fmt::format("{:09}", epoch_ns % kSecond);
  return fmt::format("{:02}:{:02}:{:02}.{}", local.tm_hour, local.tm_min, local.tm_sec,
                     fraction.substr(0, digits));
}

// Zero is marked where it lies between the ends.
std::string row(const Scale& scale, const std::optional<Integer>& value) {
  std::string line(kWidth + 1, ' ');
  line.front() = line.back() = '|';
  if (wide(scale.low) < 0 && wide(scale.high) > 0) line[scale.column({0, true, 64})] = '.';
  if (value) line[scale.column(*value)] = '*';
  return value ? line + " " + text_of(*value) : line;
}

}  // namespace

void append_series(std::string& out, const SeriesValue& series) {
  std::optional<Scale> scale;
  for (const SeriesValue::Point& point : series.points) {
    if (!point.value) continue;
    if (!scale) scale = Scale{*point.value, *point.value};
    if (wide(*point.value) < wide(scale->low)) scale->low = *point.value;
    if (wide(*point.value) > wide(scale->high)) scale->high = *point.value;
  }
  if (!scale) return;
  const std::size_t digits = decimals(series.interval_ns);
  const std::size_t margin = std::string_view("hh:mm:ss. ").size() + digits;
  const std::string ends =
      fmt::format("{:{}}{:<{}}{}\n", "", margin, text_of(scale->low), kWidth, text_of(scale->high));
  const std::string line(kWidth - 1, '_');
  out += ends;
  const char* unit = digits == 3 ? "ms" : digits == 6 ? "us" : "ns";
  fmt::format_to(std::back_inserter(out), "{:<{}}|{}|\n", fmt::format("hh:mm:ss.{}", unit), margin,
                 line);
  for (const SeriesValue::Point& point : series.points) {
    fmt::format_to(std::back_inserter(out), "{} {}\n", time_of_day(point.start_ns, digits),
                   row(*scale, point.value));
  }
  fmt::format_to(std::back_inserter(out), "{:{}}v{}v\n", "", margin, line);
  out += ends;
}

std::string utc_time(std::uint64_t epoch_ns) {
  const auto seconds = static_cast<std::time_t>(epoch_ns / kSecond);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return fmt::format("{}.{:09}Z", std::string_view(text, length), epoch_ns % kSecond);
}

}  // namespace sonde::output
