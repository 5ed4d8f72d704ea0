// Script text -> tree.
#pragma once

#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"

namespace sonde::parser {

// Only a script needs probes; what another file imports may hold macros alone.
enum class Role : std::uint8_t { Script, Imported };

// Parses source `id`. Reports every syntax error that it can resynchronise after; with errors the tree holds what was
// understood and must not be compiled. Never throws, never aborts, whatever the bytes.
[[nodiscard]] ast::Program parse(const diag::Sources& sources, std::uint32_t id,
                                 diag::Emitter& emitter, Role role = Role::Script);

// The same, and the places of all tokens in order. Comments and directives lie between them.
[[nodiscard]] ast::Program parse(const diag::Sources& sources, std::uint32_t id,
                                 diag::Emitter& emitter, std::vector<diag::Location>& tokens);

}  // namespace sonde::parser
