// The type of `args` in packet probes.
#pragma once

#include "types/type.h"

namespace sonde::resolve {

// A new record (keyword Arguments) of the fields of builtins/packet_fields.def, those of a header in a record of its own.
[[nodiscard]] const types::Type* packet_record(types::Context& types);

}  // namespace sonde::resolve
