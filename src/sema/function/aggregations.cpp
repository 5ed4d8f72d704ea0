// count, sum, min, max, avg, stats, stddev, hist, lhist, quantiles, distinct, top, tseries: what a map holds that they are assigned to.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::TypeKind;

constexpr std::int64_t kMaxHistBits = 5;
constexpr std::uint64_t kMaxLinearBuckets = 1000;
constexpr std::uint64_t kMaxIntervals = 1000;

constexpr std::pair<std::string_view, types::SeriesKind> kSeriesKinds[] = {
    {"avg", types::SeriesKind::Average},
    {"max", types::SeriesKind::Max},
    {"min", types::SeriesKind::Min},
    {"sum", types::SeriesKind::Sum},
};

// The number that is added up.
const Type* counted(Use& use) {
  const Type* type = use.checker.value(use.argument(0));
  if (type == nullptr || !type->is_string()) return use.integer(0);
  return use.wrong_type(0, "an integer", "how often each text occurs: @map[text] = count()");
}

const Type* signed_by_argument(Use& use, TypeKind kind) {
  const Type* type = counted(use);
  if (type == nullptr) return nullptr;
  return use.types().aggregation(kind, as_integer(use.types(), type)->is_signed());
}

}  // namespace

const Type* check_Count(Use& use) { return use.types().simple(TypeKind::Count); }
const Type* check_Sum(Use& use) { return signed_by_argument(use, TypeKind::Sum); }
const Type* check_Min(Use& use) { return signed_by_argument(use, TypeKind::Min); }
const Type* check_Max(Use& use) { return signed_by_argument(use, TypeKind::Max); }
const Type* check_Avg(Use& use) { return signed_by_argument(use, TypeKind::Average); }
const Type* check_Stats(Use& use) { return signed_by_argument(use, TypeKind::Stats); }
const Type* check_StdDev(Use& use) { return signed_by_argument(use, TypeKind::StdDev); }

const Type* check_Hist(Use& use) {
  const Type* value = counted(use);
  std::int64_t bits = 0;
  if (use.count() > 1) {
    const std::optional<Constant> given = use.constant(1);
    if (!given) return nullptr;
    if (given->negative() || given->bits > kMaxHistBits)
      return use.out_of_range(1, "0 to 5 are possible");
    bits = given->value();
  }
  return value != nullptr ? use.types().hist(static_cast<std::uint32_t>(bits)) : nullptr;
}

const Type* check_LHist(Use& use) {
  const Type* value = counted(use);
  const std::optional<Constant> min = use.constant(1);
  const std::optional<Constant> max = use.constant(2);
  const std::optional<Constant> step = use.constant(3);
  if (value == nullptr || !min || !max || !step) return nullptr;
  if (step->value() <= 0) return use.out_of_range(3, "the step must be at least 1");
  if (max->value() <= min->value())
    return use.out_of_range(2, "the maximum must be larger than the minimum");
  const std::uint64_t span = max->bits - min->bits;
  const std::uint64_t buckets = span / step->bits + (span % step->bits != 0 ? 1 : 0);
  if (buckets > kMaxLinearBuckets) {
    return use.out_of_range(3, fmt::format("{} buckets, more than {}", buckets, kMaxLinearBuckets),
                            "take a larger step");
  }
  return use.types().lhist(min->value(), max->value(), step->value());
}

namespace {

// In thousandths of a per cent; nullopt after an error.
std::optional<std::int64_t> percentage(Use& use, std::size_t index) {
  constexpr std::size_t kDecimals = 3;
  const auto* literal = ast::as<ast::IntegerLiteral>(use.argument(index));
  std::uint64_t whole = 0;
  std::uint64_t thousandths = 0;
  if (literal != nullptr && !literal->fraction.empty()) {
    std::string digits = literal->fraction;
    if (digits.size() > kDecimals) {
      use.out_of_range(index, "a percentage has at most three decimals");
      return std::nullopt;
    }
    digits.resize(kDecimals, '0');
    whole = literal->value;
    thousandths = parse_u64(digits).value_or(0);
  } else {
    const std::optional<Constant> given = use.constant(index);
    if (!given) return std::nullopt;
    whole = given->negative() ? UINT64_MAX : given->bits;
  }
  constexpr std::uint64_t kAll = 100 * types::kPercent;
  const std::uint64_t all = whole > 100 ? UINT64_MAX : whole * types::kPercent + thousandths;
  if (all == 0 || all > kAll) {
    use.out_of_range(index, "a percentage is above 0 and at most 100");
    return std::nullopt;
  }
  return static_cast<std::int64_t>(all);
}

}  // namespace

