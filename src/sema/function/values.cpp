// Functions that make a value: strings, buffers, symbols, addresses, timestamps.
#include <algorithm>

#include "base/text.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::TypeKind;

const Type* address(Use& use, std::size_t index) {
  const Type* type = use.checker.value(use.argument(index));
  if (type == nullptr || type->is_integer() || type->is_pointer()) return type;
  return use.wrong_type(index, "an address");
}

// Of a symbol of the kernel; nullopt after a report.
std::optional<std::uint64_t> kernel_symbol(const Use& use, const std::string& name) {
  const auto& symbol = use.session().host.kernel_symbol;
  const std::optional<std::uint64_t> found = symbol ? symbol(name) : std::nullopt;
  if (!found)
    use.out_of_range(0, fmt::format("the kernel has no symbol '{}'", name),
                     "see /proc/kallsyms; it hides addresses from users without CAP_SYSLOG");
  return found;
}

}  // namespace

const Type* check_Buf(Use& use) {
  const std::uint32_t longest = use.session().options.settings.max_strlen;
  ast::Expression*& data = use.argument(0);
  const Type* type = use.checker.place(data);
  if (type == nullptr) return nullptr;
  const bool sized = type->is(TypeKind::Array) || type->is_string();
  if (!sized && !type->is_integer() && !type->is_pointer())
    return use.wrong_type(0, "an address or an array");
  if (use.count() > 1) {
    const std::optional<std::uint32_t> bytes = use.length(1, longest);
    return bytes ? use.types().buffer(*bytes) : nullptr;
  }
  if (!sized || type->size() == 0) {
    use.session()
        .emit(kinds::ArgumentCount, use.call.location, use.call.name,
              "2 arguments (only an array needs no length)", use.count())
        .hint(std::string(use.row.signature));
    return nullptr;
  }
  return use.types().buffer(std::min(type->size(), longest));
}

const Type* check_KSym(Use& use) {
  return address(use, 0) != nullptr ? use.types().simple(TypeKind::KernelSymbol) : nullptr;
}
const Type* check_USym(Use& use) {
  if (address(use, 0) == nullptr) return nullptr;
  use.session().names_user_code();
  return use.types().simple(TypeKind::UserSymbol);
}

// The address does not change while the kernel runs: it becomes a literal.
const Type* check_KAddr(Use& use) {
  const ast::StringLiteral* name = use.literal_string(0);
  if (name == nullptr) return nullptr;
  const auto found = kernel_symbol(use, name->value);
  if (!found) return nullptr;
  use.slot = make_literal(use.session(), use.call, {*found, false});
  return use.slot->type;
}

// Where the program is loaded is known when the probe runs; each place notes how far the symbol is from it.
const Type* check_UAddr(Use& use) {
  const ast::StringLiteral* name = use.literal_string(0);
  if (name == nullptr) return nullptr;
  const auto& lookup = use.session().host.program_symbol;
  std::optional<std::uint64_t> size;
  for (plan::AttachPoint& point : use.checker.probe().resolved->attach_points) {
    if (point.kind == nullptr) continue;
    if (!point.kind->has(builtins::kUserSpace)) {
      use.session()
          .emit(kinds::BuiltinNotHere, use.call.location, "uaddr()", std::string(point.kind->name))
          .hint("it looks into the program of a uprobe, uretprobe or usdt probe");
      return nullptr;
    }
    const auto found = lookup ? lookup(point, name->value) : std::nullopt;
    if (!found) {
      return use.out_of_range(0, fmt::format("{} has no symbol '{}'", point.target, name->value),
                              "nm and nm -D list the symbols of a program");
    }
    point.symbols.insert_or_assign(name->value, *found);
    size = size.value_or(found->size) == found->size ? found->size : 0;
  }
  const bool is_width = size == 1 || size == 2 || size == 4;
  const auto bits = static_cast<std::uint32_t>(is_width ? *size * 8 : 64);
  return use.types().pointer(use.types().integer(bits, false), types::AddressSpace::User);
}

// The name becomes what codegen needs: (address of the variable, address of the kernel's table of distances).
const Type* check_PerCpuKAddr(Use& use) {
  const Type* result = use.types().pointer(use.types().uint64(), types::AddressSpace::Kernel);
  if (use.count() > 1 && use.integer(1) == nullptr) return nullptr;
  if (use.argument(0)->kind == ast::NodeKind::Tuple) return result;
  const ast::StringLiteral* name = use.literal_string(0);
  if (name == nullptr) return nullptr;
  const auto variable = kernel_symbol(use, name->value);
  const auto table = variable ? kernel_symbol(use, "__per_cpu_offset") : std::nullopt;
  if (!table) return nullptr;
  ast::Expression*& slot = use.argument(0);
  const Location where = slot->location;
  std::vector<ast::Expression*> addresses{make_literal(use.session(), *slot, {*variable, false}),
                                          make_literal(use.session(), *slot, {*table, false})};
  slot = use.session().program.arena->make<ast::Tuple>(where, std::move(addresses));
  return result;
}

// Resolve has put a value in its place: only a call in the reach of an earlier error is left.
const Type* check_GetOpt(Use&) { return nullptr; }

const Type* check_StrFTime(Use& use) {
  const ast::StringLiteral* format = use.literal_string(0);
  const Type* time = use.integer(1);
  if (format == nullptr || time == nullptr) return nullptr;
  const int index = use.session().format_index(format->value, {});
  return use.types().timestamp(static_cast<std::uint32_t>(index));
}

}  // namespace sonde::sema::function
