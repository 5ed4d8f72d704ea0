// The BPF helpers as data.
#pragma once

#include <cstdint>
#include <string_view>

namespace sonde::codegen {

enum class HelperTrait : std::uint8_t {
  kPlain,
  kReturnsPointer,
  // Same result throughout one run of a program, and no effect: calls may be merged and dropped.
  kConstant,
};

enum class Helper : std::uint32_t {
#define SONDE_HELPER(Id, number, name, trait, kernel) Id = number,
#include "codegen/helpers.def"
};

[[nodiscard]] HelperTrait trait(Helper helper);
// Without "bpf_".
[[nodiscard]] std::string_view name(Helper helper);

// Flags of the calls.
inline constexpr std::uint64_t kUpdateAny = 0;
inline constexpr std::uint64_t kUpdateNoExist = 1;
inline constexpr std::uint64_t kStackUser = 1U << 8;

}  // namespace sonde::codegen
