#include "resolve/named_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ast/walk.h"
#include "base/text.h"
#include "builtins/tables.h"

namespace sonde::resolve {
namespace {

namespace kinds = diag::kinds;
using Value = NamedParameter::Value;

const ast::Call* as_getopt(const ast::Node& node) {
  const auto* call = ast::as<ast::Call>(&node);
  const builtins::Function* row = call != nullptr ? builtins::find_function(call->name) : nullptr;
  return row != nullptr && row->id == builtins::FunctionId::GetOpt ? call : nullptr;
}

std::optional<Value> literal_value(const ast::Expression& node) {
  if (const auto* truth = ast::as<ast::BoolLiteral>(&node)) return truth->value;
  if (const auto* text = ast::as<ast::StringLiteral>(&node)) return text->value;
  const auto* minus = ast::as<ast::Unary>(&node);
  const bool negative = minus != nullptr && minus->op == ast::UnaryOp::Minus;
  const auto* number = ast::as<ast::IntegerLiteral>(negative ? minus->operand : &node);
  if (number == nullptr || !number->fraction.empty() ||
      number->value > static_cast<std::uint64_t>(INT64_MAX))
    return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - number->value : number->value);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto magnitude = parse_u64(text.substr(negative ? 1 : 0));
  const std::uint64_t limit =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
  if (!magnitude || *magnitude > limit) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

// `text` as a value of the type that `like` has.
std::optional<Value> parse_value(const std::optional<std::string>& text, const Value& like) {
  if (std::holds_alternative<bool>(like)) {
    if (!text || *text == "true" || *text == "1") return true;
    if (*text == "false" || *text == "0") return false;
    return std::nullopt;
  }
  if (!text) return std::nullopt;
  if (std::holds_alternative<std::string>(like)) return *text;
  const auto number = parse_integer(*text);
  return number ? std::optional<Value>(*number) : std::nullopt;
}

class Collector {
 public:
  explicit Collector(diag::Emitter& emitter) : emitter_(emitter) {}

  void add(const ast::Call& call) {
    const builtins::Function& row = *builtins::find_function(call.name);
    const std::size_t count = call.arguments.size();
    if (count < row.min_arguments || count > row.max_arguments) {
      emitter_.emit(kinds::ArgumentCount, call.location, call.name, "1 to 3 arguments", count)
          .hint(std::string(row.signature));
      return;
    }
    const auto* name = ast::as<ast::StringLiteral>(call.arguments[0]);
    if (name == nullptr) return not_literal(call, 0, "string");
    if (!valid_name(call, *name)) return;
    std::optional<Value> value = false;
    if (count > 1) value = literal_value(*call.arguments[1]);
    if (!value) return not_literal(call, 1, "integer, boolean or string");
    NamedParameter parameter{name->value, std::move(*value), {}, call.location};
    if (count > 2) {
      const auto* text = ast::as<ast::StringLiteral>(call.arguments[2]);
      if (text == nullptr) return not_literal(call, 2, "string");
      parameter.description = text->value;
    }
    merge(std::move(parameter));
  }

  std::vector<NamedParameter> take() { return std::move(found_); }

 private:
  void not_literal(const ast::Call& call, std::size_t index, std::string what) {
    emitter_.emit(kinds::ArgumentNotLiteral, call.arguments[index]->location, call.name, index + 1,
                  std::move(what));
  }

  bool valid_name(const ast::Call& call, const ast::StringLiteral& name) {
    std::string why;
    if (name.value.empty() || name.value.starts_with('-') ||
        name.value.find_first_of("= \t\n") != std::string::npos) {
      why = "this is not the name of an option";
    } else if (name.value == "help") {
      why = "--help lists the options of the script";
    }
    if (why.empty()) return true;
    emitter_.emit(kinds::ArgumentRange, name.location, call.name, 1, std::move(why));
    return false;
  }

  void merge(NamedParameter added) {
    for (NamedParameter& known : found_) {
      if (known.name != added.name) continue;
      if (known.description.empty()) known.description = added.description;
      if (known.value == added.value) return;
      emitter_
          .emit(kinds::OptionDefault, added.declared, added.name, value_text(added.value),
                value_text(known.value))
          .note(known.declared, fmt::format("{} here", value_text(known.value)));
      return;
    }
    found_.push_back(std::move(added));
  }

