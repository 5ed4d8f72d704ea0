// The script's config block.
#pragma once

#include "ast/ast.h"
#include "diag/emitter.h"
#include "resolve/resolve.h"

namespace sonde::resolve {

// The config block on top of the defaults and the environment, which goes before it.
[[nodiscard]] plan::Settings apply_config(const ast::Program& program, const Options& options,
                                          diag::Emitter& emitter);

// Refuses what bpftrace calls unstable, or warns of it, where the settings ask for that: each feature at its first use.
void check_unstable(ast::Program& program, const plan::Settings& settings, diag::Emitter& emitter);

}  // namespace sonde::resolve
