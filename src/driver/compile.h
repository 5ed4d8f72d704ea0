// The compiler as one call: text -> parse -> resolve -> sema -> codegen -> Program.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>

#include "diag/emitter.h"
#include "driver/environment.h"
#include "driver/options.h"
#include "driver/report.h"
#include "driver/script.h"
#include "kernel/view.h"
#include "plan/plan.h"
#include "resolve/definitions.h"

namespace sonde::driver {

// What outlives compilation: the types that the manifest points to, and the view and definitions that complete them.
struct Compilation {
  diag::Sources sources;
  diag::Emitter emitter;
  std::shared_ptr<types::Context> types = std::make_shared<types::Context>();
  std::unique_ptr<kernel::View> view;
  KeyTexts key_texts;                                 // With --report.
  std::shared_ptr<resolve::Definitions> definitions;  // The script's own C; gone before the view.
};

// Reads the environment and opens the view of the host. Nothing after an error, which has been printed.
[[nodiscard]] std::optional<Environment> prepare(Compilation& compilation, const Options& options);

// Where the headers of a script lie.
[[nodiscard]] resolve::HeaderOptions header_options(const Script& script, const Options& options);

// Where dumps of -d go: not between the lines of JSON, or behind a profile.
[[nodiscard]] inline std::FILE* dump_stream(const Options& options) {
  return options.format == Format::Text ? stdout : stderr;
}

// Nothing after an error, which has been printed. Prints what -d asks for on the way.
[[nodiscard]] std::optional<plan::Program> compile(Compilation& compilation, const Script& script,
                                                   const Environment& environment,
                                                   const Options& options);

}  // namespace sonde::driver
