// Names of numbers from tables in .rodata, and addresses that user space prints.
#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/convert.h"
#include "codegen/strings.h"
#include "plan/system_calls.h"

namespace sonde::codegen::function {
namespace {

// Error numbers of asm-generic/errno.h; the last one is EHWPOISON.
constexpr int kErrors = 134;

// The string number `argument` of a table; the last one for all numbers beyond it. Each takes what its type does.
Value table_entry(Function& f, const FunctionUse& use, const std::vector<std::string_view>& table) {
  const std::uint32_t width = use.call.type->size();
  std::string bytes;
  for (const std::string_view entry : table) {
    SONDE_CHECK(entry.size() < width);
    bytes += entry;
    bytes.resize((bytes.size() + width) / width * width);
  }
  const IrValue number = to_number(f, emit(f, *use.call.arguments[0]));
  const IrValue index = at_most(f, number, static_cast<std::uint32_t>(table.size()) - 1);
  const IrValue offset = f.ir.binary(Op::Mul, index, f.ir.i64(width));
  const Memory entry{f.ir.offset(f.module.literal(bytes), offset), 8};
  Value value = memory_value(use.call.type, entry);
  value.place.is_zero_filled = true;
  if (use.to == nullptr) return value;
  store(f, value, *use.to);
  return made_at(*use.to);
}

// The bytes of an address, behind one another at `to`.
void copy_address(Function& f, const Value& value, const Memory& to) {
  if (value.is_scalar()) {
    f.ir.store(f.ir.resize(value.scalar, 32, false), to.pointer, 4);
  } else {
    read(f, value.place, to);
  }
}

}  // namespace

Value emit_StrError(Function& f, const FunctionUse& use) {
  std::vector<std::string_view> table;
  for (int error = 0; error < kErrors; ++error) {
    const char* text = ::strerrordesc_np(error);  // Not translated.
    table.emplace_back(text != nullptr ? text : "Unknown error");
  }
  table.emplace_back("Unknown error");
  return table_entry(f, use, table);
}

Value emit_ErrnoName(Function& f, const FunctionUse& use) {
  std::vector<std::string_view> table(kErrors + 1);
  for (int error = 1; error < kErrors; ++error) {
    if (const char* name = ::strerrorname_np(error); name != nullptr)
      table[static_cast<std::size_t>(error)] = name;
  }
  return table_entry(f, use, table);
}

// As kill -l names them: the C library keeps the kernel's first two real-time signals, 32 and 33, to itself.
Value emit_SignalName(Function& f, const FunctionUse& use) {
  constexpr int kFirstRealTime = 34;
  constexpr int kSignals = 65;
  std::array<std::string, kSignals> names;
  for (int signal = 1; signal < kSignals; ++signal) {
    const int above = signal - kFirstRealTime;
    const char* name = above < 0 ? ::sigabbrev_np(signal) : nullptr;
    std::string& entry = names[static_cast<std::size_t>(signal)];
    if (name != nullptr) entry = std::string("SIG") + name;
    if (above >= 0) entry = above == 0 ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(above);
  }
  names.back() = "SIGRTMAX";
  std::vector<std::string_view> table(names.begin(), names.end());
  table.emplace_back();
  return table_entry(f, use, table);
}

Value emit_SyscallName(Function& f, const FunctionUse& use) {
  std::vector<std::string_view> table = plan::syscall_names(f.module.plan().target.arch);
  table.emplace_back();
  return table_entry(f, use, table);
}

Value emit_PToN(Function& f, const FunctionUse& use) {
  const auto text = constant_text(*use.call.arguments[0]);
  SONDE_CHECK(text.has_value());
  std::array<char, 16> bytes{};
  const int family = use.call.type->size() == bytes.size() ? AF_INET6 : AF_INET;
  SONDE_CHECK(::inet_pton(family, std::string(*text).c_str(), bytes.data()) == 1);
  const Memory memory{f.module.literal({bytes.data(), use.call.type->size()}), 8};
  const Value value = memory_value(use.call.type, memory);
  if (use.to == nullptr) return value;
  store(f, value, *use.to);
  return made_at(*use.to);
}

Value emit_NToP(Function& f, const FunctionUse& use) {
  ast::Expression& address = *use.call.arguments.back();
  const bool is_v6 = !address.type->is_integer() && address.type->size() == 16;
  const IrValue family = use.call.arguments.size() > 1
                             ? to_number(f, emit(f, *use.call.arguments[0]))
                             : f.ir.i64(is_v6 ? AF_INET6 : AF_INET);
  const Value value = emit(f, address);
  const Destination to = destination(f, use.to, use.call.type);
  zero(f, to.memory, to.type->size());
  f.ir.store(family, to.memory.pointer, to.memory.align);
  copy_address(f, value, at(f.ir, to.memory, sizeof(std::uint64_t)));
  return made_at(to);
}

Value emit_MacAddr(Function& f, const FunctionUse& use) {
  constexpr std::uint64_t kMacBytes = 6;
  const Value value = emit(f, *use.call.arguments[0]);
  const Destination to = destination(f, use.to, use.call.type);
  zero(f, to.memory, to.type->size());
  if (value.is_scalar()) {
    probe_read(f, space_of(f, *value.type), to.memory, f.ir.i64(kMacBytes), value.scalar);
  } else {
    read(f, value.place, to.memory);
  }
  return made_at(to);
}

Value emit_CgroupPath(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, to_number(f, emit(f, *use.call.arguments[0])));
}

}  // namespace sonde::codegen::function
