// The compiler as one call: text -> parse -> resolve -> sema -> codegen -> Program.
#pragma once

#include <memory>
#include <optional>

#include "diag/emitter.h"
#include "driver/environment.h"
#include "driver/options.h"
#include "driver/script.h"
#include "kernel/view.h"
#include "plan/plan.h"

namespace sonde::driver {

// What outlives compilation: the types that the manifest points to, and the view that completes them.
struct Compilation {
  diag::Sources sources;
  diag::Emitter emitter;
  std::shared_ptr<types::Context> types = std::make_shared<types::Context>();
  std::unique_ptr<kernel::View> view;
};

// Reads the environment and opens the view of the host. Nothing after an error, which has been printed.
[[nodiscard]] std::optional<Environment> prepare(Compilation& compilation, const Options& options);

// Nothing after an error, which has been printed. Prints what -d asks for on the way.
[[nodiscard]] std::optional<plan::Program> compile(Compilation& compilation, const Script& script,
                                                   const Environment& environment,
                                                   const Options& options);

}  // namespace sonde::driver
