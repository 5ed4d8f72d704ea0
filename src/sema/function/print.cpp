// print(): maps, values, and the arguments of probes.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "sema/fold.h"
#include "sema/function/format.h"
#include "sema/function/function.h"
#include "sema/map_types.h"
#include "sema/programs.h"
#include "sema/user_arguments.h"
#include "types/located.h"

namespace sonde::sema::function {
namespace {

using types::TypeKind;

plan::Action::Printed what_becomes_of(const ast::Call& print) {
  if (print.pair == nullptr) return plan::Action::Printed::Kept;
  const bool is_clear =
      builtins::find_function(print.pair->name)->id == builtins::FunctionId::Clear;
  return is_clear ? plan::Action::Printed::Removed : plan::Action::Printed::Zeroed;
}

// Texts behind the numbers, each of which is one choice.
void choose_order(Use& use, std::size_t first, plan::Action& action) {
  using MapsBy = plan::Settings::MapsBy;
  for (std::size_t i = first; i < use.count(); ++i) {
    const ast::StringLiteral* word = use.literal_string(i);
    if (word == nullptr) continue;
    const bool is_by = word->value == "key" || word->value == "value";
    const bool is_order = word->value == "ascending" || word->value == "descending";
    if (!is_by && !is_order) {
      use.out_of_range(i, "it is none of \"key\", \"value\", \"ascending\" and \"descending\"");
    } else if (is_by ? action.by.has_value() : action.descending.has_value()) {
      use.out_of_range(i, "that is chosen already");
    } else if (is_by) {
      action.by = word->value == "key" ? MapsBy::Key : MapsBy::Value;
    } else {
      action.descending = word->value == "descending";
    }
  }
}

// Checks top and divisor; how many of them there are.
std::size_t check_numbers(Use& use) {
  std::size_t i = 1;
  for (; i < use.count(); ++i) {
    const Type* type = use.checker.value(use.argument(i));
    if (type != nullptr && type->is_string()) break;
    if (i > 2) {
      use.wrong_type(i, "\"key\", \"value\", \"ascending\" or \"descending\"");
      continue;
    }
    if (use.integer(i) == nullptr) continue;
    const auto known = constant_value(*use.argument(i));
    if (known && known->negative()) use.out_of_range(i, "it must not be negative");
    if (known && known->bits == 0 && i == 2) use.out_of_range(i, "the divisor must not be 0");
  }
  return i - 1;
}

const Type* print_map(Use& use, ast::MapAccess& access) {
  MapFacts* map = whole_map(use.session(), access);
  const std::size_t numbers = check_numbers(use);
  plan::Action action;
  choose_order(use, numbers + 1, action);
  if (map == nullptr) return use.types().void_type();
  action.kind = plan::ActionKind::PrintMap;
  action.map = map->index;
  action.printed = what_becomes_of(use.call);
  action.together = use.call.together;
  map->has_intervals |= use.call.pair != nullptr;
  action.fields = {{0, use.types().uint64()}, {0, use.types().uint64()}};
  return use.send(std::move(action));
}

// One value of stats() or of a histogram, added up over all CPUs by the program. Nothing if it is none, or too much for one: then it
// is checked as any value is. Null after an error.
std::optional<const Type*> printed_aggregation(Use& use) {
  constexpr std::uint64_t kMostWords =
      16'384;  // The verifier walks through each addition, of a million instructions.
  auto* access = ast::as<ast::MapAccess>(use.argument(0));
  if (access == nullptr || access->key == nullptr || use.count() > 1) return std::nullopt;
  Session& session = use.session();
  const Type* type = session.maps.get(access->name, access->location).value;
  if (type == nullptr) return std::nullopt;
  if (!type->is(TypeKind::Stats) && !type->is(TypeKind::Hist) && !type->is(TypeKind::LinearHist))
    return std::nullopt;
  if (std::uint64_t{type->size()} / 8 * session.options.cpus > kMostWords) return std::nullopt;
  const std::string what = "reading " + access->name + " in a probe";
  if (use.checker.element(*access) == nullptr ||
      !session.require(plan::Feature::MapLookupPerCpu, what, access->location)) {
    return nullptr;
  }
  access->type = type;
  return type;
}

bool printable(Use& use, const Type* type) {
  if (!type->is_record() || type->record()->complete()) return true;
  use.session()
      .emit(kinds::UnknownType, use.argument(0)->location, type->name())
      .hint("it is declared, but its definition is not known");
  return false;
}

// The texts of a trace event lie behind its record: they are sent beside it, in the order of the fields.
void add_located_texts(Use& use, const Type* type, plan::Action& action) {
  const auto* name = ast::as<ast::Identifier>(use.argument(0));
  if (name == nullptr || name->variable == nullptr || !type->is_record()) return;
  const std::uint32_t capacity =
      std::min(use.session().options.settings.max_strlen, types::kLocatedText);
  for (const types::Field& field : type->record()->fields) {
    if (types::is_located_text(field)) action.fields.push_back({0, use.types().string(capacity)});
  }
}

const Type* send_value(Use& use, const Type* type) {
  plan::Action action;
  action.kind = plan::ActionKind::PrintValue;
  action.fields = {{0, type, is_script_text(*use.argument(0))}};
  add_located_texts(use, type, action);
  return use.send(std::move(action));
}

// The records that `args` are at the places of a probe, each layout once.
std::vector<const Type*> layouts_of_arguments(const ProbeFacts& probe) {
  std::vector<const Type*> found;
  for (const plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.args == nullptr) return {};
    const bool is_known = std::ranges::any_of(
        found, [&](const Type* known) { return same_layout(known, point.args); });
    if (!is_known) found.push_back(point.args);
  }
  return found;
}

// print(args) where the places have several layouts. Places of one layout share a program, and each program prints its own: an
// action for each, one behind the other. Null if this is not such a call.
const Type* print_arguments(Use& use) {
  auto* name = ast::as<ast::Identifier>(use.argument(0));
  const builtins::Variable* row = name != nullptr ? builtins::find_variable(name->name) : nullptr;
  if (row == nullptr || row->id != builtins::VariableId::Args || use.count() > 1) return nullptr;
  const std::vector<const Type*> layouts = layouts_of_arguments(use.checker.probe());
  if (layouts.size() < 2) return nullptr;
  name->variable = row;
  name->type = layouts.front();
  use.checker.probe().uses_args = true;
  const Type* none = use.types().void_type();
  if (!keep_arguments(use.session(), use.checker.probe(), name->location, nullptr)) return none;
  int first = -1;
  for (const Type* layout : layouts) {
    if (!printable(use, layout) || send_value(use, layout) == nullptr) return none;
    if (first < 0) first = use.call.action;
  }
  use.call.action = first;
  return none;
}

}  // namespace

const Type* check_Print(Use& use) {
  auto* access = ast::as<ast::MapAccess>(use.argument(0));
  if (access != nullptr && access->key == nullptr) return print_map(use, *access);
  if (const Type* done = print_arguments(use)) return done;
  const Type* none = use.types().void_type();
  const std::optional<const Type*> aggregation = printed_aggregation(use);
  const Type* type = aggregation ? *aggregation : use.checker.value(use.argument(0));
  for (std::size_t i = 1; i < use.count(); ++i) use.checker.value(use.argument(i));
  if (type == nullptr || !printable(use, type)) return none;
  if (use.count() > 1) {
    use.wrong_type(0, "a map if more arguments follow",
                   "print((a, b)) prints several values, printf() formats them");
    return none;
  }
  return send_value(use, type);
}

}  // namespace sonde::sema::function
