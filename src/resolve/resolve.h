// Connects the tree with the host: attach points become real places, type names become types.
#pragma once

#include <set>
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
  plan::Settings
      settings;  // Defaults and environment; the script's config block is applied to a copy.
  std::set<std::string>
      fixed_settings;  // Names that the environment has set: the script cannot change them.
};

struct Resolved {
  std::vector<plan::ResolvedProbe> probes;
  plan::Settings settings;
};

// Expands wildcards, reads argument types, fills in the `type` of every ast::TypeName, positional parameters, and the
// config block. Unknown names are diagnosed with the nearest ones.
[[nodiscard]] Resolved resolve(ast::Program& program, kernel::View& view, types::Context& types,
                               const Options& options, diag::Emitter& emitter);

}  // namespace sonde::resolve
