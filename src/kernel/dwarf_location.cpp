// Where a parameter is at one instruction, as its debug information tells.
#include "kernel/dwarf_location.h"

#include <fmt/format.h>

#include <span>

#include "plan/machine.h"

namespace sonde::kernel {
namespace {

using Operations = std::span<const Dwarf_Op>;
using plan::ArgumentPlace;

constexpr std::uint64_t kFirstVector = 17;  // xmm0 on x86-64
constexpr std::uint64_t kFirstArm64Vector = 64;

// The expression that holds at `pc`, nothing if there is none.
Operations expression_at(const Dwarf_Die& die, unsigned attribute, std::uint64_t pc) {
  Dwarf_Die copy = die;
  Dwarf_Attribute found;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr_integrate(&copy, attribute, &found) == nullptr ||
      dwarf_getlocation_addr(&found, pc, &operations, &count, 1) <= 0)
    return {};
  return {operations, count};
}

std::optional<std::uint64_t> register_number(const Dwarf_Op& operation) {
  if (operation.atom >= DW_OP_reg0 && operation.atom <= DW_OP_reg31)
    return operation.atom - DW_OP_reg0;
  if (operation.atom == DW_OP_regx) return operation.number;
  return std::nullopt;
}

// A register and what is added to it.
std::optional<ArgumentPlace> based(plan::Arch arch, const Dwarf_Op& operation) {
  std::optional<std::uint32_t> base;
  std::uint64_t offset = operation.number;
  if (operation.atom >= DW_OP_breg0 && operation.atom <= DW_OP_breg31) {
    base = register_place(arch, operation.atom - DW_OP_breg0);
  } else if (operation.atom == DW_OP_bregx) {
    base = register_place(arch, operation.number);
    offset = operation.number2;
  }
  if (!base) return std::nullopt;
  return ArgumentPlace{{}, *base, static_cast<std::int64_t>(offset)};
}

// The canonical frame address: the stack pointer of the caller.
std::optional<ArgumentPlace> frame_address(const FunctionSite& site) {
  if (site.at_entry)
    return ArgumentPlace{{}, plan::stack_pointer(site.arch), plan::stack_skip(site.arch)};
  Dwarf_Frame* frame = nullptr;
  if (site.cfi == nullptr || dwarf_cfi_addrframe(site.cfi, site.pc, &frame) != 0)
    return std::nullopt;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  std::optional<ArgumentPlace> place;
  if (dwarf_frame_cfa(frame, &operations, &count) == 0 && count == 1)
    place = based(site.arch, operations[0]);
  std::free(frame);
  return place;
}

// What DW_OP_fbreg counts from.
std::optional<ArgumentPlace> frame_base(const FunctionSite& site) {
  const Operations operations = expression_at(site.function, DW_AT_frame_base, site.pc);
  if (operations.size() != 1) return std::nullopt;
  if (operations[0].atom == DW_OP_call_frame_cfa) return frame_address(site);
  // A frame pointer, which the function has not set up at its first instruction; the same holds of a stack pointer.
  if (site.at_entry) return std::nullopt;
  if (const auto number = register_number(operations[0])) {
    const auto base = register_place(site.arch, *number);
    return base ? std::optional(ArgumentPlace{{}, *base, 0}) : std::nullopt;
  }
  return based(site.arch, operations[0]);
}

// Registers that hold 8 bytes each, the last one perhaps fewer.
Located in_registers(const FunctionSite& site, Operations operations) {
  Located located;
  ArgumentPlace place;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto number = register_number(operations[i]);
    if (!number) return {std::nullopt, "it is spread over registers and memory"};
    const auto offset = register_place(site.arch, *number);
    if (!offset) {
      const std::uint64_t first =
          site.arch == plan::Arch::X86_64 ? kFirstVector : kFirstArm64Vector;
      return {std::nullopt, *number >= first
                                ? "it is in a floating-point register, which the kernel does not "
                                  "hand over"
                                : "it is in a register that the kernel does not hand over"};
    }
    place.registers.push_back(*offset);
    if (operations.size() == 1) break;
    const bool is_last = i + 2 >= operations.size();
    if (i + 1 == operations.size() || operations[i + 1].atom != DW_OP_piece ||
        (operations[i + 1].number != 8 && !is_last))
      return {std::nullopt, "it is spread over several registers"};
    ++i;
  }
  located.place = std::move(place);
  return located;
}

bool is_constant(Operations operations) {
  return operations.size() == 2 && operations[1].atom == DW_OP_stack_value &&
         operations[0].atom >= DW_OP_const1u && operations[0].atom <= DW_OP_consts;
}

bool is_literal(Operations operations) {
  return operations.size() == 2 && operations[1].atom == DW_OP_stack_value &&
         operations[0].atom >= DW_OP_lit0 && operations[0].atom <= DW_OP_lit31;
}

Located constant(std::uint64_t value) {
  return {std::nullopt, fmt::format("the compiler has put the constant {} in its place",
                                    static_cast<std::int64_t>(value))};
}

}  // namespace

bool is_behind_address(const FunctionSite& site, const Dwarf_Die& parameter) {
  const Operations operations = expression_at(parameter, DW_AT_location, site.pc);
  if (operations.size() == 2) return operations[1].atom == DW_OP_deref;
  if (operations.size() != 1) return false;
  const auto place = based(site.arch, operations[0]);
  return place && place->offset == 0 && is_argument_register(site.arch, place->base);
}

Located locate(const FunctionSite& site, const Dwarf_Die& parameter) {
  if (const auto value = number_of(parameter, DW_AT_const_value)) return constant(*value);
  const Operations operations = expression_at(parameter, DW_AT_location, site.pc);
  if (operations.empty()) return {std::nullopt, "it is not kept here: the code is optimized"};
  const Dwarf_Op& first = operations[0];
  if (register_number(first)) return in_registers(site, operations);
  if (is_literal(operations)) return constant(first.atom - DW_OP_lit0);
  if (is_constant(operations)) return constant(first.number);
  if (operations.size() == 1 && first.atom == DW_OP_fbreg) {
    auto base = frame_base(site);
    if (!base) return {std::nullopt, "the function's frame cannot be found here"};
    base->offset += static_cast<std::int64_t>(first.number);
    return {*base, {}};
  }
  if (operations.size() == 1) {
    if (auto place = based(site.arch, first)) return {*place, {}};
  }
  return {std::nullopt, "it has to be computed here: the code is optimized"};
}

}  // namespace sonde::kernel
