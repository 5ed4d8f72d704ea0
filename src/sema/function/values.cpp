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
  return address(use, 0) != nullptr ? use.types().simple(TypeKind::UserSymbol) : nullptr;
}

// The address does not change while the kernel runs: it becomes a literal.
const Type* check_KAddr(Use& use) {
  const ast::StringLiteral* name = use.literal_string(0);
  if (name == nullptr) return nullptr;
  const auto& symbol = use.session().host.kernel_symbol;
  const std::optional<std::uint64_t> found = symbol ? symbol(name->value) : std::nullopt;
  if (!found) {
    return use.out_of_range(0, fmt::format("the kernel has no symbol '{}'", name->value),
                            "see /proc/kallsyms; it hides addresses from users without CAP_SYSLOG");
  }
  use.slot = make_literal(use.session(), use.call, {*found, false});
  return use.slot->type;
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
