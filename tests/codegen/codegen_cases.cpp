// Script -> what its programs ask of the kernel: the maps of the object and, for each function, the helpers in the order of
// the code. Neither registers nor instructions, so that only a change of what a script does changes a case.
#include <fmt/format.h>
#include <gtest/gtest.h>

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

// What "\tcall 14" or "\tcall name" calls, "" for any other line. Counting a loss is of no interest.
std::string_view called(std::string_view line) {
  constexpr std::string_view kCall = "call ";
  line = trim(line);
  if (!line.starts_with(kCall)) return {};
  const std::string_view text = line.substr(kCall.size());
  if (text == "sonde_count_loss") return {};
  const auto number = parse_u64(text);
  return number ? codegen::name(static_cast<codegen::Helper>(*number)) : text;
}

// "name" of "name: # @name" and "name:"; "" for lines that are no label of a symbol.
std::string_view label(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with('.') || line.starts_with('\t') ||
      line.starts_with("LBB")) {
    return {};
  }
  return line.substr(0, colon);
}

std::string summary(const std::string& assembly) {
  std::string functions;
  std::set<std::string, std::less<>> maps;
  bool in_maps = false;
  bool in_internal = false;  // A function that counts losses.
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("\t.section")) in_maps = line.find(".maps") != std::string::npos;
    if (line.starts_with("\t.section\t.BTF")) break;
    if (const std::string_view callee = called(line); !callee.empty() && !in_internal) {
      functions += fmt::format("  {}\n", callee);
    } else if (const std::string_view name = label(line); !name.empty()) {
      in_internal = name.starts_with("sonde_");
      if (in_maps) {
        maps.emplace(name);
      } else if (!in_internal && !name.starts_with("_")) {
        functions += fmt::format("{}\n", name);
      }
    }
  }
  return fmt::format("maps: {}\n{}", fmt::join(maps, " "), functions);
}

std::string run_codegen(const test::Case& c) {
  test::AnalysisOptions options;
  options.parameters = c.arguments;
  options.sema.unsafe = true;
  const auto analysis = test::analyze(c.file_name, c.script, options);
  if (analysis->emitter.has_errors()) return analysis->messages();
  const auto output = codegen::generate(analysis->plan, analysis->sources,
                                        {.verify_ir = true, .want_assembly = true});
  if (!output) return output.error().message() + "\n";
  EXPECT_FALSE(output->elf.empty());
  return summary(output->assembly);
}

[[maybe_unused]] const int registered = test::register_cases("codegen", run_codegen);

}  // namespace
}  // namespace sonde
