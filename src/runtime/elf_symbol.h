// Finding a global of the BPF object, to patch it before or after loading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sonde::runtime {

struct ElfGlobal {
  std::string section;       // ".rodata"
  std::uint64_t offset = 0;  // In the section.
  std::uint64_t size = 0;
};

// Nullopt if the object has no such symbol or is not a 64-bit ELF file.
[[nodiscard]] std::optional<ElfGlobal> find_elf_global(std::string_view object,
                                                       std::string_view name);

}  // namespace sonde::runtime
