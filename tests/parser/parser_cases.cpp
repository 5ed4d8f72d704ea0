// Script -> the tree, or the diagnostics if there are any.
#include "ast/printer.h"
#include "parser/parser.h"
#include "support/case_runner.h"

namespace sonde {
namespace {

std::string run_parser(const test::Case& c) {
  diag::Sources sources;
  const std::uint32_t id = sources.add(c.file_name, c.script);
  diag::Emitter emitter;
  const ast::Program program = parser::parse(sources, id, emitter);
  return emitter.all().empty() ? ast::print(program)
                               : diag::render_all(emitter, sources, {.show_id = true});
}

[[maybe_unused]] const int registered = test::register_cases("parser", run_parser);

}  // namespace
}  // namespace sonde
