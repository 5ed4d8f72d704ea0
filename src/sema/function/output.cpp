// printf, exit, time, join: what is sent to user space.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sema/adapt.h"
#include "sema/function/format.h"
#include "sema/function/function.h"
#include "sema/parameters.h"

namespace sonde::sema::function {
namespace {

using types::FormatSpec;
using types::TypeKind;

// join() sends the first 16 strings, as bpftrace does.
constexpr std::size_t kMaxJoined = 16;
constexpr std::uint32_t kMaxJoinedBytes = 1024;

bool is_number(const Type* type) { return type->is_integral() || type->is_pointer(); }

bool is_text(const Type* type) {
  if (is_char_array(type) || type->is_wide_text()) return true;
  if (type->is_pointer() && type->element()->is_function()) return true;
  switch (type->kind()) {
    case TypeKind::String:
    case TypeKind::Enum:
    case TypeKind::Bool:
    case TypeKind::Float:
    case TypeKind::Timestamp:
    case TypeKind::KernelSymbol:
    case TypeKind::UserSymbol:
    case TypeKind::Username:
    case TypeKind::ProcessName:
    case TypeKind::CgroupPath:
    case TypeKind::Inet:
    case TypeKind::MacAddress:
    case TypeKind::KernelStack:
    case TypeKind::UserStack: return true;
    default: return false;
  }
}

bool is_integral(const Type* type) { return type->is_integral(); }
bool is_float(const Type* type) { return type->is(TypeKind::Float); }
bool is_buffer(const Type* type) { return type->is(TypeKind::Buffer); }

// What each conversion takes, in the order of FormatSpec::Conversion.
constexpr std::array<bool (*)(const Type*), 14> kTakes = {
    &is_number,    // Signed
    &is_number,    // Unsigned
    &is_number,    // Octal
    &is_number,    // Hex
    &is_integral,  // Character
    &is_number,    // Pointer
    &is_text,      // String
    &is_buffer,    // Raw
    &is_buffer,    // RawHex
    &is_buffer,    // RawSpaced
    &is_integral,  // GfpFlags
    &is_float,     // Fixed
    &is_float,     // Exponent
    &is_float,     // General
};

// arg0, retval: a register, which may hold anything.
bool is_register(const ast::Expression& node) {
  const auto* name = ast::as<ast::Identifier>(&node);
  return name != nullptr && name->variable != nullptr &&
         (name->variable->capability == builtins::kArgN ||
          name->variable->capability == builtins::kRetval);
}

std::string specifier_hint(const FormatSpec& spec, const ast::Expression& given) {
  const Type* type = given.type;
  if (spec.conversion == FormatSpec::Conversion::String) {
    if (type->is_integer() && is_register(given))
      return "if it points to a text, str() reads that; %d prints integers";
    if (type->is_pointer() && type->element()->is_integer())
      return "str() reads the string that it points to";
    if (type->is_integer()) return "%d prints integers";
  }
  if (type->is(TypeKind::Buffer)) return "%r prints buffers";
  if (type->is(TypeKind::Float)) return "%f, %e and %g print it";
  if (type->is_integer() && spec.conversion >= FormatSpec::Conversion::Fixed)
    return "%d prints integers";
  if (is_text(type)) return "%s prints it";
  if (type->is_tuple() || type->is(TypeKind::Array)) return "print() shows whole values";
  return {};
}

void check_argument(Use& use, std::size_t index, const FormatSpec& spec, const std::string& text) {
  const ast::Expression& given = *use.argument(index);
  if (given.type == nullptr || kTakes[static_cast<std::size_t>(spec.conversion)](given.type))
    return;
  use.session()
      .emit(kinds::FormatArgumentType, given.location,
            text.substr(spec.begin, spec.end - spec.begin), given.type->name())
      .hint(specifier_hint(spec, given));
}

void check_star(Use& use, std::size_t index) {
  const ast::Expression& given = *use.argument(index);
  if (given.type == nullptr || given.type->is_integer()) return;
  use.session().emit(kinds::FormatArgumentType, given.location, "*", given.type->name());
}

// Types of all values that follow the format string against the specifiers.
void check_pieces(Use& use, const std::string& text,
                  const std::vector<types::FormatPiece>& pieces) {
  std::size_t next = 1;
  for (const types::FormatPiece& piece : pieces) {
    if (!piece.spec) continue;
    if (piece.spec->star_width) check_star(use, next++);
    if (piece.spec->star_precision) check_star(use, next++);
    check_argument(use, next++, *piece.spec, text);
  }
}

// The place of the specifier that takes value number `index`.
Location specifier_of(const ast::StringLiteral& format,
                      const std::vector<types::FormatPiece>& pieces, std::size_t index) {
  std::size_t taken = 0;
  for (const types::FormatPiece& piece : pieces) {
    if (!piece.spec) continue;
    taken += 1U + (piece.spec->star_width ? 1 : 0) + (piece.spec->star_precision ? 1 : 0);
    if (taken > index) return format.part(piece.spec->begin, piece.spec->end);
  }
  return format.location;
}

// A positional parameter that %s prints is a string.
void take_parameters(Use& use) {
  const auto* format = ast::as<ast::StringLiteral>(use.argument(0));
  if (format == nullptr) return;
  const auto pieces = types::parse_format(format->value);
  if (!pieces) return;
  std::size_t next = 1;
  for (const types::FormatPiece& piece : *pieces) {
    if (!piece.spec) continue;
    next += (piece.spec->star_width ? 1 : 0) + (piece.spec->star_precision ? 1 : 0);
    if (next < use.count() && piece.spec->conversion == FormatSpec::Conversion::String)
      take_text(use.session(), use.argument(next));
    ++next;
  }
}

}  // namespace

bool is_script_text(const ast::Expression& expression) {
  if (const auto* choice = ast::as<ast::Ternary>(&expression))
    return choice->then_value != nullptr && is_script_text(*choice->then_value) &&
           is_script_text(*choice->else_value);
  return ast::as<ast::StringLiteral>(&expression) != nullptr;
}

std::optional<Formatted> check_format(Use& use) {
  take_parameters(use);
  Formatted call;
  call.format = use.literal_string(0);
  bool complete = call.format != nullptr;
  for (std::size_t i = 1; i < use.count(); ++i) {
    const Type* type = use.checker.copied(use.argument(i));
    complete = complete && type != nullptr;
    if (const auto* literal = ast::as<ast::IntegerLiteral>(use.argument(i))) {
      // A number without a width of its own prints as C's long would: "%x" of -1 has 16 digits.
      type = use.types().integer(64, literal_fits(*literal, use.types().int64()));
      adapt(use.types(), *use.argument(i), type);
    }
    call.types.push_back(type);
  }
  if (call.format == nullptr || !use.session().final_pass) return std::nullopt;
  const std::string& format = call.format->value;
  auto pieces = types::parse_format(format);
  if (!pieces) {
    const types::FormatError& error = pieces.error();
    use.session().emit(kinds::FormatSpecifier, call.format->part(error.begin, error.end),
                       escape(format.substr(error.begin, error.end - error.begin)),
                       escape(error.text));
    return std::nullopt;
  }
  const std::size_t wanted = types::argument_count(*pieces);
  if (wanted != use.count() - 1) {
    const std::size_t given = use.count() - 1;
    // The first value too many, or the first specifier without one.
    const Location where = given > wanted ? use.argument(wanted + 1)->location
                                          : specifier_of(*call.format, *pieces, given);
    use.session()
        .emit(kinds::FormatArgumentCount, where,
              wanted == 1 ? "1 value" : fmt::format("{} values", wanted),
              given == 1 ? "1 is" : fmt::format("{} are", given))
        .hint(given > wanted ? "each value needs a specifier, for example %d or %s"
                             : "each specifier takes a value behind the format string; a percent "
                               "sign itself is written '%%'");
    return std::nullopt;
  }
  check_pieces(use, format, *pieces);
  if (!complete) return std::nullopt;
  call.pieces = std::move(*pieces);
  return call;
}

namespace {

// What emit_seq_printf() of codegen can say to the kernel.
bool kernel_prints(const FormatSpec& spec, const Type* type) {
  using Conversion = FormatSpec::Conversion;
  if (spec.star_width || spec.star_precision || spec.precision) return false;
  const bool is_pointer = spec.conversion == Conversion::Pointer;
  if (spec.alternate && !is_pointer && spec.conversion != Conversion::Hex) return false;
  if ((spec.alternate || is_pointer) && spec.width) return false;  // Behind the "0x".
  switch (spec.conversion) {
    case Conversion::String: return type->is_string();
    case Conversion::Signed:
    case Conversion::Unsigned:
    case Conversion::Hex:
    case Conversion::Character:
    case Conversion::Pointer: return type->is_integral() || type->is_pointer();
    default: return false;
  }
}

void check_pinned(Use& use, const Formatted& call) {
  std::size_t next = 0;
  for (const types::FormatPiece& piece : call.pieces) {
    if (!piece.spec) continue;
    const FormatSpec& spec = *piece.spec;
    const bool is_fine = kernel_prints(spec, call.types[next]);
    next += 1 + (spec.star_width ? 1 : 0) + (spec.star_precision ? 1 : 0);
    if (is_fine) continue;
    use.session()
        .emit(kinds::PinnedFormat, use.argument(next)->location,
              call.format->value.substr(spec.begin, spec.end - spec.begin))
        .hint("it prints integers by %d, %u, %x, %c and %p and strings by %s, with a width");
  }
}

// What %gr prints is sent as flags, which user space names.
void take_flags(Use& use, Formatted& call) {
  std::size_t next = 0;
  for (const types::FormatPiece& piece : call.pieces) {
    if (!piece.spec) continue;
    next += (piece.spec->star_width ? 1 : 0) + (piece.spec->star_precision ? 1 : 0);
    if (piece.spec->conversion == FormatSpec::Conversion::GfpFlags) {
      ast::TypeName flags;
      flags.type = use.types().simple(TypeKind::GfpFlags);
      ast::Expression*& value = use.argument(next + 1);
      value = use.session().program.arena->make<ast::Cast>(value->location, flags, value);
      value->type = call.types[next] = flags.type;
    }
    ++next;
  }
}

// printf(), and what shares its arguments.
const Type* check_formatted(Use& use, plan::ActionKind kind) {
  std::optional<Formatted> call = check_format(use);
  if (!call) return use.types().void_type();
  if (use.checker.probe().is_pinned() && kind == plan::ActionKind::Printf) check_pinned(use, *call);
  take_flags(use, *call);
  plan::Action action;
  action.kind = kind;
  for (std::size_t i = 0; i < call->types.size(); ++i)
    action.fields.push_back({0, call->types[i], is_script_text(*use.argument(i + 1))});
  action.format = use.session().format_index(call->format->value, call->pieces);
  return use.send(std::move(action));
}

}  // namespace

const Type* check_Printf(Use& use) { return check_formatted(use, plan::ActionKind::Printf); }
const Type* check_System(Use& use) { return check_formatted(use, plan::ActionKind::System); }
const Type* check_Cat(Use& use) { return check_formatted(use, plan::ActionKind::Cat); }
const Type* check_Warnf(Use& use) { return check_formatted(use, plan::ActionKind::WarningMessage); }
const Type* check_Errorf(Use& use) { return check_formatted(use, plan::ActionKind::ErrorMessage); }

const Type* check_Exit(Use& use) {
  if (use.count() > 0) use.integer(0);
  plan::Action action;
  action.kind = plan::ActionKind::Exit;
  action.fields = {{0, use.types().int64()}};
  return use.send(std::move(action));
}

const Type* check_Unwatch(Use& use) {
  const Type* type = use.checker.value(use.argument(0));
  if (type != nullptr && !type->is_pointer() && !type->is_integral()) {
    use.wrong_type(0, "an address");
    return use.types().void_type();
  }
  plan::Action action;
  action.kind = plan::ActionKind::Unwatch;
  action.fields = {{0, use.types().uint64()}};
  return use.send(std::move(action));
}

const Type* check_Time(Use& use) {
  std::string format = "%H:%M:%S\n";
  if (use.count() > 0) {
    const ast::StringLiteral* given = use.literal_string(0);
    if (given == nullptr) return use.types().void_type();
    format = given->value;
  }
  plan::Action action;
  action.kind = plan::ActionKind::Time;
  action.format = use.session().format_index(format, {});
  return use.send(std::move(action));
}

const Type* check_Join(Use& use) {
  const Type* none = use.types().void_type();
  const Type* type = use.checker.value(use.argument(0));
  plan::Action action;
  action.kind = plan::ActionKind::Join;
  action.text = " ";
  if (use.count() > 1) {
    const ast::StringLiteral* separator = use.literal_string(1);
    if (separator == nullptr) return none;
    action.text = separator->value;
  }
  if (type == nullptr) return none;
  const bool strings = type->is_pointer() && type->element()->is_pointer();
  if (!strings && !type->is_integer()) {
    use.wrong_type(0, "an array of strings (char **)");
    return none;
  }
  const std::uint32_t bytes = std::min(use.session().options.settings.max_strlen, kMaxJoinedBytes);
  action.fields.push_back({0, use.types().uint64()});
  action.fields.insert(action.fields.end(), kMaxJoined, {0, use.types().string(bytes, true)});
  return use.send(std::move(action));
}

}  // namespace sonde::sema::function
