// The verifier's log -> a diagnostic at the script's place, in plain words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "diag/emitter.h"
#include "diag/source.h"
#include "plan/manifest.h"

namespace sonde::runtime {

struct VerifierReason {
  std::string text;  // What is wrong, lower case, without full stop.
  std::string hint;  // May be empty.
};

// The last message of `log` that says why, explained by verifier_messages.def where it has a row. `code` is the errno of the
// load, for logs that say nothing.
[[nodiscard]] VerifierReason explain_rejection(std::string_view log, int code = 0);

// The last source line that `log` mentions: "; text @ file:LINE" (kernel 6.8 and later, of any length) or "; text" (older).
struct VerifierLine {
  std::string text;
  std::string file;        // "" before 6.8.
  std::uint32_t line = 0;  // 0 before 6.8.
};
[[nodiscard]] std::optional<VerifierLine> last_source_line(std::string_view log);

// Emits kinds::VerifierRejected for program `name` of the object.
void report_rejection(const plan::Program& program, std::string_view name, std::string_view log,
                      int code, const diag::Sources& sources, diag::Emitter& emitter);

}  // namespace sonde::runtime
