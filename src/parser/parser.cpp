#include "parser/parser.h"

#include "base/text.h"
#include "parser/token_stream.h"

namespace sonde::parser {
namespace {

ast::Program parse(const diag::Sources& sources, std::uint32_t id, diag::Emitter& emitter,
                   const Options& options, std::vector<diag::Location>* tokens) {
  ast::Program program;
  const std::size_t errors_before = emitter.error_count();
  TokenStream stream(sources.get(id).text, id, emitter, Conditionals(options.has_btf));
  stream.note_tokens(tokens);
  Builder builder(program, emitter);
  Grammar(stream, builder, emitter).parse();
  // Whoever asks for the tokens lays out text, and there are files of macros alone.
  const bool may_be_empty = options.role == Role::Imported || !program.imports.empty() ||
                            (tokens != nullptr && !program.macros.empty());
  if (program.probes.empty() && !may_be_empty && emitter.error_count() == errors_before) {
    const bool blank = trim(sources.get(id).text).empty();
    emitter.emit(diag::kinds::EmptyScript, blank ? diag::Location() : diag::Location{id, 0, 0})
        .hint("a probe says when to do something: 'begin { print(\"hello\") }'");
  }
  return program;
}

}  // namespace

ast::Program parse(const diag::Sources& sources, std::uint32_t id, diag::Emitter& emitter,
                   const Options& options) {
  return parse(sources, id, emitter, options, nullptr);
}

ast::Program parse(const diag::Sources& sources, std::uint32_t id, diag::Emitter& emitter,
                   std::vector<diag::Location>& tokens) {
  return parse(sources, id, emitter, {}, &tokens);
}

}  // namespace sonde::parser
