// Static probes of programs and libraries (USDT): the notes of section .note.stapsdt that <sys/sdt.h> writes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/target.h"
#include "plan/usdt.h"

namespace sonde::kernel {

// One place of a probe: a probe that the compiler has copied, by inlining or unrolling, has several.
struct UsdtProbe {
  std::string provider;
  std::string name;
  std::uint64_t address = 0;      // Virtual, as in the symbol table.
  std::uint64_t file_offset = 0;  // What uprobes want.
  // File offset of the 16-bit counter that is not 0 while somebody traces; 0 if the probe has none.
  std::uint64_t semaphore = 0;
  std::vector<plan::UsdtArgument> arguments;
};

// All of the file's, by provider, name and address; none for a file without notes. Broken notes are left out.
[[nodiscard]] Result<std::vector<UsdtProbe>> read_usdt_probes(const std::string& path,
                                                              plan::Arch arch);

}  // namespace sonde::kernel
