#include "sema/promote.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace sonde::sema {
namespace {

using types::AddressSpace;
using types::Context;
using types::TypeKind;

// Pointers agree if they have one pointee or one of them is void *; the typed one wins.
const Type* join_pointers(Context& context, const Type* left, const Type* right) {
  const AddressSpace space = left->address_space() == right->address_space()
                                 ? left->address_space()
                                 : AddressSpace::Unknown;
  if (left->element() == right->element() || right->element()->is_void()) {
    return context.pointer(left->element(), space);
  }
  if (left->element()->is_void()) return context.pointer(right->element(), space);
  return nullptr;
}

const Type* join_tuples(Context& context, const Type* left, const Type* right, Join rule) {
  if (left->elements().size() != right->elements().size()) return nullptr;
  std::vector<const Type*> elements;
  for (std::size_t i = 0; i < left->elements().size(); ++i) {
    const Type* element = rule(context, left->elements()[i], right->elements()[i]);
    if (element == nullptr) return nullptr;
    elements.push_back(element);
  }
  return context.tuple(std::move(elements));
}

// Two different types that are not both integral or both pointers.
const Type* join_others(Context& context, const Type* left, const Type* right, Join rule) {
  if (left->kind() != right->kind()) return nullptr;
  switch (left->kind()) {
    case TypeKind::String:
      return context.string(std::max(left->capacity(), right->capacity()),
                            left->may_be_cut() || right->may_be_cut());
    case TypeKind::Buffer: return context.buffer(std::max(left->capacity(), right->capacity()));
    case TypeKind::Tuple: return join_tuples(context, left, right, rule);
    case TypeKind::Sum:
    case TypeKind::Min:
    case TypeKind::Max:
    case TypeKind::Average:
    case TypeKind::Stats:
    case TypeKind::StdDev: return context.aggregation(left->kind(), true);
    case TypeKind::Top: {
      if (left->top_shown() != right->top_shown()) return nullptr;
      const Type* key = join_key(context, left->element(), right->element());
      return key != nullptr ? context.top(key, left->top_shown()) : nullptr;
    }
    case TypeKind::TimeSeries: {
      const Type* joined = context.time_series(left->series_interval(), left->series_count(),
                                               left->series_kind(), true);
      const Type* added = context.time_series(right->series_interval(), right->series_count(),
                                              right->series_kind(), true);
      return joined == added ? joined : nullptr;
    }
    default: return nullptr;
  }
}

const Type* join_with(Context& context, const Type* old, const Type* added, Join rule) {
  if (old == nullptr || old == added) return added;
  if (old->is_integral() && added->is_integral()) {
    return join_integers(context, as_integer(context, old), as_integer(context, added));
  }
  if (old->is_pointer() && added->is_pointer()) return join_pointers(context, old, added);
  return join_others(context, old, added, rule);
}

// Never conflicts where the natural types agree: what is unsigned by nature may be computed as int64.
const Type* join_exact(Context& context, const Type* old, const Type* added) {
  if (old != nullptr && old->is_integral() && added->is_integral() && old != added)
    return common_integer(context, old, added);
  return join_with(context, old, added, &join_exact);
}

}  // namespace

const Type* as_integer(Context& context, const Type* integral) {
  if (integral->is(TypeKind::Enum)) return context.integer(integral->bits(), integral->is_signed());
  if (integral->is(TypeKind::Bool)) return context.integer(8, false);
  return integral;
}

const Type* join_integers(Context& context, const Type* left, const Type* right) {
  if (left->is_signed() == right->is_signed()) return left->bits() >= right->bits() ? left : right;
  const Type* with_sign = left->is_signed() ? left : right;
  const Type* without = left->is_signed() ? right : left;
  if (with_sign->bits() > without->bits()) return with_sign;
  return without->bits() < 64 ? context.integer(without->bits() * 2, true) : nullptr;
}

const Type* common_integer(Context& context, const Type* left, const Type* right) {
  const Type* both = join_integers(context, as_integer(context, left), as_integer(context, right));
  return both != nullptr ? both : context.uint64();
}

const Type* arithmetic_type(Context& context, const Type* left, const Type* right) {
  const auto is_u64 = [&](const Type* type) {
    return as_integer(context, type) == context.uint64();
  };
  return context.integer(64, !is_u64(left) && !is_u64(right));
}

