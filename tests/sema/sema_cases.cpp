// Cases of sema: the diagnostics with their ids, then the plan unless there are errors. `// ARGS:` may hold
//   types         show the tree with its types instead of the plan
//   unsafe        functions that change the system are allowed
//   no_fentry     a kernel that lets no program into its functions
//   no_child      no command is given with -c
//   -IDIR         headers lie there
//   lacks=FEATURE a host without this kernel feature, named as in plan/features.def
//   has=FEATURE   a host with a limit that the usual one does not have
//   --NAME=VALUE  an option of the script
//   WORD          any other word is a parameter of the script: $1, $2, ...
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "ast/printer.h"
#include "sema/analysis.h"
#include "support/case_runner.h"

namespace sonde::test {
namespace {

constexpr std::string_view kFeatures[] = {
#define SONDE_FEATURE(Id, name, kernel, marker) #Id,
#include "plan/features.def"
};

// Of "lacks=NAME" and "has=NAME"; nullopt if there is none of the name.
std::optional<std::size_t> feature_index(std::string_view argument) {
  const auto* row = std::ranges::find(kFeatures, argument.substr(argument.find('=') + 1));
  if (row == std::end(kFeatures)) return std::nullopt;
  return static_cast<std::size_t>(row - std::begin(kFeatures));
}

std::string run(const Case& c) {
  AnalysisOptions options;
  bool types = false;
  for (const std::string& argument : c.arguments) {
    if (argument == "types") {
      types = true;
    } else if (argument == "unsafe") {
      options.sema.unsafe = true;
    } else if (argument == "no_fentry") {
      options.host.refuses_fentry = true;
    } else if (argument == "no_child") {
      options.sema.has_child = false;
    } else if (argument.starts_with("-I")) {
      options.headers.include_folders.push_back(argument.substr(2));
    } else if (argument.starts_with("lacks=") || argument.starts_with("has=")) {
      const auto feature = feature_index(argument);
      if (!feature) return "no feature " + argument;
      options.host.missing_features.set(*feature, argument.starts_with("lacks="));
    } else if (argument.starts_with("--")) {
      options.named.push_back(resolve::named_argument(argument));
    } else {
      options.parameters.push_back(argument);
    }
  }
  const auto result = analyze(c.file_name, c.script, options);
  std::string text = result->messages();
  if (result->emitter.has_errors()) return text;
  return text +
         (types ? ast::print(result->program, {.types = true}) : plan::dump(result->plan.manifest));
}

const int kRegistered = register_cases("sema", run);

}  // namespace
}  // namespace sonde::test
