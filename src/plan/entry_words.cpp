#include "plan/entry_words.h"

#include <algorithm>

#include "plan/machine.h"

namespace sonde::plan {
namespace {

constexpr std::uint32_t kMaxIndex = 32;

std::optional<std::uint32_t> index_of(Arch arch, std::uint32_t offset) {
  const auto registers = argument_registers(arch);
  const auto found = std::ranges::find(registers, offset);
  if (found == registers.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - registers.begin());
}

}  // namespace

std::optional<EntryWords> entry_words(Arch arch, const ArgumentPlace& place, std::uint32_t size) {
  EntryWords words;
  for (const std::uint32_t offset : place.registers) {
    const auto index = index_of(arch, offset);
    if (!index) return std::nullopt;
    words.indices.push_back(*index);
  }
  if (!words.indices.empty()) return words;
  if (const auto index = index_of(arch, place.base)) {
    words.indices.push_back(*index);
    words.is_address = true;
    return words;
  }
  const std::int64_t from_first = place.offset - stack_skip(arch);
  if (place.base != stack_pointer(arch) || from_first < 0 || from_first % 8 != 0)
    return std::nullopt;
  const auto in_registers = static_cast<std::uint32_t>(argument_registers(arch).size());
  const std::uint64_t first = in_registers + static_cast<std::uint64_t>(from_first) / 8;
  const std::uint64_t count = (std::uint64_t{size} + 7) / 8;
  if (first + count > kMaxIndex) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i)
    words.indices.push_back(static_cast<std::uint32_t>(first + i));
  return words;
}

std::uint32_t entry_bits(const EntryWords& words) {
  std::uint32_t bits = 0;
  for (const std::uint32_t index : words.indices) bits |= 1U << index;
  return bits;
}

}  // namespace sonde::plan
