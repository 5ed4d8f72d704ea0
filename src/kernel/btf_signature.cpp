// Signatures of functions and raw tracepoints from BTF.
#include <fmt/format.h>

#include "kernel/btf_text.h"
#include "kernel/btf_types.h"
#include "kernel/records.h"

namespace sonde::kernel {
namespace {

using types::Record;

// A trampoline hands over arguments of two registers at most (struct arguments since 6.1).
constexpr std::uint32_t kSlot = 8;
constexpr std::uint32_t kMaxArgument = 2 * kSlot;

// A function that the kernel generates for each tracepoint. Its parameters have the names that the typedef lacks.
std::uint32_t named_prototype(const Btf& btf, std::string_view tracepoint,
                              std::uint32_t parameters) {
  // __probestub_ since 6.4, __traceiter_ since 5.10.
  for (const std::string_view prefix : {"__probestub_", "__traceiter_", "__bpf_trace_"}) {
    const std::uint32_t id =
        btf.function_prototype(fmt::format("{}{}", prefix, tracepoint)).value_or(0);
    const auto entry = btf.entry(id);
    if (entry && entry->is(BtfKind::FunctionProto) && entry->count() == parameters &&
        !btf.string(entry->parameter(parameters - 1).name).empty()) {
      return id;
    }
  }
  return 0;
}

}  // namespace

std::optional<Signature> BtfTypes::function(std::string_view name) {
  const auto prototype = btf_.function_prototype(name);
  if (!prototype) return std::nullopt;
  return make_signature(name, *prototype, 0, *prototype);
}

std::optional<Signature> BtfTypes::raw_tracepoint(std::string_view name) {
  const auto alias = btf_.find(fmt::format("btf_trace_{}", name), kind_bit(BtfKind::Typedef));
  if (!alias) return std::nullopt;
  const auto pointer = btf_.entry(strip_modifiers(btf_, alias->type()));
  if (!pointer || !pointer->is(BtfKind::Pointer)) return std::nullopt;
  const auto prototype = btf_.entry(pointer->type());
  if (!prototype || !prototype->is(BtfKind::FunctionProto)) return std::nullopt;
  std::uint32_t names = prototype->id();
  const std::uint32_t count = prototype->count();
  if (count > 1 && btf_.string(prototype->parameter(count - 1).name).empty()) {
    names = named_prototype(btf_, name, count);
  }
  // The first parameter, `void *__data`, does not reach the program.
  return make_signature(name, prototype->id(), 1, names);
}

std::optional<Signature> BtfTypes::make_signature(std::string_view name, std::uint32_t prototype,
                                                  std::uint32_t skip, std::uint32_t names) {
  const auto entry = btf_.entry(prototype);
  if (!entry || !entry->is(BtfKind::FunctionProto)) return std::nullopt;
  const auto named = btf_.entry(names);
  Record args = named_record(name, Record::Keyword::Arguments);
  for (std::uint32_t i = skip; i < entry->count(); ++i) {
    const std::uint32_t id = entry->parameter(i).type;
    if (id == 0) break;  // "...": the last one.
    types::Field field{.type = type(id), .offset = args.size, .c_type = c_text(btf_, id)};
    if (named) field.name = btf_.string(named->parameter(i).name);
    if (field.name.empty()) field.name = fmt::format("arg{}", i - skip);
    const std::uint32_t size = field.type->size();
    if (size == 0 || size > kMaxArgument) return std::nullopt;
    args.size += (size + kSlot - 1) / kSlot * kSlot;
    args.fields.push_back(std::move(field));
  }
  const types::Type* result = type(entry->type());
  return Signature{types_.new_record(std::move(args)), result->is_void() ? nullptr : result, {}};
}

}  // namespace sonde::kernel
