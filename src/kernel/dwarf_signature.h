// Parameters and result of a function of a program. Internal to src/kernel.
#pragma once

#include <memory>
#include <string_view>

#include "kernel/dwarf_location.h"
#include "kernel/dwarf_types.h"
#include "plan/manifest.h"

namespace sonde::kernel {

// `symbol` is the name in the symbol table: compilers mark functions there whose parameters they have changed.
[[nodiscard]] plan::UserSignature read_signature(const FunctionSite& site, std::string_view symbol,
                                                 types::Context& types, DwarfTypes& dwarf_types);

}  // namespace sonde::kernel
