// Connects the tree with the host: attach points become real places, type names become types.
#pragma once

#include <string>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "kernel/view.h"
#include "plan/plan.h"
#include "types/type.h"

namespace sonde::resolve {

struct Options {
  std::vector<std::string> parameters;  // $1, $2, ...
  plan::Settings settings;              // Defaults and environment; the script's config block is applied to a copy.
  bool has_child = false;               // -c was given
  std::uint32_t pid = 0;                // -p; for uprobe targets
};

struct Resolved {
  std::vector<plan::ResolvedProbe> probes;
  plan::Settings settings;
};

// Expands wildcards, reads argument types, fills in the `type` of every ast::TypeName, positional parameters, and the
// config block. Unknown names are diagnosed with the nearest ones.
[[nodiscard]] Resolved resolve(ast::Program& program, const diag::Sources& sources, kernel::View& view,
                               types::Context& types, const Options& options, diag::Emitter& emitter);

}  // namespace sonde::resolve
