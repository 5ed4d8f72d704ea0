#include "driver/options.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "driver/targets.h"

namespace sonde::driver {
namespace {

const std::set<std::string> kStages = {"ast",         "source", "types",  "plan",    "codegen",
                                       "codegen-opt", "dis",    "libbpf", "verifier"};

// What CLI11 fills in before it is checked.
struct Raw {
  RawTargets targets;
  std::string buffering = "line";
  std::string format = "text";
  std::vector<std::string> stages;
  std::vector<std::string> without;
  bool list = false;
  bool info = false;
  bool fmt = false;
  bool version = false;
};

struct Switchable {
  std::string_view name;
  plan::Feature feature;
};
constexpr Switchable kSwitchable[] = {
#define SONDE_SWITCHABLE(name, Id) {name, plan::Feature::Id},
#include "driver/switchable_features.def"
};

std::string switchable_names() {
  std::string names;
  for (const Switchable& row : kSwitchable) {
    if (!names.empty()) names += ", ";
    names += row.name;
  }
  return names;
}

// As with most tools the last of several counts.
template <class Value>
CLI::Option* add_value(CLI::App& app, const char* name, Value& value, const char* what,
                       const char* kind) {
  return app.add_option(name, value, what)->type_name(kind)->take_last();
}

void add_run_options(CLI::App& app, Options& options, Raw& raw) {
  add_value(app, "-e", options.program, "Run PROGRAM instead of a script file", "PROGRAM");
  add_value(app, "-c", options.command,
            "Start COMMAND, trace, and end when it ends; its pid is 'cpid'", "COMMAND");
  add_target_options(app, options, raw.targets);
  add_value(app, "-o", options.output_file, "Write results to FILE instead of stdout", "FILE");
  add_value(app, "--report", options.report_file,
            "Write a page of the results to FILE too: HTML that needs nothing else", "FILE");
  add_value(app, "-f", raw.format, "Output format: text, json, folded or pprof", "FORMAT");
  add_value(app, "-B", raw.buffering, "Output buffering: line, full or none", "MODE");
  app.add_option("-I", options.include_folders,
                 "Add FOLDER to where imports and C headers are looked for")
      ->type_name("FOLDER")
      ->allow_extra_args(false);
  app.add_flag("-q", options.quiet, "Print no messages of sonde's own");
  app.add_flag(
      "-v,--verbose", options.verbose,
      "Say more: loaded programs, attached probes, diagnostic ids, arguments of listed probes");
  app.add_flag("-k", options.check_helpers,
               "Warn when a helper of the kernel fails, with the script's place");
  app.add_flag("--unsafe", options.unsafe, "Allow functions that can change the system");
  app.add_flag("--no-warnings", options.no_warnings, "Print no warnings about the script");
  app.add_flag("--usdt-file-activation")
      ->description("Taken and ignored: the kernel itself sets the semaphores of usdt probes");
  app.add_flag("--dry-run", options.dry_run, "Compile, load and attach, then end");
  app.add_flag("--test", options.test,
               "Run the script's tests, the probes test:NAME, and nothing else");
  app.add_flag("--bench", options.bench,
               "Measure the script's benchmarks, the probes bench:NAME, and nothing else");
  app.add_flag("--sync-detach", options.sync_detach,
               "At the end wait until the kernel has released every probe");
  app.add_option("--no-feature", raw.without,
                 "Do without a feature of this kernel: " + switchable_names())
      ->type_name("FEATURE")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_value(app, "--notify-fd", options.notify_fd,
            "Write READY to descriptor N when every probe is attached", "N");
}

void add_other_options(CLI::App& app, Options& options, Raw& raw) {
  app.add_flag("-l", raw.list, "List probes: those that match a pattern, of a script, or all");
  app.add_flag("--fmt", raw.fmt, "Print scripts laid out in one style");
  app.add_flag("-i,--in-place", options.in_place, "With --fmt: rewrite the files");
  app.add_flag("--check", options.check,
               "With --fmt: show what would change, and fail if anything would");
  add_value(app, "--help-function", options.help_builtin,
            "Explain a function, builtin variable or probe type, with examples", "NAME");
  app.add_flag("--info", raw.info, "Print what this kernel and this build support");
  app.add_flag("-V,--version", raw.version, "Print the version");
  app.add_option(
         "-d", raw.stages,
         "Print what a stage made: ast, source, types, plan, codegen, codegen-opt, dis, libbpf, "
         "verifier or all")
      ->type_name("STAGE")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--include", options.include_files, "Include the C header FILE before the script")
      ->type_name("FILE")
      ->allow_extra_args(false);
  add_value(app, "--emit-elf", options.emit_elf, "Write the BPF object to FILE, then end", "FILE");
  add_value(app, "--emit-llvm", options.emit_llvm,
            "Write FILE.original.ll and FILE.optimized.ll, then end", "FILE");
  app.add_flag("--verify-llvm-ir", options.verify_ir, "Check the generated LLVM IR");
  app.add_option("arguments", options.arguments,
                 "Script file ('-' for stdin) and its parameters, or -l's pattern")
      ->type_name("");
}

std::optional<std::string> check_choices(Options& options, const Raw& raw) {
  static const std::map<std::string, output::Buffering> kBuffering = {
      {"none", output::Buffering::None},
      {"line", output::Buffering::Line},
      {"full", output::Buffering::Full}};
  const auto buffering = kBuffering.find(raw.buffering);
  if (buffering == kBuffering.end()) {
    return fmt::format("-B: '{}' is not a buffering mode; it takes line, full or none",
                       raw.buffering);
  }
  options.buffering = buffering->second;
  static const std::map<std::string, Format> kFormats = {{"text", Format::Text},
                                                         {"json", Format::Json},
                                                         {"folded", Format::Folded},
                                                         {"pprof", Format::Pprof}};
  const auto format = kFormats.find(raw.format);
  if (format == kFormats.end()) {
    return fmt::format("-f: '{}' is not an output format; it takes text, json, folded or pprof",
                       raw.format);
  }
  options.format = format->second;
  for (const std::string& stage : raw.stages) {
    if (stage == "all") {
      options.debug = kStages;
    } else if (!kStages.contains(stage)) {
      return fmt::format("-d: '{}' is not a stage; it takes {} or all", stage,
                         fmt::join(kStages, ", "));
    } else {
      options.debug.insert(stage);
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_features(Options& options, const Raw& raw) {
  for (const std::string& name : raw.without) {
    const auto found = std::ranges::find(kSwitchable, name, &Switchable::name);
    if (found == std::end(kSwitchable)) {
      return fmt::format("--no-feature: '{}' is not a feature; it takes {}", name,
                         switchable_names());
    }
    options.without.set(static_cast<std::size_t>(found->feature));
  }
  return std::nullopt;
}

std::optional<std::string> check_numbers(Options& options, const CLI::App& app, const Raw& raw) {
  if (app.count("--notify-fd") > 0 && ::fcntl(options.notify_fd, F_GETFD) < 0) {
    return fmt::format("--notify-fd: {} is not an open file descriptor", options.notify_fd);
  }
  if (options.has_command && trim(options.command).empty()) return "-c: the command is empty";
  if (app.count("--report") > 0 && options.report_file.empty())
    return "--report: the name of the file is empty";
  if (options.test && options.bench) return "--test and --bench exclude each other";
  if ((options.test || options.bench) && (options.has_command || !options.pids.empty()))
    return fmt::format("{} traces no process: -c and -p have no meaning",
                       options.test ? "--test" : "--bench");
  return check_targets(options, raw.targets);
}

std::optional<std::string> check_formatting(const Options& options, const Raw& raw) {
  const std::string_view name = options.in_place ? "-i" : "--check";
  if ((options.in_place || options.check) && !raw.fmt)
    return fmt::format("{} goes with --fmt", name);
  if (options.in_place && options.check) return "-i and --check exclude each other";
  const auto& files = options.arguments;
  const bool no_file =
      options.has_program || std::find(files.begin(), files.end(), "-") != files.end();
  if (options.in_place && no_file) return "-i: only a file can be rewritten";
  return std::nullopt;
}

std::optional<std::string> check_mode(Options& options, const CLI::App& app, const Raw& raw) {
  if (auto problem = check_formatting(options, raw)) return problem;
  if (raw.version) {
    options.mode = Mode::Version;
  } else if (app.count("--help-function") > 0) {
    options.mode = Mode::BuiltinHelp;
  } else if (raw.info) {
    options.mode = Mode::Info;
  } else if (raw.list) {
    options.mode = Mode::List;
  } else if (!options.has_program && options.arguments.empty()) {
    return "no script: give one with -e 'PROGRAM', as a file, or '-' for stdin";
  } else if (raw.fmt) {
    options.mode = Mode::Format;
  }
  return std::nullopt;
}

// CLI11 would print one line that shows neither -e nor the parameters.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: sonde [OPTIONS] SCRIPT [PARAMETERS] [-- OPTIONS OF THE SCRIPT]\n"
           "       sonde [OPTIONS] -e 'PROGRAM' [PARAMETERS] [-- OPTIONS OF THE SCRIPT]\n"
           "       sonde SCRIPT --help\n"
           "       sonde -l [-v] [PATTERN]\n"
           "       sonde --fmt [-i | --check] FILE...\n"
           "       sonde --help-function NAME\n";
  }
};

constexpr const char* kFooter = R"(Examples:
  sonde -l 'tracepoint:syscalls:*open*'
      List tracepoints whose name has "open".
  sonde -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'
      Count system calls by process.
  sonde -e 'tracepoint:syscalls:sys_enter_openat /pid == cpid/ { printf("%s\n", str(args.filename)); }' -c 'ls /'
      Print the files that a command opens.
  sonde script.bt 42
      Run a script with $1 = 42.)";

// The index of the "--" behind which all is the script's, or argc. A value of an option of sonde's is none.
int find_separator(const CLI::App& app, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return i;
    const CLI::Option* option = word.starts_with('-') ? app.get_option_no_throw(word) : nullptr;
    if (option != nullptr && option->get_items_expected_min() > 0) ++i;
  }
  return argc;
}

// The words behind "--": `--name` and `--name=value` are options of the script, the others go on with its positional
// parameters. Behind a second "--" all are of the latter kind.
void take_script_words(Options& options, int begin, int argc, char** argv) {
  bool only_positional = false;
  for (int i = begin; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (only_positional || !word.starts_with("--")) {
      options.arguments.emplace_back(word);
    } else if (word == "--") {
      only_positional = true;
    } else if (word == "--help") {
      options.mode = Mode::ScriptHelp;
    } else {
      options.named.push_back(resolve::named_argument(word));
    }
  }
}

// Behind the name of a script --help asks for the script's.
void take_help(Options& options, const CLI::App& app) {
  options.arguments = app.get_option("arguments")->results();
  options.mode = options.arguments.empty() || app.count("-e") > 0 ? Mode::Help : Mode::ScriptHelp;
  options.help = app.help();
}

// A word as a shell reads it back.
std::string quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:=@%,";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

std::string unknown_option(const Options& options, const CLI::App& app, const std::string& what) {
  const bool has_script =
      app.count("-e") > 0 || !options.arguments.empty() || app.get_option("arguments")->count() > 0;
  return fmt::format("unknown option: {}{}", what,
                     has_script ? "; options of the script stand behind '--'" : "");
}

}  // namespace

