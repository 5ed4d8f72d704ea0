// Connects the tree with the host: attach points become real places, type names become types.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "kernel/view.h"
#include "plan/plan.h"
#include "resolve/definitions.h"
#include "resolve/imports.h"
#include "resolve/named_parameters.h"
#include "types/type.h"

namespace sonde::resolve {

// Which probes of the script are wanted.
enum class Purpose : std::uint8_t {
  Everything,  // For lists and for looking at the code.
  Trace,       // All but tests and benchmarks.
  Tests,
  Benchmarks,
};

struct Options {
  Purpose purpose = Purpose::Everything;
  bool unsafe = false;          // --unsafe
  std::string process_program;  // Path of what the process of -p or -c runs; empty without one.
  std::vector<std::string> parameters;  // $1, $2, ...
  std::vector<NamedArgument> named;     // Behind '--'.
  ImportOptions imports;
  plan::Settings
      settings;  // Defaults and environment; the script's config block is applied to a copy.
  std::set<std::string>
      fixed_settings;  // Names that the environment has set: the script cannot change them.
  HeaderOptions headers;
};

struct Resolved {
  std::vector<plan::ResolvedProbe> probes;
  plan::Settings settings;
  std::shared_ptr<Definitions> definitions;  // To be kept as long as records may be completed.
  // False after errors in imports, macros or parameters: what sema would say follows from them.
  bool complete = true;
};

// What concerns the script's text alone: imports are read and macros expanded. False after errors.
bool assemble(ast::Program& program, diag::Sources& sources, const ImportOptions& options,
              diag::Emitter& emitter);

// Assembles the program, reads its C, expands wildcards, reads argument types, fills in the `type` of every ast::TypeName, parameters,
// and the config block. Unknown names are diagnosed with the nearest ones.
[[nodiscard]] Resolved resolve(ast::Program& program, diag::Sources& sources, kernel::View& view,
                               types::Context& types, const Options& options,
                               diag::Emitter& emitter);

}  // namespace sonde::resolve
