#include "fuzz/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ast/equal.h"
#include "ast/printer.h"
#include "ast/source_text.h"
#include "base/c_text.h"
#include "kernel/fixture.h"
#include "parser/format.h"
#include "parser/lexer.h"
#include "parser/parser.h"
#include "resolve/resolve.h"
#include "sema/analysis.h"

namespace sonde::fuzz {
namespace {

void expect(bool condition, std::string_view what, std::string_view detail) {
  if (condition) return;
  fmt::print(stderr, "{}: {}\n", what, detail);
  std::abort();
}

// A script and what the parser made of it.
struct Parsed {
  diag::Sources sources;
  diag::Emitter emitter;
  std::uint32_t id;
  ast::Program program;

  explicit Parsed(std::string_view script) : id(sources.add("script.bt", std::string(script))) {
    program = parser::parse(sources, id, emitter);
  }
  [[nodiscard]] std::string messages() const {
    return diag::render_all(emitter, sources, {.show_id = true});
  }
};

// What lies on this machine's disk is not the fuzzer's.
bool reads_files(const ast::Program& program) { return !program.imports.empty(); }

// A definition in C that is not closed ends where something else begins, which resolve reports; it has no text of its own.
bool has_open_definition(const ast::Program& program) {
  return std::any_of(program.c_parts.begin(), program.c_parts.end(), [](const ast::CPart& part) {
    return !part.is_directive &&
           c_definition_length(part.text + "\nx", [](std::size_t, std::size_t) { return false; }) >
               part.text.size() + 1;
  });
}

}  // namespace

void lexer(std::string_view script) {
  diag::Emitter emitter;
  parser::Lexer lexer(script, 0, emitter);
  std::uint32_t last = 0;
  for (std::size_t tokens = 0;; ++tokens) {
    const parser::Symbol token = lexer.scan();
    if (token.kind() == parser::Grammar::symbol_kind::S_YYEOF) break;
    expect(token.location.end <= script.size(), "a token lies outside", script);
    expect(token.location.begin >= last, "tokens are out of order", script);
    expect(tokens <= 2 * script.size() + 1, "tokens without end", script);
    last = token.location.begin;
  }
}

void parser(std::string_view script) {
  const Parsed parsed(script);
  static_cast<void>(ast::print(parsed.program));
  static_cast<void>(parsed.messages());
}

void resolve(std::string_view script) {
  Parsed parsed(script);
  if (parsed.emitter.has_errors() || reads_files(parsed.program)) return;
  types::Context types;
  const auto host = kernel::make_fixture_view(types, {.has_compiler = false});
  resolve::Options options;
  options.parameters = {"1", "text"};
  static_cast<void>(
      resolve::resolve(parsed.program, parsed.sources, *host, types, options, parsed.emitter));
  static_cast<void>(parsed.messages());
}

void sema(std::string_view script) {
  const Parsed parsed(script);
  if (parsed.emitter.has_errors() || reads_files(parsed.program)) return;
  test::AnalysisOptions options;
  options.parameters = {"1", "text"};
  options.sema.unsafe = true;
  options.host.has_compiler = false;
  const auto analysis = test::analyze("script.bt", std::string(script), options);
  static_cast<void>(ast::print(analysis->program, {.types = true}));
  static_cast<void>(analysis->messages());
  if (!analysis->emitter.has_errors()) static_cast<void>(plan::dump(analysis->plan.manifest));
}

void format(std::string_view script) {
  Parsed parsed(script);
  if (parsed.emitter.has_errors()) return;
  diag::Emitter emitter;
  const parser::Formatted once = parser::format(parsed.sources, parsed.id, emitter);
  expect(once.problem.empty(), "formatting changes the script", once.problem + "\n" + once.text);
  const parser::Formatted twice =
      parser::format(parsed.sources, parsed.sources.add("again.bt", once.text), emitter);
  expect(twice.text == once.text, "formatting twice differs", once.text + "---\n" + twice.text);
  if (has_open_definition(parsed.program)) return;
  const Parsed again(ast::source_text(parsed.program));
  expect(ast::equal(parsed.program, again.program), "the tree as text is another tree",
         ast::first_difference(parsed.program, again.program) + "\n" + again.messages());
}

}  // namespace sonde::fuzz