const Type* check_Quantiles(Use& use) {
  const Type* value = counted(use);
  std::vector<std::int64_t> percentages;
  for (std::size_t i = 1; i < use.count(); ++i) {
    if (const auto given = percentage(use, i)) percentages.push_back(*given);
  }
  if (value == nullptr || percentages.size() + 1 != use.count()) return nullptr;
  if (percentages.empty()) {
    percentages = {50 * types::kPercent, 90 * types::kPercent, 99 * types::kPercent};
  }
  return use.types().quantiles(std::move(percentages));
}

const Type* check_Distinct(Use& use) {
  const Type* type = use.checker.copied(use.argument(0));
  if (type == nullptr) return nullptr;
  if (type->size() == 0) return use.wrong_type(0, "a value that is not empty");
  return use.types().simple(TypeKind::Distinct);
}

const Type* check_Top(Use& use) {
  constexpr std::uint64_t kMostShown = 50;
  const Type* key = use.checker.copied(use.argument(0));
  const std::optional<Constant> shown = use.constant(1);
  const Type* weight = use.count() > 2 ? use.integer(2) : use.types().uint64();
  if (key == nullptr || !shown || weight == nullptr) return nullptr;
  if (use.count() > 2) {
    if (const auto known = constant_value(*use.argument(2)); known && known->negative())
      return use.out_of_range(2, "a weight must not be negative");
  }
  if (shown->negative() || shown->bits == 0 || shown->bits > kMostShown)
    return use.out_of_range(1, fmt::format("1 to {} keys are shown", kMostShown));
  if (key->size() == 0) return use.wrong_type(0, "a value that is not empty");
  const auto count = static_cast<std::uint32_t>(shown->bits);
  const Type* type = use.types().top(key, count);
  // What is shown is told from the rest by that.
  const std::uint32_t least = 2 * count;
  if (type->top_counters() >= least) return type;
  std::uint32_t fitting = key->size() / 8 * 8;
  while (fitting > 8 && use.types().top(use.types().string(fitting), count)->top_counters() < least)
    fitting -= 8;
  const std::string by = key->is(TypeKind::String)
                             ? fmt::format(", as with str(..., {})", std::min(fitting, 64U))
                             : "";
  return use.out_of_range(
      0, fmt::format("{} keys of {} bytes are too much for one value", count, key->size()),
      fmt::format("show fewer, or take keys of at most {} bytes{}", fitting, by));
}

const Type* check_TSeries(Use& use) {
  const Type* value = counted(use);
  const std::optional<Constant> interval = use.constant(1);
  const std::optional<Constant> count = use.constant(2);
  types::SeriesKind kind = types::SeriesKind::Last;
  if (use.count() > 3) {
    const ast::StringLiteral* name = use.literal_string(3);
    if (name == nullptr) return nullptr;
    const auto* found = std::ranges::find(kSeriesKinds, std::string_view(name->value),
                                          &std::pair<std::string_view, types::SeriesKind>::first);
    if (found == std::end(kSeriesKinds))
      return use.out_of_range(3, "it is none of avg, max, min and sum",
                              "without it the last value of each interval is kept");
    kind = found->second;
  }
  if (value == nullptr || !interval || !count) return nullptr;
  if (interval->value() <= 0)
    return use.out_of_range(1, "an interval takes at least a nanosecond", "for example 100ms");
  if (count->negative() || count->bits == 0 || count->bits > kMaxIntervals)
    return use.out_of_range(2, fmt::format("1 to {} intervals are kept", kMaxIntervals));
  return use.types().time_series(interval->value(), static_cast<std::uint32_t>(count->bits), kind,
                                 as_integer(use.types(), value)->is_signed());
}

}  // namespace sonde::sema::function