  diag::Emitter& emitter_;
  std::vector<NamedParameter> found_;
};

NamedParameter* find(std::vector<NamedParameter>& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const NamedParameter& p) { return p.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

void report_unknown(const std::string& name, const std::vector<NamedParameter>& parameters,
                    diag::Emitter& emitter) {
  std::vector<std::string> names;
  std::vector<std::string> spelled;
  for (const NamedParameter& parameter : parameters) {
    names.push_back(parameter.name);
    spelled.push_back("--" + parameter.name);
  }
  std::vector<std::string> near = nearest(name, names);
  for (std::string& each : near) each.insert(0, "--");
  emitter.emit(kinds::UnknownOption, diag::Location(), name)
      .hint(diag::did_you_mean(near))
      .hint(names.empty()
                ? "it calls getopt() nowhere; behind a second '--' everything is $1, $2, ..."
                : fmt::format("its options are {}", fmt::join(spelled, ", ")));
}

void apply(NamedParameter& parameter, const NamedArgument& argument, diag::Emitter& emitter) {
  std::optional<Value> value = parse_value(argument.value, parameter.value);
  if (value) {
    parameter.value = std::move(*value);
    return;
  }
  emitter
      .emit(kinds::OptionValue, parameter.declared, argument.name,
            std::string(type_text(parameter.value)),
            argument.value ? "'" + *argument.value + "'" : "nothing")
      .hint(argument.value ? "" : fmt::format("write it behind a '=': --{}=VALUE", argument.name));
}

ast::Expression* make_literal(ast::Arena& arena, const diag::Location& where, const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value))
    return arena.make<ast::BoolLiteral>(where, *truth);
  if (const auto* text = std::get_if<std::string>(&value))
    return arena.make<ast::StringLiteral>(where, *text);
  const auto number = std::get<std::int64_t>(value);
  return arena.make<ast::IntegerLiteral>(where, static_cast<std::uint64_t>(number),
                                         fmt::format("{}", number));
}

}  // namespace

NamedArgument named_argument(std::string_view word) {
  const std::size_t equals = word.find('=');
  NamedArgument argument{std::string(word.substr(2, equals - 2)), std::nullopt};
  if (equals != std::string_view::npos) argument.value = word.substr(equals + 1);
  return argument;
}

std::string_view type_text(const Value& value) {
  static constexpr std::string_view kTexts[] = {"true or false", "an integer", "a string"};
  return kTexts[value.index()];
}

std::string value_text(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return "\"" + escape(*text) + "\"";
  return fmt::format("{}", std::get<std::int64_t>(value));
}

std::vector<NamedParameter> named_parameters(ast::Program& program, diag::Emitter& emitter) {
  Collector collector(emitter);
  for (ast::Probe& probe : program.probes) {
    ast::walk(probe, [&](ast::Node& node) {
      if (const ast::Call* call = as_getopt(node)) collector.add(*call);
    });
  }
  return collector.take();
}

void fill_named_parameters(ast::Program& program, std::vector<NamedParameter> parameters,
                           const std::vector<NamedArgument>& arguments, diag::Emitter& emitter) {
  for (const NamedArgument& argument : arguments) {
    NamedParameter* parameter = find(parameters, argument.name);
    if (parameter != nullptr) {
      apply(*parameter, argument, emitter);
    } else {
      report_unknown(argument.name, parameters, emitter);
    }
  }
  for (ast::Probe& probe : program.probes) {
    ast::rewrite(probe, [&](ast::Expression& node) -> ast::Expression* {
      const ast::Call* call = as_getopt(node);
      if (call == nullptr) return &node;
      const auto* name =
          call->arguments.empty() ? nullptr : ast::as<ast::StringLiteral>(call->arguments.front());
      const NamedParameter* parameter = name != nullptr ? find(parameters, name->value) : nullptr;
      // A wrong call has been reported.
      return make_literal(*program.arena, call->location,
                          parameter != nullptr ? parameter->value : Value(std::int64_t{0}));
    });
  }
}

}  // namespace sonde::resolve
