#include "sema/promote.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace sonde::sema {
namespace {

using types::AddressSpace;
using types::Context;
using types::TypeKind;

// Pointers agree if they have one pointee or one of them is void *; the typed one wins.
const Type* unify_pointers(Context& context, const Type* left, const Type* right) {
  const AddressSpace space = left->address_space() == right->address_space()
                                 ? left->address_space()
                                 : AddressSpace::Unknown;
  if (left->element() == right->element() || right->element()->is_void()) {
    return context.pointer(left->element(), space);
  }
  if (left->element()->is_void()) return context.pointer(right->element(), space);
  return nullptr;
}

using Rule = const Type* (*)(Context&, const Type*, const Type*);

const Type* combine_tuples(Context& context, const Type* left, const Type* right, Rule rule) {
  if (left->elements().size() != right->elements().size()) return nullptr;
  std::vector<const Type*> elements;
  for (std::size_t i = 0; i < left->elements().size(); ++i) {
    const Type* element = rule(context, left->elements()[i], right->elements()[i]);
    if (element == nullptr) return nullptr;
    elements.push_back(element);
  }
  return context.tuple(std::move(elements));
}

// What all rules agree on for two different types that are not both integral or both pointers.
const Type* combine_others(Context& context, const Type* left, const Type* right, Rule rule) {
  if (left->kind() != right->kind()) return nullptr;
  switch (left->kind()) {
    case TypeKind::String: return context.string(std::max(left->capacity(), right->capacity()));
    case TypeKind::Buffer: return context.buffer(std::max(left->capacity(), right->capacity()));
    case TypeKind::Tuple: return combine_tuples(context, left, right, rule);
    case TypeKind::Sum:
    case TypeKind::Min:
    case TypeKind::Max:
    case TypeKind::Average:
    case TypeKind::Stats: return left;  // The sign of the first stays.
    default: return nullptr;
  }
}

const Type* merge_integrals(Context& context, const Type* old, const Type* added) {
  if (old->is_integer() && added->is_integer() && old->bits() == added->bits()) return old;
  const Type* leader = old->is_integer() || !added->is_integer() ? old : added;
  return context.integer(64, as_integer(context, leader)->is_signed());
}

const Type* merge_with(Context& context, const Type* old, const Type* added, Rule rule) {
  if (old == nullptr || old == added) return added;
  if (old->is_integral() && added->is_integral()) return merge_integrals(context, old, added);
  if (old->is_pointer() && added->is_pointer()) return unify_pointers(context, old, added);
  return combine_others(context, old, added, rule);
}

}  // namespace

const Type* as_integer(Context& context, const Type* integral) {
  if (integral->is(TypeKind::Enum)) return context.integer(integral->bits(), integral->is_signed());
  if (integral->is(TypeKind::Bool)) return context.integer(32, true);
  return integral;
}

const Type* common_integer(Context& context, const Type* left, const Type* right) {
  const Type* a = as_integer(context, left);
  const Type* b = as_integer(context, right);
  if (a->bits() != b->bits()) return a->bits() > b->bits() ? a : b;
  return a->is_signed() ? b : a;
}

const Type* arithmetic_type(Context& context, const Type* left, const Type* right) {
  return context.integer(64, common_integer(context, left, right)->is_signed());
}

bool is_negative(const ast::IntegerLiteral& literal) {
  return !literal.text.empty() && literal.text.front() == '-';
}

const Type* literal_type(Context& context, const ast::IntegerLiteral& literal) {
  if (is_negative(literal)) return context.int64();
  return context.integer(64, literal.value <= static_cast<std::uint64_t>(INT64_MAX));
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

const Type* stored(Context& context, const Type* type) {
  return type->is_integer() ? context.integer(64, type->is_signed()) : type;
}

const Type* unify(Context& context, const Type* left, const Type* right) {
  if (left == right) return left;
  if (left->is_integral() && right->is_integral()) return arithmetic_type(context, left, right);
  if (left->is_pointer() && right->is_pointer()) {
    const Type* pointer = unify_pointers(context, left, right);
    return pointer != nullptr ? pointer : context.uint64();
  }
  const bool left_pointer = left->is_pointer() && right->is_integer();
  const bool right_pointer = right->is_pointer() && left->is_integer();
  if (left_pointer || right_pointer) return context.uint64();
  return combine_others(context, left, right, &unify);
}

const Type* merge(Context& context, const Type* old, const Type* added) {
  return merge_with(context, old, added, &merge);
}

const Type* merge_key(Context& context, const Type* old, const Type* added) {
  if (old != nullptr && old != added) {
    const bool numbers =
        (old->is_pointer() || old->is_integer()) && (added->is_pointer() || added->is_integer());
    if (numbers && (old->is_pointer() || added->is_pointer())) {
      const Type* pointer =
          old->is_pointer() && added->is_pointer() ? unify_pointers(context, old, added) : nullptr;
      return pointer != nullptr ? pointer : context.uint64();
    }
  }
  return merge_with(context, old, added, &merge_key);
}

}  // namespace sonde::sema
