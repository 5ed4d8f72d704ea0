// Script -> the script as the formatter lays it out, or the diagnostics if there are any.
#include "parser/format.h"
#include "support/case_runner.h"

namespace sonde {
namespace {

std::string run_formatter(const test::Case& c) {
  diag::Sources sources;
  const std::uint32_t id = sources.add(c.file_name, c.script);
  diag::Emitter emitter;
  const parser::Formatted formatted = parser::format(sources, id, emitter);
  if (emitter.has_errors()) return diag::render_all(emitter, sources, {.show_id = true});
  return formatted.problem.empty() ? formatted.text : "internal error: " + formatted.problem;
}

[[maybe_unused]] const int registered = test::register_cases("format", run_formatter);

}  // namespace
}  // namespace sonde
