#include "driver/messages.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "driver/environment.h"

namespace sonde::driver {

void print_error(std::string_view text, std::string_view hint) {
  fmt::print(stderr, "{}: {}\n", use_color() ? "\x1b[1;31mERROR\x1b[0m" : "ERROR", text);
  if (!hint.empty()) fmt::print(stderr, "HINT: {}\n", hint);
}

void print_error(const Error& error) { print_error(error.message(), error.hint); }

void print_warning(std::string_view text) {
  fmt::print(stderr, "{}: {}\n", use_color() ? "\x1b[1;35mWARNING\x1b[0m" : "WARNING", text);
}

bool use_color() {
  const auto choice = environment_value("COLOR");
  if (choice && choice->value == "always") return true;
  if (choice && choice->value == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && ::isatty(STDERR_FILENO) == 1;
}

void print_diagnostics(const diag::Emitter& emitter, const diag::Sources& sources, bool verbose,
                       bool show_warnings) {
  if (emitter.all().empty()) return;
  const diag::RenderOptions options{use_color(), verbose, show_warnings, verbose};
  fmt::print(stderr, "{}", diag::render_all(emitter, sources, options));
}

}  // namespace sonde::driver
