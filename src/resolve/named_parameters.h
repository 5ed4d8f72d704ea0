// Named parameters: `getopt("name", default, "description")` in the script, `-- --name=value` on the command line.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"

namespace sonde::resolve {

// A word `--name` or `--name=value` of the command line.
struct NamedArgument {
  std::string name;
  std::optional<std::string> value;
};

// `word` begins with "--".
[[nodiscard]] NamedArgument named_argument(std::string_view word);

// Its type is that of its default.
struct NamedParameter {
  using Value = std::variant<bool, std::int64_t, std::string>;
  std::string name;
  Value value;  // The default.
  std::string description;
  diag::Location declared;  // The first getopt() that names it.
};

// The parameters that the script's probes name, in order. Reports calls of getopt() that are wrong, and two that differ.
[[nodiscard]] std::vector<NamedParameter> named_parameters(ast::Program& program,
                                                           diag::Emitter& emitter);

// Puts values in the place of all calls of getopt(): what `arguments` give, the last of one name, else the default.
// Reports arguments that the script has no parameter for, and values of another type.
void fill_named_parameters(ast::Program& program, std::vector<NamedParameter> parameters,
                           const std::vector<NamedArgument>& arguments, diag::Emitter& emitter);

// "an integer", ...
[[nodiscard]] std::string_view type_text(const NamedParameter::Value& value);
// As it would be written in a script.
[[nodiscard]] std::string value_text(const NamedParameter::Value& value);

}  // namespace sonde::resolve
