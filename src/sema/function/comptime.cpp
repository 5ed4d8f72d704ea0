// Questions that are answered while compiling, and assertions.
#include <algorithm>
#include <string>
#include <utility>

#include "sema/comptime.h"
#include "sema/function/format.h"
#include "sema/function/function.h"
#include "sema/programs.h"

namespace sonde::sema::function {
namespace {

using types::FormatSpec;
using types::TypeKind;

// The type of an argument that is asked about; it is not evaluated. Null while it is not known.
const Type* asked(Use& use) {
  use.call.decided.reset();
  return use.checker.place(use.argument(0));
}

const Type* decide(Use& use, bool answer) {
  use.call.decided = answer;
  settle(use.session(), use.slot, answer);
  return use.types().bool_type();
}

using Question = bool (*)(const Type*);

const Type* decide_by_type(Use& use, Question question) {
  const Type* type = asked(use);
  return type != nullptr ? decide(use, question(type)) : nullptr;
}

void pad(std::string& out, std::string text, const FormatSpec& spec) {
  const std::size_t width = spec.width.value_or(0);
  const std::size_t padding = width > text.size() ? width - text.size() : 0;
  if (!spec.left) out.append(padding, spec.zero && text.front() != '-' ? '0' : ' ');
  out += text;
  if (spec.left) out.append(padding, ' ');
}

std::string number(const Constant& value, const FormatSpec& spec) {
  switch (spec.conversion) {
    case FormatSpec::Conversion::Signed: return fmt::format("{}", value.value());
    case FormatSpec::Conversion::Octal: return fmt::format("{:o}", value.bits);
    case FormatSpec::Conversion::Hex:
      return spec.upper ? fmt::format("{:X}", value.bits) : fmt::format("{:x}", value.bits);
    case FormatSpec::Conversion::Character: return {static_cast<char>(value.bits & 0xff)};
    case FormatSpec::Conversion::Pointer: return fmt::format("0x{:x}", value.bits);
    default: return fmt::format("{}", value.bits);
  }
}

// One value as text; nullopt if it is not known while compiling.
std::optional<std::string> literal_text(const ast::Expression& value, const FormatSpec& spec) {
  if (const auto* text = ast::as<ast::StringLiteral>(&value)) return text->value;
  const std::optional<Constant> known = constant_value(value);
  if (!known) return std::nullopt;
  if (spec.conversion != FormatSpec::Conversion::String) return number(*known, spec);
  if (value.type->is(TypeKind::Bool)) return known->bits != 0 ? "true" : "false";
  if (value.type->is(TypeKind::Enum))
    return std::string(value.type->enumeration()->name_of(known->bits));
  return number(*known, {});
}

const Type* not_literal(Use& use, std::size_t index, std::string wanted, std::string hint) {
  use.session()
      .emit(kinds::ArgumentNotLiteral, use.argument(index)->location, use.call.name, index + 1,
            std::move(wanted))
      .hint(std::move(hint));
  return use.types().void_type();
}

plan::Action message(Use& use, const std::string& text) {
  plan::Action action;
  action.kind = plan::ActionKind::ErrorMessage;
  action.format = use.session().format_index(text, {{text, std::nullopt}});
  return action;
}

}  // namespace

const Type* check_IsLiteral(Use& use) {
  if (asked(use) == nullptr) return nullptr;
  const ast::NodeKind kind = use.argument(0)->kind;
  return decide(use, kind == ast::NodeKind::IntegerLiteral || kind == ast::NodeKind::BoolLiteral ||
                         kind == ast::NodeKind::StringLiteral);
}

const Type* check_IsStr(Use& use) {
  return decide_by_type(use, [](const Type* type) { return type->is_string(); });
}
const Type* check_KFuncExist(Use& use) {
  const ast::StringLiteral* name = use.literal_string(0);
  if (name == nullptr) return nullptr;
  const auto& has = use.session().host.kernel_function;
  return decide(use, has && has(name->value));
}
const Type* check_KFuncAllowed(Use& use) {
  const ast::StringLiteral* name = use.literal_string(0);
  if (name == nullptr) return nullptr;
  const auto& allowed = use.session().host.kernel_call_allowed;
  const std::vector<plan::BpfProgram> programs = bare_programs(use.session(), use.checker.probe());
  return decide(use, allowed && !programs.empty() &&
                         std::ranges::all_of(programs, [&](const plan::BpfProgram& program) {
                           return allowed(program, name->value);
                         }));
}
const Type* check_IsInteger(Use& use) {
  return decide_by_type(
      use, [](const Type* type) { return type->is_integer() || type->is(TypeKind::Enum); });
}
const Type* check_IsUnsignedInteger(Use& use) {
  return decide_by_type(use, [](const Type* type) {
    return (type->is_integer() || type->is(TypeKind::Enum)) && !type->is_signed();
  });
}
const Type* check_IsPtr(Use& use) {
  return decide_by_type(use, [](const Type* type) { return type->is_pointer(); });
}
const Type* check_IsArray(Use& use) {
  return decide_by_type(use, [](const Type* type) { return type->is(TypeKind::Array); });
}

// Strings and what is read as one: arrays of and pointers to char.
const Type* check_AssertStr(Use& use) {
  const Type* type = use.checker.place(use.argument(0));
  const Type* none = use.types().void_type();
  if (type == nullptr || type->is_string()) return none;
  const bool has_element = type->is_pointer() || type->is(TypeKind::Array);
  if (has_element && type->element()->is_integer() && type->element()->bits() == 8) return none;
  use.wrong_type(0, "a string", type->is_integer() ? "str() reads the string at an address" : "");
  return none;
}

const Type* check_StaticAssert(Use& use) {
  const Type* none = use.types().void_type();
  use.checker.condition(use.argument(0));
  const ast::StringLiteral* text = use.literal_string(1);
  ast::Expression& claim = *use.argument(0);
  if (!use.session().final_pass || text == nullptr || claim.type == nullptr) return none;
  const std::optional<Constant> known = constant_value(claim);
  if (!known) return not_literal(use, 0, "condition", "assert() checks it while the script runs");
  if (known->bits == 0) use.session().emit(kinds::StaticAssertion, use.call.location, text->value);
  return none;
}

// Two events, the message and the exit, in this order.
const Type* check_Assert(Use& use) {
  use.checker.condition(use.argument(0));
  std::string text = "assertion failed";
  if (use.count() > 1) {
    const ast::StringLiteral* given = use.literal_string(1);
    if (given == nullptr) return use.types().void_type();
    text = given->value;
  }
  const Type* result = use.send(message(use, text));
  if (result == nullptr) return result;
  const int first = use.call.action;
  plan::Action action;
  action.kind = plan::ActionKind::Exit;
  action.fields = {{0, use.types().int64()}};
  use.send(std::move(action));
  use.call.action = first;
  return result;
}

const Type* check_Fail(Use& use) {
  const Type* none = use.types().void_type();
  const std::optional<Formatted> call = check_format(use);
  if (!call) return none;
  std::string out;
  std::size_t next = 1;
  for (const types::FormatPiece& piece : call->pieces) {
    out += piece.literal;
    if (!piece.spec) continue;
    if (piece.spec->star_width || piece.spec->star_precision) ++next;
    if (next >= use.count()) break;
    std::optional<std::string> text = literal_text(*use.argument(next), *piece.spec);
    if (!text) return not_literal(use, next, "value", "it must be known while compiling");
    pad(out, std::move(*text), *piece.spec);
    ++next;
  }
  use.session().emit(kinds::ScriptFailure, use.call.location, out);
  return none;
}

}  // namespace sonde::sema::function
