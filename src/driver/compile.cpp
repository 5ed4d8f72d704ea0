#include "driver/compile.h"

#include <fmt/format.h>

#include "ast/printer.h"
#include "ast/source_text.h"
#include "base/file.h"
#include "base/text.h"
#include "codegen/codegen.h"
#include "driver/host_names.h"
#include "driver/messages.h"
#include "driver/targets.h"
#include "kernel/live.h"
#include "parser/format.h"
#include "parser/parser.h"
#include "resolve/resolve.h"
#include "runtime/link.h"
#include "runtime/privilege.h"
#include "runtime/words.h"
#include "sema/sema.h"

namespace sonde::driver {
namespace {

// A dump of one stage, with a heading when several are printed.
void show(const Options& options, const std::string& stage, std::string_view text) {
  if (!options.shows(stage)) return;
  std::FILE* to = dump_stream(options);
  if (options.debug.size() > 1) fmt::print(to, "--- {} ---\n", stage);
  fmt::print(to, "{}{}", text, text.ends_with('\n') ? "" : "\n");
}

// The tree as a script, with its imports and without its macros, laid out where that works.
void show_source(const Options& options, const ast::Program& tree) {
  if (!options.shows("source")) return;
  diag::Sources sources;
  diag::Emitter emitter;
  const std::string text = ast::expanded_source_text(tree);
  const parser::Formatted formatted = parser::format(sources, sources.add("source", text), emitter);
  const bool usable = !emitter.has_errors() && formatted.problem.empty();
  show(options, "source", usable ? formatted.text : text);
}

// What -p and -c name: an unknown program is an error of the run, not of the compiler.
kernel::ProcessScope process_scope(const Options& options) {
  kernel::ProcessScope scope;
  scope.pids = options.pids;
  const auto words = runtime::split_words(options.command);
  if (words && !words->empty()) scope.program = words->front();
  return scope;
}

}  // namespace

resolve::HeaderOptions header_options(const Script& script, const Options& options) {
  resolve::HeaderOptions headers;
  headers.include_folders = options.include_folders;
  headers.include_files = options.include_files;
  const std::size_t slash = script.name.rfind('/');
  if (slash != std::string::npos) headers.quote_folder = script.name.substr(0, slash + 1);
  return headers;
}

namespace {

// What is compiled to be run needs the right to trace, and there is no use in telling so last. Whoever asks for a file or
// for a dump gets it without.
bool only_runs(const Options& options) {
  return options.emit_elf.empty() && options.emit_llvm.empty() && options.debug.empty();
}

// What -c starts or -p is; empty without either.
std::string process_program(kernel::View& view, const Options& options) {
  if (!options.pids.empty()) return fmt::format("/proc/{}/exe", options.pids.front());
  const auto words = runtime::split_words(options.command);
  if (!words || words->empty()) return {};
  // A program that is not found is reported by the runtime, which starts it.
  const auto files = view.find_binaries(words->front());
  return files && !files->empty() ? files->front().path : words->front();
}

// Resolve and sema. Both run even if the first has found errors, so that the user sees them all at once.
std::optional<plan::Plan> analyze(Compilation& c, ast::Program& tree, const Script& script,
                                  const Environment& environment, const Options& options) {
  resolve::Options resolve_options;
  resolve_options.purpose = options.test    ? resolve::Purpose::Tests
                            : options.bench ? resolve::Purpose::Benchmarks
                                            : resolve::Purpose::Trace;
  resolve_options.unsafe = options.unsafe;
  resolve_options.process_program = process_program(*c.view, options);
  resolve_options.parameters = script.parameters;
  resolve_options.named = options.named;
  resolve_options.imports = {script.path, options.include_folders};
  resolve_options.settings = environment.settings;
  resolve_options.fixed_settings = environment.set;
  resolve_options.headers = header_options(script, options);
  resolve::Resolved resolved =
      resolve::resolve(tree, c.sources, *c.view, *c.types, resolve_options, c.emitter);
  c.definitions = resolved.definitions;
  if (!resolved.complete) return std::nullopt;
  show_source(options, tree);
  sema::Options sema_options;
  sema_options.unsafe = options.unsafe;
  sema_options.check_helpers = options.check_helpers;
  sema_options.has_child = options.has_command;
  sema_options.settings = resolved.settings;
  sema_options.arch = c.view->arch();
  sema_options.cpus = c.view->possible_cpus();
  plan::Plan plan = sema::analyze(tree, std::move(resolved.probes), c.types,
                                  host_names(*c.view, *c.definitions), sema_options, c.emitter);
  if (c.emitter.has_errors()) return std::nullopt;
  return plan;
}

bool write_llvm(const codegen::Output& output, const std::string& base) {
  for (const auto& [suffix, text] :
       {std::pair{".original.ll", &output.ir}, {".optimized.ll", &output.optimized_ir}}) {
    if (const auto written = write_file(base + suffix, *text); !written) {
      print_error(written.error());
      return false;
    }
  }
  return true;
}

std::optional<plan::Program> generate(Compilation& c, plan::Plan& plan, const Options& options) {
  codegen::Options codegen_options;
  codegen_options.verify_ir = options.verify_ir;
  codegen_options.want_ir = options.shows("codegen") || !options.emit_llvm.empty();
  codegen_options.want_optimized_ir = options.shows("codegen-opt") || !options.emit_llvm.empty();
  codegen_options.want_assembly = options.shows("dis");
  auto output = codegen::generate(plan, c.sources, codegen_options);
  if (!output) {
    print_error(output.error());
    return std::nullopt;
  }
  show(options, "codegen", output->ir);
  show(options, "codegen-opt", output->optimized_ir);
  show(options, "dis", output->assembly);
  if (!options.emit_llvm.empty() && !write_llvm(*output, options.emit_llvm)) return std::nullopt;
  if (!plan.c_objects.empty()) {
    auto linked = runtime::link_objects(output->elf, plan.c_objects);
    if (!linked) {
      print_error(linked.error());
      return std::nullopt;
    }
    output->elf = std::move(*linked);
  }
  return plan::Program{std::move(output->elf), std::move(plan.manifest)};
}

}  // namespace

std::optional<Environment> prepare(Compilation& c, const Options& options) {
  auto environment = read_environment();
  if (!environment) {
    print_error(environment.error());
    return std::nullopt;
  }
  for (const std::string& warning : environment->warnings) {
    if (!options.no_warnings) print_warning(warning);
  }
  c.view = kernel::make_live_view(*c.types, environment->btf_file, options.without,
                                  process_scope(options));
  return std::move(*environment);
}

std::optional<plan::Program> compile(Compilation& c, const Script& script,
                                     const Environment& environment, const Options& options) {
  const std::uint32_t source = c.sources.add(script.name, script.text);
  ast::Program tree = parser::parse(c.sources, source, c.emitter, {c.view->has_btf()});
  std::optional<plan::Plan> plan;
  if (!c.emitter.has_errors()) {
    show(options, "ast", ast::print(tree));
    if (!options.report_file.empty()) c.key_texts = key_texts(tree, c.sources);
    const auto allowed = only_runs(options) ? runtime::check_privilege() : Result<void>{};
    if (!allowed) {
      print_error(allowed.error());
      return std::nullopt;
    }
    plan = analyze(c, tree, script, environment, options);
  }
  print_diagnostics(c.emitter, c.sources, options.verbose, !options.no_warnings);
  if (!plan) return std::nullopt;
  auto filter = task_filter(*c.view, options);
  if (!filter) {
    print_error(filter.error());
    return std::nullopt;
  }
  plan->manifest.filter = std::move(*filter);
  if (plan->manifest.names_user_code) find_last_thread(*c.view, plan->manifest.filter);
  plan::add_watchers(plan->manifest);
  show(options, "types", ast::print(tree, {.types = true}));
  show(options, "plan", plan::dump(plan->manifest));
  return generate(c, *plan, options);
}

}  // namespace sonde::driver
