// Every aggregation of one number against what this file reckons itself, with numbers at all edges, updates from every CPU, and
// keys of several kinds. One script: a map for each aggregation, all of which get each number.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cases.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

__extension__ using Wide = __int128;
using Json = nlohmann::json;

// As the scripts see it: 64 bits, with a sign or without.
Wide value_of(std::uint64_t bits, bool is_signed) {
  return is_signed ? Wide{static_cast<std::int64_t>(bits)} : Wide{bits};
}

// Powers of two with their neighbours, and the ends.
std::vector<std::uint64_t> edges() {
  std::vector<std::uint64_t> all = {0, 3, 5, 6, 7, 100, 1000};
  for (std::uint32_t shift = 0; shift < 64; ++shift) {
    const std::uint64_t power = std::uint64_t{1} << shift;
    for (const std::uint64_t bits : {power - 1, power, power + 1, 0 - power}) all.push_back(bits);
  }
  return all;
}

// Buckets by their lowest value; that below all others has none.
using Buckets = std::map<std::string, std::uint64_t>;
constexpr const char* kBelow = "below";

std::string text(Wide value) {
  if (value < 0) return "-" + text(-value);
  std::string digits;
  do digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
  while ((value /= 10) != 0);
  return digits;
}

// What the reference says: 2^bits buckets for each power of two, one for each number below 2^bits. The last one has no end.
std::string hist_low(Wide value, std::uint32_t bits) {
  if (value < 0) return kBelow;
  value = std::min(value, Wide{INT64_MAX});
  Wide width = 1;
  while (value / width >= Wide{2} << bits) width *= 2;
  return text(value / width * width);
}

std::string lhist_low(Wide value, Wide min, Wide max, Wide step) {
  if (value < min) return kBelow;
  if (value >= max) return text(max);
  const Wide low = min + (value - min) / step * step;
  return low == INT64_MIN ? kBelow : text(low);  // Nothing is below it.
}

struct Shape {
  std::string call;  // With {} for the number.
  std::function<std::string(Wide)> low;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (std::uint32_t bits = 0; bits <= 5; ++bits) {
    all.push_back({"hist({}, " + std::to_string(bits) + ")",
                   [bits](Wide value) { return hist_low(value, bits); }});
  }
  const auto linear = [&](const std::string& min, const std::string& max, const std::string& step,
                          Wide low, Wide high, Wide width) {
    all.push_back({"lhist({}, " + min + ", " + max + ", " + step + ")",
                   [=](Wide value) { return lhist_low(value, low, high, width); }});
  };
  linear("0", "100", "10", 0, 100, 10);
  linear("0", "1", "1", 0, 1, 1);
  linear("-5", "6", "4", -5, 6, 4);  // The last step is a short one.
  linear("1", "1001", "1", 1, 1001, 1);
  linear("-9223372036854775807 - 1", "9223372036854775807", "1000000000000000000", INT64_MIN,
         INT64_MAX, 1'000'000'000'000'000'000);
  linear("-9223372036854775807 - 1", "9223372036854775807", "9223372036854775807", INT64_MIN,
         INT64_MAX, INT64_MAX);
  linear("9223372036854775806", "9223372036854775807", "1", INT64_MAX - 1, INT64_MAX, 1);
  return all;
}

Buckets read(const Json& buckets) {
  Buckets found;
  for (const Json& bucket : buckets) {
    const auto count = bucket.at("count").get<std::uint64_t>();
    const auto low = bucket.find("min");
    const std::string name = low == bucket.end() ? kBelow : low->dump();
    if (count != 0) found[name] += count;
  }
  return found;
}

std::string with_number(const std::string& call, const std::string& number) {
  std::string out = call;
  return out.replace(out.find("{}"), 2, number);
}

class Aggregations : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  }

  [[nodiscard]] std::string number(std::uint64_t bits) const {
    return (is_signed ? "(int64)" : "(uint64)") + std::to_string(bits);
  }

  // Runs `statements` for each number, given by @in[index], on every CPU; the maps at the end, by name.
  std::map<std::string, Json> run_with(const std::string& statements) {
    std::string script = "config = { max_map_keys = 4096 } begin { ";
    for (std::size_t i = 0; i < numbers.size(); ++i)
      script += "@in[" + std::to_string(i) + "] = " + number(numbers[i]) + "; ";
    script +=
        "} tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { $n = @in[@at[tid]]; @at[tid]++; " +
        statements + " } end { clear(@in); clear(@at); }";
    Invocation invocation =
        json_invocation(script, "getppid_everywhere " + std::to_string(numbers.size()));
    invocation.timeout_seconds = 60;
    const Outcome outcome = run(invocation);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    std::map<std::string, Json> maps;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      const Json data = Json::parse(line).at("data");
      for (const auto& [name, value] : data.items()) maps[name] = value;
    }
    return maps;
  }

  [[nodiscard]] std::vector<Wide> values() const {
    std::vector<Wide> all;
    for (const std::uint64_t bits : numbers) all.push_back(value_of(bits, is_signed));
    return all;
  }

  const bool is_signed = GetParam();
  std::vector<std::uint64_t> numbers = edges();
};

