// count, sum, min, max, avg, stats, hist, lhist: what a map holds that they are assigned to.
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::TypeKind;

constexpr std::int64_t kMaxHistBits = 5;
constexpr std::uint64_t kMaxLinearBuckets = 1000;

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

}  // namespace sonde::sema::function
