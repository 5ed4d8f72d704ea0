// Errors of which the user has been told already.
#pragma once

#include "base/result.h"

namespace sonde::runtime {

// What went wrong is a diagnostic in the emitter; the error itself says nothing.
[[nodiscard]] inline std::unexpected<Error> reported() { return fail({}); }
[[nodiscard]] inline bool is_reported(const Error& error) { return error.what.empty(); }

}  // namespace sonde::runtime
