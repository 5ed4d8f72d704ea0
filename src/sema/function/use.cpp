#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sema/events.h"
#include "sema/function/function.h"
#include "sema/map_types.h"
#include "sema/operator_rules.h"
#include "sema/parameters.h"

namespace sonde::sema::function {

const Type* Use::wrong_type(std::size_t index, std::string expected, std::string hint) const {
  const ast::Expression& given = *call.arguments[index];
  session()
      .emit(kinds::ArgumentType, given.location, call.name, index + 1, std::move(expected),
            given.type != nullptr ? given.type->name() : "something else")
      .hint(std::move(hint));
  return nullptr;
}

const Type* Use::out_of_range(std::size_t index, std::string why, std::string hint) const {
  session()
      .emit(kinds::ArgumentRange, call.arguments[index]->location, call.name, index + 1,
            std::move(why))
      .hint(std::move(hint));
  return nullptr;
}

const Type* Use::integer(std::size_t index) const {
  const Type* type = checker.value(argument(index));
  if (type == nullptr || type->is_integral()) return type;
  const bool is_float = type->is(types::TypeKind::Float);
  return wrong_type(index, "an integer",
                    is_float             ? kFloatHint
                    : type->is_pointer() ? "cast it to (uint64)"
                                         : "");
}

std::optional<Constant> Use::constant(std::size_t index) const {
  if (checker.value(argument(index)) == nullptr) return std::nullopt;
  const std::optional<Constant> value = fold(index);
  if (!value) {
    session().emit(kinds::ArgumentNotLiteral, argument(index)->location, call.name, index + 1,
                   "integer");
  }
  return value;
}

std::optional<Constant> Use::fold(std::size_t index) const {
  ast::Expression*& slot_of = argument(index);
  const std::optional<Constant> value = constant_value(*slot_of);
  if (value && session().final_pass && slot_of->kind != ast::NodeKind::IntegerLiteral) {
    slot_of = make_literal(session(), *slot_of, *value);
  }
  return value;
}

std::optional<std::uint32_t> Use::length(std::size_t index, std::uint32_t limit) const {
  if (integer(index) == nullptr) return std::nullopt;
  const std::optional<Constant> known = fold(index);
  if (!known) return limit;
  if (known->negative() || known->bits == 0) {
    out_of_range(index, "the length must be at least 1");
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(known->bits, limit));
}

const ast::StringLiteral* Use::literal_string(std::size_t index) const {
  const Type* type = checker.value(argument(index));
  const auto* literal = ast::as<ast::StringLiteral>(argument(index));
  if (literal == nullptr && type != nullptr) {
    session().emit(kinds::ArgumentNotLiteral, argument(index)->location, call.name, index + 1,
                   "string");
  }
  return literal;
}

const Type* Use::text(std::size_t index) const {
  take_text(session(), argument(index));
  const Type* type = checker.value(argument(index));
  if (type == nullptr || type->is_string()) return type;
  const bool is_char_pointer =
      type->is_pointer() && type->element()->is_integer() && type->element()->bits() == 8;
  if (!is_char_pointer && !is_char_array(type))
    return wrong_type(index, "a string",
                      type->is_pointer() ? "str() reads the string that it points to" : "");
  const Location where = argument(index)->location;
  argument(index) = session().program.arena->make<ast::Call>(
      where, "str", where, std::vector<ast::Expression*>{argument(index)});
  return checker.value(argument(index));
}

std::optional<std::string> Use::known_text(std::size_t index) const {
  const Type* type = text(index);
  const ast::Expression* given = argument(index);
  const auto* call = ast::as<ast::Call>(given);
  if (call != nullptr && call->function != nullptr && call->arguments.size() == 1 &&
      call->function->is(builtins::kKeepsText)) {
    given = call->arguments[0];
  }
  if (const auto* literal = ast::as<ast::StringLiteral>(given)) return literal->value;
  if (type != nullptr) {
    session().emit(kinds::ArgumentNotLiteral, argument(index)->location, this->call.name, index + 1,
                   "string");
  }
  return std::nullopt;
}

MapFacts* Use::map(std::size_t index) const {
  auto* access = ast::as<ast::MapAccess>(argument(index));
  if (access == nullptr) {
    if (checker.value(argument(index)) != nullptr) wrong_type(index, "a map");
    return nullptr;
  }
  if (access->key != nullptr) {
    checker.value(access->key);
    session()
        .emit(kinds::ArgumentType, access->location, call.name, index + 1, "a whole map",
              "one of its values")
        .hint(count() > 1 && argument(1)->kind == ast::NodeKind::MapAccess
                  ? fmt::format("one call for each key: {}({}, key)", call.name, access->name)
                  : fmt::format("leave out the key: {}", access->name));
    return nullptr;
  }
  return whole_map(session(), *access);
}

bool Use::has_typed_arguments(std::string_view what) const {
  for (const builtins::ProbeKind* kind : checker.probe().kinds) {
    if (kind->has(builtins::kArgs)) continue;
    session()
        .emit(kinds::BuiltinNotHere, call.location, fmt::format("{}()", row.name),
              std::string(kind->name))
        .hint(fmt::format("{}rawtracepoint probes have {} in 'args'",
                          session().takes_fentry() ? "fentry, fexit and " : "", what));
    return false;
  }
  return true;
}

const Type* Use::send(plan::Action action) const {
  action.location = call.location;
  if (checker.probe().is_pinned() && action.kind != plan::ActionKind::Printf) {
    session().emit(kinds::PinnedOutput, call.location, call.name).hint("printf() does");
    return nullptr;
  }
  lay_out(action);
  const std::uint32_t ring_limit = session().options.settings.ring_bytes / 2;
  const std::uint32_t limit = std::min(kMaxRecord, ring_limit);
  if (action.size > limit) {
    session()
        .emit(kinds::TypeTooLarge, call.location, fmt::format("the event of this {}()", call.name),
              action.size, limit)
        .hint(limit < kMaxRecord ? "enlarge the ring buffer: config = { perf_rb_pages = 64 }" : "");
    return nullptr;
  }
  call.action = checker.add_action(std::move(action));
  return types().void_type();
}

}  // namespace sonde::sema::function
