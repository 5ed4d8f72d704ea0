// The text by which a note describes a probe's arguments: operands of the assembler, "-4@%eax 8@-16(%rbp) 4@$7". The form is
// described in SystemTap's wiki, UserSpaceProbeImplementation.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "plan/target.h"
#include "plan/usdt.h"

namespace sonde::kernel {

struct UsdtPlace {
  plan::Arch arch = plan::Arch::X86_64;
  std::uint64_t address = 0;  // Of the probe, as in the symbol table.
  // Address of a symbol of the file.
  std::function<std::optional<std::uint64_t>(std::string_view name)> symbol;
};

// One for each argument. Takes any text: what it does not understand is Form::Unreadable with the reason.
[[nodiscard]] std::vector<plan::UsdtArgument> parse_usdt_arguments(std::string_view text,
                                                                   const UsdtPlace& place);

}  // namespace sonde::kernel
