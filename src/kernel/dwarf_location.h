// Where a parameter is at one instruction, as its debug information tells. Internal to src/kernel.
#pragma once

#include "kernel/dwarf_convention.h"
#include "kernel/dwarf_die.h"

namespace sonde::kernel {

// An instruction of a function.
struct FunctionSite {
  Dwarf_Die function;    // Its code, not only its declaration.
  std::uint64_t pc = 0;  // Virtual address, as in the file.
  bool at_entry = false;
  plan::Arch arch = plan::Arch::X86_64;
  Dwarf_CFI* cfi = nullptr;  // How frames are found; not owned, may be null.
};

// Whether its place is behind an address that the function was given: an object that C++ does not copy itself.
[[nodiscard]] bool is_behind_address(const FunctionSite& site, const Dwarf_Die& parameter);

[[nodiscard]] Located locate(const FunctionSite& site, const Dwarf_Die& parameter);

}  // namespace sonde::kernel
