// The command line as data.
#pragma once

#include <bitset>
#include <expected>
#include <set>
#include <string>
#include <vector>

#include "output/sink.h"
#include "plan/target.h"
#include "resolve/named_parameters.h"

namespace sonde::driver {

enum class Format : std::uint8_t { Text, Json, Folded, Pprof };

enum class Mode : std::uint8_t { Run, List, Info, Format, Help, ScriptHelp, BuiltinHelp, Version };

struct Options {
  Mode mode = Mode::Run;
  std::string help;          // For Mode::Help: the text.
  std::string program;       // -e
  bool has_program = false;  //
  std::vector<std::string>
      arguments;  // Script file (unless -e) and its positional parameters, -l's pattern, --fmt's files.
  std::vector<resolve::NamedArgument> named;  // The script's options, behind '--'.
  std::vector<std::string> include_folders;   // -I
  std::string command;                        // -c
  bool has_command = false;
  std::vector<std::uint32_t> pids;                        // -p, each once
  bool follow = false;                                    // --follow
  std::vector<std::string> comms;                         // --comm, as the kernel cuts names
  std::string cgroup;                                     // --cgroup
  std::string container;                                  // --container
  std::string output_file;                                // -o
  std::string report_file;                                // --report
  std::string command_line;                               // As it was given, quoted for a shell.
  Format format = Format::Text;                           // -f
  output::Buffering buffering = output::Buffering::Line;  // -B
  std::string help_builtin;                               // --help-function
  bool quiet = false;                                     // -q
  bool verbose = false;                                   // -v
  bool unsafe = false;                                    // --unsafe
  bool check_helpers = false;                             // -k
  bool dry_run = false;                                   // --dry-run
  bool no_warnings = false;                               // --no-warnings
  bool verify_ir = false;                                 // --verify-llvm-ir
  bool sync_detach = false;                               // --sync-detach
  bool test = false;                                      // --test
  bool bench = false;                                     // --bench
  bool in_place = false;                                  // -i, with --fmt
  bool check = false;                                     // --check, with --fmt
  std::bitset<plan::kFeatureCount> without;               // --no-feature
  std::vector<std::string> include_files;                 // --include
  int notify_fd = -1;                                     // --notify-fd
  std::string emit_elf;                                   // --emit-elf
  std::string emit_llvm;                                  // --emit-llvm
  std::set<std::string> debug;                            // -d: stage names; "all" is expanded.

  [[nodiscard]] bool shows(const std::string& stage) const { return debug.contains(stage); }
};

// The error is a message for the user that names the option. argv[0] is the program.
[[nodiscard]] std::expected<Options, std::string> parse_options(int argc, char** argv);

}  // namespace sonde::driver