bool is_negative(const ast::IntegerLiteral& literal) {
  return !literal.text.empty() && literal.text.front() == '-';
}

const Type* literal_type(Context& context, const ast::IntegerLiteral& literal) {
  const bool negative = is_negative(literal);
  const auto needed = static_cast<std::uint32_t>(negative ? 65 - std::countl_one(literal.value)
                                                          : 64 - std::countl_zero(literal.value));
  return context.integer(std::max(8U, std::bit_ceil(needed)), negative);
}

bool literal_fits(const ast::IntegerLiteral& literal, const Type* type) {
  if (!type->is_integer()) return false;
  const std::uint32_t value_bits = type->bits() - (type->is_signed() ? 1 : 0);
  if (is_negative(literal)) {
    if (!type->is_signed()) return false;
    return static_cast<std::int64_t>(literal.value) >= -(INT64_C(1) << (value_bits - 1)) * 2;
  }
  return value_bits == 64 || literal.value >> value_bits == 0;
}

const Type* join(Context& context, const Type* old, const Type* added) {
  return join_with(context, old, added, &join);
}

const Type* join_key(Context& context, const Type* old, const Type* added) {
  if (old != nullptr && old != added) {
    const bool numbers =
        (old->is_pointer() || old->is_integer()) && (added->is_pointer() || added->is_integer());
    if (numbers && (old->is_pointer() || added->is_pointer())) {
      const Type* pointer =
          old->is_pointer() && added->is_pointer() ? join_pointers(context, old, added) : nullptr;
      return pointer != nullptr ? pointer : context.uint64();
    }
  }
  return join_with(context, old, added, &join_key);
}

bool give(Context& context, Given& held, const Given& added, Join rule) {
  const Type* natural = rule(context, held.natural, added.natural);
  if (natural == nullptr) {
    if (!held.may_be_signed && !added.may_be_signed) return false;
    const Given with_sign{context.int64(), context.int64()};
    Given old = held.may_be_signed ? with_sign : held;
    if (!give(context, old, added.may_be_signed ? with_sign : added, rule)) return false;
    held = old;
    return true;
  }
  const Type* exact = held.exact == nullptr ? added.exact : rule(context, held.exact, added.exact);
  if (exact == nullptr) exact = join_exact(context, held.exact, added.exact);
  const auto is_unsigned = [&](const Given& given) {
    return given.natural == context.uint64() && !given.may_be_signed;
  };
  const bool may_be_signed =
      natural == context.uint64() && !is_unsigned(held) && !is_unsigned(added);
  held = {natural, exact != nullptr ? exact : natural, may_be_signed};
  return true;
}

const Type* held_type(Context& context, const Given& held) {
  if (held.natural == nullptr || held.exact == nullptr) return held.natural;
  if (held.natural->is_integer() && held.exact->is_integer())
    return held.natural->bits() == 64 ? held.natural : held.exact;
  if (held.natural->is_tuple() && held.exact->is_tuple()) {
    std::vector<const Type*> elements;
    for (std::size_t i = 0; i < held.natural->elements().size(); ++i) {
      elements.push_back(
          held_type(context, {held.natural->elements()[i], held.exact->elements()[i]}));
    }
    return context.tuple(std::move(elements));
  }
  return held.natural;
}

std::string conflict_hint(const Type* added, const Type* held) {
  if (added->is_tuple() && held->is_tuple() &&
      added->elements().size() == held->elements().size()) {
    for (std::size_t i = 0; i < added->elements().size(); ++i) {
      std::string hint = conflict_hint(added->elements()[i], held->elements()[i]);
      if (!hint.empty()) return hint;
    }
  }
  if (!added->is_integral() || !held->is_integral()) return {};
  if (added->is_signed() == held->is_signed()) return {};
  return fmt::format("no integer type holds all of '{}' and '{}': cast one to (int64) or (uint64)",
                     added->name(), held->name());
}

bool fits_declared(Context& context, const Type* declared, const Type* natural) {
  if (declared->is_integral() && natural->is_integral()) {
    return join_integers(context, as_integer(context, declared), as_integer(context, natural)) ==
           as_integer(context, declared);
  }
  return join(context, declared, natural) != nullptr;
}

}  // namespace sonde::sema
