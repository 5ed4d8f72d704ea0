// Script text -> tree.
#pragma once

#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"

namespace sonde::parser {

// Only a script needs probes; what another file imports may hold macros alone.
enum class Role : std::uint8_t { Script, Imported };

struct Options {
  bool has_btf = true;  // SONDE_HAVE_BTF and BPFTRACE_HAVE_BTF count as defined.
  Role role = Role::Script;
};

// Parses source `id`. Reports every syntax error that it can resynchronise after; with errors the tree holds what was
// understood and must not be compiled. Never throws, never aborts, whatever the bytes.
[[nodiscard]] ast::Program parse(const diag::Sources& sources, std::uint32_t id,
                                 diag::Emitter& emitter, const Options& options = {});

// The same, and the places of all tokens in order. Comments and C lie between them.
[[nodiscard]] ast::Program parse(const diag::Sources& sources, std::uint32_t id,
                                 diag::Emitter& emitter, std::vector<diag::Location>& tokens);

}  // namespace sonde::parser
