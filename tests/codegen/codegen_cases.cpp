// Script -> what its programs ask of the kernel: the maps of the object and, for each function, the helpers in the order of
// the code. Neither registers nor instructions, so that only a change of what a script does changes a case.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <set>
#include <sstream>

#include "base/check.h"
#include "base/text.h"
#include "codegen/codegen.h"
#include "codegen/helpers.h"
#include "sema/analysis.h"
#include "support/case_runner.h"

namespace sonde {
namespace {

// The helper of "\tcall 14", "" for any other line.
std::string_view called_helper(std::string_view line) {
  constexpr std::string_view kCall = "call ";
  line = trim(line);
  if (!line.starts_with(kCall)) return {};
  std::uint32_t number = 0;
  const std::string_view text = line.substr(kCall.size());
  std::from_chars(text.data(), text.data() + text.size(), number);
  return codegen::name(static_cast<codegen::Helper>(number));
}

// "name" of "name: # @name" and "name:"; "" for lines that are no label of a symbol.
std::string_view label(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with('.') || line.starts_with('\t') || line.starts_with("LBB")) {
    return {};
  }
  return line.substr(0, colon);
}

std::string summary(const std::string& assembly) {
  std::string functions;
  std::set<std::string, std::less<>> maps;
  bool in_maps = false;
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("\t.section")) in_maps = line.find(".maps") != std::string::npos;
    if (line.starts_with("\t.section\t.BTF")) break;
    if (const std::string_view helper = called_helper(line); !helper.empty()) {
      functions += fmt::format("  {}\n", helper);
    } else if (const std::string_view name = label(line); !name.empty()) {
      if (in_maps) {
        maps.emplace(name);
      } else if (!name.starts_with("sonde_") && !name.starts_with("_")) {
        functions += fmt::format("{}\n", name);
      }
    }
  }
  return fmt::format("maps: {}\n{}", fmt::join(maps, " "), functions);
}

std::string run_codegen(const test::Case& c) {
  test::AnalysisOptions options;
  options.parameters = c.arguments;
  const auto analysis = test::analyze(c.file_name, c.script, options);
  if (analysis->emitter.has_errors()) return analysis->messages();
  const auto output = codegen::generate(analysis->plan, analysis->sources, {.verify_ir = true, .want_assembly = true});
  if (!output) return output.error().message() + "\n";
  EXPECT_FALSE(output->elf.empty());
  return summary(output->assembly);
}

[[maybe_unused]] const int registered = test::register_cases("codegen", run_codegen);

}  // namespace
}  // namespace sonde
