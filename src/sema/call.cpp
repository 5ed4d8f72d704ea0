// Calls: which row of builtins/functions.def is meant, and what holds for all functions alike.
#include <string>
#include <vector>

#include "base/text.h"
#include "sema/function/function.h"
#include "sema/parameters.h"
#include "sema/unknown.h"

namespace sonde::sema {
namespace {

constexpr function::Handler kHandlers[] = {
#define SONDE_FUNCTION(Id, name, min, max, flags, kernel, signature, doc) &function::check_##Id,
#include "builtins/functions.def"
};

std::string count_text(const builtins::Function& row) {
  const auto plural = [](std::uint32_t n) { return n == 1 ? "argument" : "arguments"; };
  if (row.min_arguments == row.max_arguments) {
    return row.min_arguments == 0
               ? "no arguments"
               : fmt::format("{} {}", row.min_arguments, plural(row.min_arguments));
  }
  if (row.min_arguments == 0) {
    return fmt::format("at most {} {}", row.max_arguments, plural(row.max_arguments));
  }
  constexpr std::uint32_t kAsManyAsYouLike = 16;
  if (row.max_arguments >= kAsManyAsYouLike) {
    return fmt::format("at least {} {}", row.min_arguments, plural(row.min_arguments));
  }
  return fmt::format("{} to {} arguments", row.min_arguments, row.max_arguments);
}

// True if the signature has a string at `index`. One with several forms is left to its handler.
bool takes_string(const builtins::Function& row, std::size_t index) {
  const std::string_view name = row.name;
  const std::size_t second = row.signature.find(std::string(name) + "(", name.size());
  if (second != std::string_view::npos) return false;
  const std::vector<std::string_view> parameters = split(row.signature, ',');
  return index < parameters.size() && parameters[index].find("string ") != std::string_view::npos;
}

}  // namespace

const Type* Checker::check(ast::Call& node, ast::Expression*& slot) {
  const bool aggregation_allowed = std::exchange(aggregation_allowed_, false);
  const builtins::Function* row = builtins::find_function(node.name);
  if (row == nullptr) {
    const builtins::Variable* variable = builtins::find_variable(node.name);
    const plan::CFunction* imported =
        variable == nullptr ? session_.find_c_function(node.name) : nullptr;
    if (imported != nullptr) return c_call(node, *imported);
    if (variable == nullptr) {
      report_unknown(session_, node);
      return nullptr;
    }
    const Type* type = builtin(*variable, node.location, &node);
    if (type == nullptr) return nullptr;
    // `pid()` is `pid`.
    auto* name = session_.program.arena->make<ast::Identifier>(node.location, node.name);
    name->variable = variable;
    slot = name;
    return type;
  }
  node.function = row;
  const std::size_t count = node.arguments.size();
  if (count < row->min_arguments || count > row->max_arguments) {
    diag::Builder report =
        session_.emit(kinds::ArgumentCount, node.location, node.name, count_text(*row), count);
    const auto* map = count > 0 ? ast::as<ast::MapAccess>(node.arguments[0]) : nullptr;
    if (row->is(builtins::kAggregation) && map != nullptr) {
      report.hint(fmt::format("the map stands on the left: {} = {}", map->name, row->signature));
    } else {
      report.hint(std::string(row->signature));
    }
    return nullptr;
  }
  if (row->is(builtins::kUnsafe) && !session_.options.unsafe) {
    session_.emit(kinds::UnsafeNotAllowed, node.name_location, node.name)
        .hint("if that is wanted: sonde --unsafe ...");
    return nullptr;
  }
  if (row->is(builtins::kAsksThread) && !knows_thread(*row, node.name_location)) return nullptr;
  if (row->is(builtins::kAggregation) && !aggregation_allowed) {
    session_.emit(kinds::AggregationOutsideMap, node.location, node.name)
        .hint(fmt::format("@map = {}", row->signature));
    return nullptr;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (takes_string(*row, i)) take_text(session_, node.arguments[i]);
  }
  function::Use use{*this, node, slot, *row};
  return kHandlers[static_cast<std::size_t>(row->id)](use);
}

// False, with a diagnostic, in probes whose programs may not ask who runs.
bool Checker::knows_thread(const builtins::Function& row, const Location& where) {
  for (const builtins::ProbeKind* kind : probe_.kinds) {
    if (kind->has(builtins::kThread)) continue;
    session_.emit(kinds::BuiltinNotHere, where, std::string(row.name), std::string(kind->name))
        .hint(no_thread_hint(*kind));
    return false;
  }
  return true;
}

int Checker::add_action(plan::Action action) {
  if (!session_.final_pass) return -1;
  session_.plan.manifest.actions.push_back(std::move(action));
  return static_cast<int>(session_.plan.manifest.actions.size()) - 1;
}

}  // namespace sonde::sema
