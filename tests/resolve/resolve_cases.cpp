// Cases of resolve: the diagnostics with their ids, and behind them the places that the attach points have become.
// `// ARGS:` may hold
//   no_tracefs    a host whose tracefs cannot be read
//   lacks=FEATURE a host without this kernel feature, named as in plan/features.def
//   no_compiler   a host without clang
//   no_btf        a host whose kernel describes no types
//   -IDIR, --include=FILE  headers; no others are seen
//   fixed=NAME    the environment has set this config variable
//   include=PATH  a folder in which imports are looked for
//   --NAME=VALUE  an option of the script
//   purpose=tests, purpose=benchmarks, purpose=trace  as sonde is called with --test, --bench or neither
//   process=PATH  the program of the process that -p or -c names
//   unsafe        sonde is called with --unsafe
//   WORD          any other word is a parameter of the script: $1, $2, ...
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "kernel/fixture.h"
#include "parser/parser.h"
#include "resolve/resolve.h"
#include "support/case_runner.h"

namespace sonde::test {
namespace {

std::string describe(const plan::AttachPoint& place) {
  std::string text = place.name;
  const auto add = [&](std::string_view name, const auto& value) {
    if (value != std::decay_t<decltype(value)>{}) text += fmt::format(" {}={}", name, value);
  };
  add("target", place.target);
  add("symbol", place.symbol);
  add("event_id", place.event_id);
  if (place.system_call) text += fmt::format(" call={}", *place.system_call);
  add("offset", place.offset);
  add("period", place.period);
  add("frequency", place.frequency);
  add("semaphore", place.semaphore);
  add("arguments", place.usdt_arguments.size());
  add("pin", place.pin);
  if (place.watch) {
    text += fmt::format(" length={} access={}{}{}", place.watch->length, place.watch->access,
                        place.watch->is_user ? " user" : "", place.watch->is_async ? " async" : "");
    if (place.watch->argument >= 0) {
      text += fmt::format(" argument={}", place.watch->argument);
    } else {
      text += fmt::format(" address={:#x}", place.watch->address);
    }
  }
  if (place.args != nullptr)
    text += fmt::format(" args={}", place.args->record()->field_names().size());
  if (place.retval != nullptr) text += fmt::format(" retval={}", place.retval->name());
  return text + "\n";
}

struct Setup {
  kernel::FixtureOptions host;
  resolve::Options options;
};

Setup setup_of(const Case& c) {
  Setup setup;
  setup.options.imports.script = c.path;
  for (const std::string& argument : c.arguments) {
    if (argument == "no_tracefs") {
      setup.host.has_tracefs = false;
    } else if (argument == "no_compiler") {
      setup.host.has_compiler = false;
    } else if (argument == "unsafe") {
      setup.options.unsafe = true;
    } else if (argument == "no_btf") {
      setup.host.has_btf = false;
    } else if (argument.starts_with("-I")) {
      setup.options.headers.include_folders.push_back(argument.substr(2));
    } else if (argument.starts_with("--include=")) {
      setup.options.headers.include_files.push_back(argument.substr(10));
    } else if (argument.starts_with("fixed=")) {
      setup.options.fixed_settings.insert(argument.substr(6));
    } else if (argument.starts_with("lacks=")) {
#define SONDE_FEATURE(Id, name, kernel, marker) \
  if (argument == "lacks=" #Id)                 \
    setup.host.missing_features.set(static_cast<std::size_t>(plan::Feature::Id));
#include "plan/features.def"
    } else if (argument.starts_with("include=")) {
      setup.options.imports.search_path.push_back(argument.substr(8));
    } else if (argument.starts_with("process=")) {
      setup.options.process_program = argument.substr(8);
    } else if (argument == "purpose=tests") {
      setup.options.purpose = resolve::Purpose::Tests;
    } else if (argument == "purpose=benchmarks") {
      setup.options.purpose = resolve::Purpose::Benchmarks;
    } else if (argument == "purpose=trace") {
      setup.options.purpose = resolve::Purpose::Trace;
    } else if (argument.starts_with("--")) {
      setup.options.named.push_back(resolve::named_argument(argument));
    } else {
      setup.options.parameters.push_back(argument);
    }
  }
  return setup;
}

std::string run(const Case& c) {
  const Setup setup = setup_of(c);
  types::Context types;
  const auto host = kernel::make_fixture_view(types, setup.host);
  diag::Sources sources;
  diag::Emitter emitter;
  ast::Program program =
      parser::parse(sources, sources.add(c.file_name, c.script), emitter, {setup.host.has_btf});
  const resolve::Resolved resolved =
      resolve::resolve(program, sources, *host, types, setup.options, emitter);
  std::string text = diag::render_all(emitter, sources, {.show_id = true});
  for (const plan::ResolvedProbe& probe : resolved.probes) {
    for (const plan::AttachPoint& place : probe.attach_points) text += describe(place);
  }
  return text + fmt::format("max_map_keys={}\n", resolved.settings.max_map_keys);
}

const int kRegistered = register_cases("resolve", run);

}  // namespace
}  // namespace sonde::test
