// sonde --help-function NAME: what the tables say of a function, a builtin variable or a probe type, with its examples.
#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "builtins/examples.h"
#include "builtins/tables.h"
#include "driver/messages.h"
#include "driver/modes.h"

namespace sonde::driver {
namespace {

constexpr std::size_t kWidth = 80;

// The text in lines of at most kWidth characters, where its words allow it, each behind `indent`.
std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out, line{indent};
  for (const std::string_view word : split(text, ' ')) {
    if (line.size() > indent.size()) {
      if (line.size() + 1 + word.size() > kWidth) {
        out += line + "\n";
        line = indent;
      } else {
        line += ' ';
      }
    }
    line += word;
  }
  return out + line + "\n";
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) out += fmt::format("{}{}\n", indent, line);
  }
  return out;
}

std::string entry(std::string_view head, std::string_view doc, std::string_view kernel) {
  return fmt::format("{}\n{}", head, wrapped(fmt::format("{} Linux {}.", doc, kernel), "    "));
}

struct Syntax {
  std::string_view name, signature, doc;
};
constexpr Syntax kSyntax[] = {
#define SONDE_SYNTAX(name, signature, doc) {name, signature, doc},
#include "builtins/syntax.def"
};

std::string rows(std::string_view name) {
  std::string out;
  if (const builtins::Function* function = builtins::find_function(name))
    out += entry(function->signature, function->doc, function->min_kernel);
  if (const builtins::Variable* variable = builtins::find_variable(name))
    out += entry(variable->name, variable->doc, variable->min_kernel);
  if (const builtins::ProbeKind* kind = builtins::find_probe_kind(name)) {
    const auto newline = kind->doc.find('\n');
    out += entry(kind->doc.substr(0, newline), kind->doc.substr(newline + 1), kind->min_kernel);
  }
  for (const Syntax& syntax : kSyntax) {
    if (syntax.name == name)
      out += fmt::format("{}\n{}", syntax.signature, wrapped(syntax.doc, "    "));
  }
  return out;
}

std::string shown(const builtins::Example& example) {
  const std::string_view gap = example.options.empty() ? "" : " ";
  return fmt::format("\n    sonde {}{}-e '{}'\n{}", example.options, gap, example.script,
                     indented(example.text, "        "));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& function : builtins::functions()) names.emplace_back(function.name);
  for (const auto& variable : builtins::variables()) names.emplace_back(variable.name);
  for (const Syntax& syntax : kSyntax) names.emplace_back(syntax.name);
  for (const auto& kind : builtins::probe_kinds()) names.emplace_back(kind.name);
  return names;
}

}  // namespace

int print_builtin_help(const Options& options) {
  std::string_view name = options.help_builtin;
  if (name.ends_with("()")) name.remove_suffix(2);
  std::string text = rows(name);
  for (const builtins::Example& example : builtins::examples()) {
    if (example.shows(name)) text += shown(example);
  }
  if (!text.empty()) {
    fmt::print("{}", text);
    return 0;
  }
  const std::vector<std::string> near = nearest(name, all_names(), 3);
  print_error(fmt::format("no function, builtin variable or probe type is called '{}'", name),
              near.empty() ? "the manual page sonde-lang(7) has all of them"
                           : fmt::format("did you mean {}?", fmt::join(near, ", ")));
  return 1;
}

}  // namespace sonde::driver
