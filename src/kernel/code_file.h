// The instructions of a program or library, read where a probe is to sit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "kernel/elf.h"
#include "kernel/view.h"
#include "plan/target.h"

namespace sonde::kernel {

class CodeFile {
 public:
  // What cannot be opened has no code: nothing is known of its instructions.
  CodeFile(const std::string& path, plan::Arch arch);

  // As View::probe_obstacle().
  [[nodiscard]] std::string_view obstacle(std::uint64_t file_offset) const;
  // As View::instruction_start(). Instructions are counted from the start of the symbol around the place, or, without one, from
  // the last row of the frame information (.eh_frame, which stripped files keep): each begins with an instruction.
  [[nodiscard]] InstructionStart start(ElfSymbols& symbols, std::uint64_t file_offset) const;

 private:
  [[nodiscard]] std::string read(std::uint64_t file_offset, std::uint64_t size) const;
  [[nodiscard]] std::optional<std::uint64_t> nearest_start(ElfSymbols& symbols,
                                                           std::uint64_t address) const;

  std::string path_;
  plan::Arch arch_;
  OwnedFd fd_;
};

}  // namespace sonde::kernel
