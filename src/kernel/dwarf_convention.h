// Where the calling convention of the machine puts arguments and results: the System V ABI for x86-64, section 3.2.3. Of other
// machines only what their debug information says is known.
//
// At a function's first instruction the convention is the better source: unoptimised code describes the slots of the stack
// into which the arguments are copied only behind that instruction.
#pragma once

#include <optional>
#include <string>

#include "kernel/dwarf_die.h"
#include "plan/manifest.h"
#include "plan/target.h"

namespace sonde::kernel {

struct Located {
  std::optional<plan::ArgumentPlace> place;
  std::string problem;  // Why there is none, "it ..."
};

// Offset of a register in struct pt_regs by its DWARF number; nullopt for one that the kernel does not save for us.
[[nodiscard]] std::optional<std::uint32_t> register_place(plan::Arch arch, std::uint64_t number);
// Whether arguments are passed in it.
[[nodiscard]] bool is_argument_register(plan::Arch arch, std::uint32_t place);

class Convention {
 public:
  // `result` is the function's type; nullopt for void. A large one is written to where the caller says, by an argument that
  // no source shows.
  Convention(plan::Arch arch, const std::optional<Dwarf_Die>& result);
  // The places of the arguments, one after the other. `by_reference`: it is known that the address of the object is passed.
  [[nodiscard]] Located next(const Dwarf_Die& type, bool by_reference);
  // That of the result when the function returns.
  [[nodiscard]] static Located result(plan::Arch arch, const Dwarf_Die& type);

 private:
  [[nodiscard]] Located on_stack(std::uint64_t size, std::uint64_t alignment);

  plan::Arch arch_;
  std::size_t registers_ = 0;  // Taken so far.
  std::uint32_t vectors_ = 0;  // Floating-point registers taken so far.
  std::uint64_t stack_ = 0;    // Bytes taken so far.
};

}  // namespace sonde::kernel
