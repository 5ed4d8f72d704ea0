#include "kernel/dwarf_convention.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "plan/machine.h"

namespace sonde::kernel {
namespace {

using plan::Arch;

// By DWARF number: the System V ABI for x86-64, figure 3.36.
constexpr std::string_view kX86Registers[] = {"ax", "dx", "cx",  "bx",  "si",  "di",  "bp",  "sp",
                                              "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
constexpr std::string_view kX86Results[] = {"ax", "dx"};
constexpr std::uint32_t kVectorArguments = 8;  // xmm0 to xmm7

std::uint32_t place_of(Arch arch, std::string_view name) {
  return plan::register_offset(arch, name).value_or(0);
}

// How eight bytes of a value are passed.
enum class Class : std::uint8_t { None, Integer, Vector, Memory };

struct Classes {
  Class words[2] = {Class::None, Class::None};
  [[nodiscard]] bool in_memory() const { return words[0] == Class::Memory; }
  [[nodiscard]] std::size_t count(Class wanted) const {
    return static_cast<std::size_t>(std::count(std::begin(words), std::end(words), wanted));
  }
  void memory() { words[0] = words[1] = Class::Memory; }
  // An integer in the same eight bytes decides.
  void add(std::uint64_t offset, std::uint64_t size, Class kind) {
    if (in_memory() || size == 0) return;
    for (std::uint64_t i = offset / 8; i <= (offset + size - 1) / 8; ++i) {
      if (i > 1) return memory();
      if (words[i] != Class::Integer) words[i] = kind;
    }
  }
};

void classify(const std::optional<Dwarf_Die>& type, std::uint64_t offset, int depth, Classes& out);

void classify_base(const Dwarf_Die& type, std::uint64_t offset, std::uint64_t size, Classes& out) {
  const std::uint64_t encoding = number_of(type, DW_AT_encoding).value_or(DW_ATE_unsigned);
  const bool is_complex = encoding == DW_ATE_complex_float;
  const bool is_float = encoding == DW_ATE_float || encoding == DW_ATE_imaginary_float;
  if (!is_complex && !is_float) return out.add(offset, size, Class::Integer);
  // `long double` and the complex of it have registers that C passes nothing in.
  const std::uint64_t part = is_complex ? size / 2 : size;
  if (part > 8) return out.memory();
  out.add(offset, size, Class::Vector);
}

void classify_members(const Dwarf_Die& type, std::uint64_t offset, int depth, Classes& out) {
  each_child(type, [&](const Dwarf_Die& child) {
    if (tag_of(child) != DW_TAG_inheritance && !is_data_member(child)) return false;
    const auto bytes = member_offset(child);
    if (number_of(child, DW_AT_bit_size)) {
      // A bit field lies in whole words of integers.
      const auto bits = number_of(child, DW_AT_data_bit_offset);
      out.add(offset + (bits ? *bits / 8 : bytes.value_or(0)), 1, Class::Integer);
    } else if (bytes) {
      classify(type_of(child), offset + *bytes, depth + 1, out);
    } else {
      out.memory();
    }
    return out.in_memory();
  });
}

void classify_array(const Dwarf_Die& type, std::uint64_t offset, int depth, Classes& out) {
  const auto element = type_of(type);
  const std::uint64_t size = element ? size_of_type(*element) : 0;
  const std::uint64_t whole = size_of_type(type);
  if (size == 0 || whole > 16) return;
  for (std::uint64_t at = 0; at + size <= whole; at += size)
    classify(element, offset + at, depth + 1, out);
}

void classify(const std::optional<Dwarf_Die>& type, std::uint64_t offset, int depth, Classes& out) {
  const auto plain = strip_qualifiers(type);
  if (!plain || depth > kMaxDieDepth || offset >= 16) return out.memory();
  const std::uint64_t size = size_of_type(*plain);
  const int tag = tag_of(*plain);
  // A packed member: what crosses its natural places goes through memory.
  const bool is_scalar =
      tag == DW_TAG_base_type || tag == DW_TAG_enumeration_type || tag == DW_TAG_pointer_type;
  if (is_scalar && size != 0 && offset % std::min<std::uint64_t>(size, 8) != 0) return out.memory();
  switch (tag) {
    case DW_TAG_base_type: return classify_base(*plain, offset, size, out);
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
    case DW_TAG_interface_type: return classify_members(*plain, offset, depth, out);
    case DW_TAG_array_type: return classify_array(*plain, offset, depth, out);
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type: return out.add(offset, 8, Class::Integer);
    default: return out.add(offset, size == 0 ? 8 : size, Class::Integer);
  }
}

Classes classes_of(const Dwarf_Die& type, std::uint64_t size) {
  Classes classes;
  if (size > 16) {
    classes.memory();
  } else {
    classify(type, 0, 0, classes);
  }
  return classes;
}

// A constructor that copies or moves, or a destructor, that somebody has written.
bool is_written_copier(const Dwarf_Die& type, const Dwarf_Die& function) {
  if (tag_of(function) != DW_TAG_subprogram || has_flag(function, DW_AT_artificial) ||
      number_of(function, DW_AT_defaulted).value_or(DW_DEFAULTED_no) == DW_DEFAULTED_in_class)
    return false;
  if (name_of(function).starts_with('~')) return true;
  if (name_of(function) != name_of(type)) return false;
  std::size_t index = 0;
  return each_child(function, [&](const Dwarf_Die& parameter) {
    if (tag_of(parameter) != DW_TAG_formal_parameter || index++ != 1) return false;
    const auto reference = type_of(parameter);
    if (!reference || (tag_of(*reference) != DW_TAG_reference_type &&
                       tag_of(*reference) != DW_TAG_rvalue_reference_type))
      return false;
    const auto copied = strip_qualifiers(type_of(*reference));
    return copied && copied->addr == type.addr;
  });
}

// A C++ object that has to be copied by its constructor: the address of the copy is passed. clang says so, gcc does not.
bool is_passed_by_reference(const std::optional<Dwarf_Die>& type, int depth = 0) {
  const auto plain = strip_qualifiers(type);
  if (!plain || depth > kMaxDieDepth) return false;
  if (tag_of(*plain) != DW_TAG_structure_type && tag_of(*plain) != DW_TAG_class_type) return false;
  if (const auto told = number_of(*plain, DW_AT_calling_convention)) {
    if (*told == DW_CC_pass_by_reference) return true;
    if (*told == DW_CC_pass_by_value) return false;
  }
  return each_child(*plain, [&](const Dwarf_Die& child) {
    if (tag_of(child) == DW_TAG_inheritance || is_data_member(child)) {
      const bool is_virtual = name_of(child).starts_with("_vptr");
      return is_virtual || is_passed_by_reference(type_of(child), depth + 1);
    }
    return is_written_copier(*plain, child);
  });
}

// 16 or 8: no argument on the stack is aligned to less.
std::uint64_t stack_alignment(const std::optional<Dwarf_Die>& type, int depth) {
  const auto plain = strip_qualifiers(type);
  if (!plain || depth > kMaxDieDepth) return 8;
  if (number_of(*plain, DW_AT_alignment).value_or(0) > 8) return 16;
  const int tag = tag_of(*plain);
  if (tag == DW_TAG_base_type) return size_of_type(*plain) >= 16 ? 16 : 8;
  if (tag == DW_TAG_array_type) return stack_alignment(type_of(*plain), depth + 1);
  if (tag == DW_TAG_pointer_type) return 8;
  const bool is_wide = each_child(*plain, [&](const Dwarf_Die& child) {
    return is_data_member(child) && stack_alignment(type_of(child), depth + 1) == 16;
  });
  return is_wide ? 16 : 8;
}

constexpr const char* kInVector =
    "it is passed in a floating-point register, which the kernel does not hand over";
constexpr const char* kOtherMachine =
    "its place is not known: on this machine only optimized code tells it";

}  // namespace

std::optional<std::uint32_t> register_place(Arch arch, std::uint64_t number) {
  if (arch == Arch::X86_64) {
    if (number >= std::size(kX86Registers)) return std::nullopt;
    return place_of(arch, kX86Registers[number]);
  }
  if (number == 31) return place_of(arch, "sp");
  return plan::register_offset(arch, fmt::format("r{}", number));
}

bool is_argument_register(Arch arch, std::uint32_t place) {
  const auto registers = plan::argument_registers(arch);
  return std::ranges::find(registers, place) != registers.end();
}

Convention::Convention(Arch arch, const std::optional<Dwarf_Die>& result) : arch_(arch) {
  if (!result || arch != Arch::X86_64) return;
  if (is_passed_by_reference(*result) || classes_of(*result, size_of_type(*result)).in_memory())
    registers_ = 1;
}

Located Convention::on_stack(std::uint64_t size, std::uint64_t alignment) {
  stack_ = (stack_ + alignment - 1) / alignment * alignment;
  plan::ArgumentPlace place;
  place.base = plan::stack_pointer(arch_);
  place.offset = static_cast<std::int64_t>(plan::stack_skip(arch_) + stack_);
  stack_ += (size + 7) / 8 * 8;
  return {place, {}};
}

Located Convention::next(const Dwarf_Die& type, bool by_reference) {
  if (arch_ != Arch::X86_64) return {std::nullopt, kOtherMachine};
  const std::uint64_t size = size_of_type(type);
  if (size == 0) return {std::nullopt, "its type has no size"};
  const auto registers = plan::argument_registers(arch_);
  if (by_reference || is_passed_by_reference(type)) {
    if (registers_ == registers.size()) return {std::nullopt, "its address is passed on the stack"};
    plan::ArgumentPlace place;
    place.base = registers[registers_++];
    return {place, {}};
  }
  const Classes classes = classes_of(type, size);
  const std::size_t integers = classes.count(Class::Integer);
  const auto vectors = static_cast<std::uint32_t>(classes.count(Class::Vector));
  const bool fits =
      registers_ + integers <= registers.size() && vectors_ + vectors <= kVectorArguments;
  if (classes.in_memory() || !fits) return on_stack(size, stack_alignment(type, 0));
  if (integers + vectors == 0) return {std::nullopt, "it is empty"};
  vectors_ += vectors;
  if (vectors > 0) {
    registers_ += integers;
    return {std::nullopt, kInVector};
  }
  plan::ArgumentPlace place;
  for (std::size_t i = 0; i < integers; ++i) place.registers.push_back(registers[registers_++]);
  return {place, {}};
}

Located Convention::result(Arch arch, const Dwarf_Die& type) {
  const std::uint64_t size = size_of_type(type);
  if (size == 0) return {std::nullopt, "its type has no size"};
  plan::ArgumentPlace place;
  if (arch != Arch::X86_64) {
    if (size > 8) return {std::nullopt, kOtherMachine};
    place.registers.push_back(place_of(arch, "r0"));
    return {place, {}};
  }
  const Classes classes = classes_of(type, size);
  if (is_passed_by_reference(type) || (classes.in_memory() && size > 16)) {
    place.base = place_of(arch, kX86Results[0]);  // Where the caller wanted it.
    return {place, {}};
  }
  if (classes.in_memory() || classes.count(Class::Vector) > 0)
    return {std::nullopt,
            "it is returned in a floating-point register, which the kernel does not hand over"};
  for (std::size_t i = 0; i < classes.count(Class::Integer); ++i)
    place.registers.push_back(place_of(arch, kX86Results[i]));
  if (place.registers.empty()) return {std::nullopt, "it is empty"};
  return {place, {}};
}

}  // namespace sonde::kernel
