// A script taken through parser, resolve and sema on the fixture view of the host.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"
#include "kernel/fixture.h"
#include "plan/plan.h"
#include "resolve/definitions.h"
#include "resolve/named_parameters.h"
#include "sema/sema.h"

namespace sonde::test {

struct AnalysisOptions {
  std::vector<std::string> parameters;        // $1, $2, ...
  std::vector<resolve::NamedArgument> named;  // The script's options.
  kernel::FixtureOptions host;
  resolve::HeaderOptions headers;
  // Another view than the fixture, for tests that need the facts of this machine.
  std::function<std::unique_ptr<kernel::View>(types::Context&)> make_host;
  sema::Options sema;  // But for `settings`, which resolve makes.
};

// Everything that the stages made, kept together because they point into one another.
struct Analysis {
  diag::Sources sources;
  diag::Emitter emitter;
  std::shared_ptr<types::Context> types = std::make_shared<types::Context>();
  std::unique_ptr<kernel::View> host;
  std::shared_ptr<resolve::Definitions> definitions;  // Gone before the host.
  ast::Program program;
  plan::Plan plan;  // Empty if a stage reported errors.

  // All diagnostics with their ids.
  [[nodiscard]] std::string messages() const;
};

// A stage runs only if the ones before it reported no error.
[[nodiscard]] std::unique_ptr<Analysis> analyze(const std::string& name, const std::string& script,
                                                const AnalysisOptions& options = {});

}  // namespace sonde::test