TEST_P(Aggregations, Histograms) {
  const std::vector<Shape> all = shapes();
  // A few to a script: the verifier follows the branches of each of them.
  for (std::size_t begin = 0; begin < all.size(); begin += 5) {
    const std::size_t end = std::min(begin + 5, all.size());
    std::string statements;
    for (std::size_t i = begin; i < end; ++i)
      statements += "@h" + std::to_string(i) + " = " + with_number(all[i].call, "$n") + "; ";
    const auto maps = run_with(statements);
    for (std::size_t i = begin; i < end; ++i) {
      Buckets wanted;
      for (const Wide value : values()) wanted[all[i].low(value)] += usable_cpus();
      const auto found = maps.find("@h" + std::to_string(i));
      ASSERT_NE(found, maps.end()) << all[i].call;
      EXPECT_EQ(read(found->second), wanted) << all[i].call;
    }
  }
}

// Each entry of a map is one histogram, whatever its key is.
TEST_P(Aggregations, HistogramsByKeys) {
  const auto maps = run_with(
      "@tuple[$n == 5, \"x\"] = hist($n, 2); @linear[cpu] = lhist($n, 0, 100, 10); "
      "@kernel[kstack(3)] = hist($n); @user[ustack(3)] = hist($n, 5); "
      "@both[kstack(2), ustack(2)] = lhist($n, -5, 6, 4);");
  const auto joined = [&](const std::string& name) {
    Buckets all;
    for (const auto& [key, buckets] : maps.at(name).items()) {
      for (const auto& [low, count] : read(buckets)) all[low] += count;
    }
    return all;
  };
  const auto wanted = [&](const std::function<std::string(Wide)>& low) {
    Buckets all;
    for (const Wide value : values()) all[low(value)] += usable_cpus();
    return all;
  };
  EXPECT_EQ(maps.at("@tuple").size(), 2U);
  const auto fives = static_cast<std::uint64_t>(std::ranges::count(numbers, 5U));
  EXPECT_EQ(read(maps.at("@tuple").at("true,x")), (Buckets{{"5", fives * usable_cpus()}}));
  EXPECT_EQ(maps.at("@linear").size(), usable_cpus());
  EXPECT_EQ(joined("@tuple"), wanted([](Wide value) { return hist_low(value, 2); }));
  EXPECT_EQ(joined("@linear"), wanted([](Wide value) { return lhist_low(value, 0, 100, 10); }));
  EXPECT_EQ(joined("@kernel"), wanted([](Wide value) { return hist_low(value, 0); }));
  EXPECT_EQ(joined("@user"), wanted([](Wide value) { return hist_low(value, 5); }));
  EXPECT_EQ(joined("@both"), wanted([](Wide value) { return lhist_low(value, -5, 6, 4); }));
}

TEST_P(Aggregations, Numbers) {
  const auto maps = run_with(
      "@count = count(); @sum = sum($n); @min = min($n); @max = max($n); @avg = avg($n); "
      "@stats[\"key\"] = stats($n); @largest = quantiles($n, 100); @one[$n] = sum($n); ");
  const std::vector<Wide> all = values();
  std::uint64_t bits = 0;  // Sums wrap at 64 bits.
  for (const std::uint64_t number : numbers) bits += number * usable_cpus();
  const std::uint64_t count = numbers.size() * usable_cpus();
  const Wide total = value_of(bits, is_signed);
  const Wide average = total / static_cast<Wide>(count);
  EXPECT_EQ(maps.at("@count").dump(), std::to_string(count));
  EXPECT_EQ(maps.at("@sum").dump(), text(total));
  EXPECT_EQ(maps.at("@min").dump(), text(*std::ranges::min_element(all)));
  EXPECT_EQ(maps.at("@max").dump(), text(*std::ranges::max_element(all)));
  EXPECT_EQ(maps.at("@avg").dump(), text(average));
  EXPECT_NEAR(maps.at("@largest").at("p100").get<double>(), 0x1p63, 0x1p63 / 64);
  const Json& stats = maps.at("@stats").at("key");
  EXPECT_EQ(stats.at("count").dump(), std::to_string(count));
  EXPECT_EQ(stats.at("total").dump(), text(total));
  EXPECT_EQ(stats.at("average").dump(), text(average));
  for (const auto& [key, sum] : maps.at("@one").items()) {
    const auto times = static_cast<std::uint64_t>(
        std::ranges::count_if(all, [&](Wide value) { return text(value) == key; }));
    const auto found = std::ranges::find_if(all, [&](Wide value) { return text(value) == key; });
    ASSERT_NE(found, all.end()) << key;
    const std::uint64_t product = static_cast<std::uint64_t>(*found) * times * usable_cpus();
    EXPECT_EQ(sum.dump(), text(value_of(product, is_signed))) << key;
  }
}

INSTANTIATE_TEST_SUITE_P(Signs, Aggregations, testing::Bool(),
                         [](const auto& info) { return info.param ? "signed" : "unsigned"; });

}  // namespace
}  // namespace sonde::test