std::expected<Options, std::string> parse_options(int argc, char** argv) {
  Options options;
  Raw raw;
  CLI::App app("High-level tracing language for Linux eBPF");
  app.set_help_flag("-h,--help", "Print this help");
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer(kFooter);
  add_run_options(app, options, raw);
  add_other_options(app, options, raw);
  const int separator = find_separator(app, argc, argv);
  try {
    app.parse(separator, argv);
  } catch (const CLI::CallForHelp&) {
    take_help(options, app);
    return options;
  } catch (const CLI::ExtrasError& error) {
    return std::unexpected(unknown_option(options, app, error.what()));
  } catch (const CLI::ArgumentMismatch& error) {
    return std::unexpected(fmt::format("an option lacks its value: {}", error.what()));
  } catch (const CLI::ParseError& error) {
    return std::unexpected(error.what());
  }
  take_script_words(options, separator + 1, argc, argv);
  for (int i = 0; i < argc; ++i) options.command_line += (i > 0 ? " " : "") + quoted(argv[i]);
  options.has_program = app.count("-e") > 0;
  options.has_command = app.count("-c") > 0;
  auto problem = check_choices(options, raw);
  if (!problem) problem = check_features(options, raw);
  if (!problem) problem = check_numbers(options, app, raw);
  if (!problem) problem = check_mode(options, app, raw);
  if (problem) return std::unexpected(*problem);
  return options;
}

}  // namespace sonde::driver
