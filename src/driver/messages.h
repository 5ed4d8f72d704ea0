// What sonde itself says on stderr.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "diag/emitter.h"

namespace sonde::driver {

// "ERROR: text" and a HINT line if there is a hint.
void print_error(std::string_view text, std::string_view hint = {});
void print_error(const Error& error);

// "WARNING: text"
void print_warning(std::string_view text);

// True if messages on stderr are coloured: it is a terminal and neither NO_COLOR nor SONDE_COLOR says otherwise.
[[nodiscard]] bool use_color();

void print_diagnostics(const diag::Emitter& emitter, const diag::Sources& sources, bool verbose,
                       bool show_warnings);

}  // namespace sonde::driver
