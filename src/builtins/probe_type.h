#pragma once

#include <string_view>

#include "builtins/tables.h"

namespace sonde::builtins {

// What the builtin `probetype` says of probes of a kind: its name, "special" for begin and end.
[[nodiscard]] std::string_view probe_type(const ProbeKind& kind);

}  // namespace sonde::builtins
