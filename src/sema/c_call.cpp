// Calls of functions of imported C files: arguments are what C would take, but a pointer is never made of a number silently.
#include <fmt/format.h>

#include <algorithm>

#include "plan/c_object.h"
#include "sema/adapt.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/parameters.h"

namespace sonde::sema {
namespace {

// Whether a C compiler would take one for the other: the same struct by name, numbers of one size.
bool same_target(const Type& wanted, const Type& given) {
  if (wanted.is_void() || given.is_void() || &wanted == &given) return true;
  if (wanted.is_record() && given.is_record()) {
    const types::Record& a = *wanted.record();
    const types::Record& b = *given.record();
    return a.keyword == b.keyword && a.name == b.name && !a.name.empty();
  }
  if (wanted.is_integral() && given.is_integral()) return wanted.bits() == given.bits();
  if (wanted.is_pointer() && given.is_pointer())
    return same_target(*wanted.element(), *given.element());
  return wanted.kind() == given.kind() && wanted.size() == given.size();
}

bool is_bytes(const Type& type) {
  return type.is_void() || (type.is_integral() && type.bits() == 8);
}

bool fits(const Constant& value, const Type& type) {
  const std::uint32_t bits = type.bits();
  if (bits >= 64 || type.is(types::TypeKind::Bool)) return true;
  if (value.negative()) return value.value() >= -(std::int64_t{1} << (bits - 1));
  return value.bits >> bits == 0;
}

std::string count_text(std::size_t count) {
  return count == 0 ? "no arguments" : fmt::format("{} argument{}", count, count == 1 ? "" : "s");
}

}  // namespace

const plan::CFunction* Session::find_c_function(std::string_view name) const {
  for (const plan::CObject* object : host.c_objects) {
    for (const plan::CFunction& function : object->functions) {
      if (function.name == name) return &function;
    }
  }
  return nullptr;
}

bool Checker::c_argument(const ast::Call& node, std::size_t index, ast::Expression*& slot,
                         const plan::CFunction& function) {
  const Type* wanted = function.parameters[index];
  const bool takes_bytes = wanted->is_pointer() && is_bytes(*wanted->element());
  if (takes_bytes) take_text(session_, slot);
  const Type* given = value(slot);
  if (given == nullptr) return false;
  const auto wrong = [&](std::string hint) {
    const bool is_text = takes_bytes && !wanted->element()->is_void();
    session_
        .emit(kinds::ArgumentType, slot->location, node.name, index + 1,
              is_text ? "a string" : fmt::format("'{}'", wanted->name()), given->name())
        .hint(std::move(hint))
        .hint(function.declaration);
    return false;
  };
  const std::optional<Constant> known = constant_value(*slot);
  if (wanted->is_pointer()) {
    if (given->is_pointer() && same_target(*wanted->element(), *given->element())) return true;
    if (given->is_string() && takes_bytes) return true;
    if (given->is_integral() && known && known->bits == 0) return true;
    const bool may_cast = given->is_pointer() || given->is_integral();
    return wrong(may_cast ? fmt::format("cast it: ({})...", wanted->name()) : "");
  }
  if (!given->is_integral()) return wrong(given->is_pointer() ? "cast it: (uint64)..." : "");
  if (known && !fits(*known, *wanted)) {
    session_
        .emit(kinds::ArgumentRange, slot->location, node.name, index + 1,
              fmt::format("it does not fit into '{}'", wanted->name()))
        .hint(function.declaration);
    return false;
  }
  adapt(session_.types, *slot, wanted);
  return true;
}

const Type* Checker::c_call(ast::Call& node, const plan::CFunction& function) {
  node.c_function = &function;
  if (!function.obstacle.empty()) {
    session_.emit(kinds::CFunctionUnusable, node.name_location, node.name, function.obstacle)
        .hint(function.declaration);
    return nullptr;
  }
  const std::size_t count = node.arguments.size();
  if (count != function.parameters.size()) {
    session_
        .emit(kinds::ArgumentCount, node.location, node.name,
              count_text(function.parameters.size()), count)
        .hint(function.declaration);
    return nullptr;
  }
  bool is_right = true;
  for (std::size_t i = 0; i < count; ++i)
    is_right &= c_argument(node, i, node.arguments[i], function);
  if (!is_right) return nullptr;
  // They may call one another: all or none are linked.
  if (session_.final_pass) session_.plan.c_objects = session_.host.c_objects;
  return function.result;
}

}  // namespace sonde::sema
