// Script text -> the same script in the project's layout, checked.
#pragma once

#include <cstdint>
#include <string>

#include "diag/emitter.h"
#include "diag/source.h"

namespace sonde::parser {

struct Formatted {
  std::string text;  // Ends with a newline unless it is empty.
  std::string
      problem;  // Not empty: the formatter has a bug and `text` must not be used. Says what has changed.
};

// Formats source `id`. With errors in `emitter` the result is empty: only what parses can be laid out. The result has been
// parsed again: it is the same tree, of the same tokens. It is added to `sources`.
[[nodiscard]] Formatted format(diag::Sources& sources, std::uint32_t id, diag::Emitter& emitter);

}  // namespace sonde::parser
