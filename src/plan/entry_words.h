// Arguments of functions of programs at their returns: by then registers and stack hold other things, so what a script wants is kept at
// the entry, as argN.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plan/manifest.h"
#include "plan/target.h"

namespace sonde::plan {

struct EntryWords {
  std::vector<std::uint32_t> indices;  // N of argN: the value, 8 bytes in each, or its address.
  bool is_address = false;
};

// Which of arg0, arg1, ... hold a value of `size` bytes that lies at `place` at the entry; nullopt if none of the first 32 do.
[[nodiscard]] std::optional<EntryWords> entry_words(Arch arch, const ArgumentPlace& place,
                                                    std::uint32_t size);

// The same as bits: see BpfProgram::entry_arguments.
[[nodiscard]] std::uint32_t entry_bits(const EntryWords& words);

}  // namespace sonde::plan
