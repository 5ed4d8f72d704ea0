// Where a static probe of a program (USDT) finds its arguments, as data. The notes of the program say it in assembler; who
// reads them is kernel/usdt.h, who makes code of it codegen/context/usdt.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sonde::plan {

struct UsdtArgument {
  enum class Form : std::uint8_t {
    Constant,    // `value`
    Register,    // Of `base`, what stands `shift` bits from its right.
    Memory,      // At base + index * scale + value, in user space.
    Unreadable,  // `problem` says why.
  };
  Form form = Form::Constant;
  std::uint8_t size = 8;  // Bytes: 1, 2, 4 or 8. A value of fewer is extended.
  bool is_signed = false;
  std::uint8_t scale = 1;
  std::uint8_t shift = 0;
  std::uint8_t address_bits = 64;      // 32: the address is cut to 32 bits.
  std::optional<std::uint32_t> base;   // Offsets in struct pt_regs.
  std::optional<std::uint32_t> index;  //
  std::int64_t value = 0;
  std::string problem;

  bool operator==(const UsdtArgument&) const = default;
};

// "int32", "uint64": what `-lv` shows.
[[nodiscard]] inline std::string type_name(const UsdtArgument& argument) {
  return (argument.is_signed ? "int" : "uint") + std::to_string(argument.size * 8);
}

}  // namespace sonde::plan
