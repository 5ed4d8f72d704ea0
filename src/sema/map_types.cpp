#include "sema/map_types.h"

#include <vector>

#include "base/text.h"
#include "sema/unknown.h"

namespace sonde::sema {
namespace {

std::vector<std::string> written_maps(Session& session) {
  std::vector<std::string> names;
  for (const MapFacts& map : session.maps.all()) {
    if (map.written) names.push_back(map.name);
  }
  return names;
}

std::string quantiles_name(const Type& type) {
  std::string text = "quantiles(...";
  for (const std::int64_t percentage : type.percentages()) {
    text += fmt::format(", {:g}", static_cast<double>(percentage) / types::kPercent);
  }
  return text + ")";
}

std::string series_name(const Type& type) {
  constexpr std::string_view kKinds[] = {"last", "avg", "max", "min", "sum"};
  return fmt::format("tseries(..., {}, {}, {})", type.series_interval(), type.series_count(),
                     kKinds[static_cast<std::size_t>(type.series_kind())]);
}

}  // namespace

// Names of two types that differ, with their parameters where the names alone do not tell them apart.
std::pair<std::string, std::string> distinct_names(const Type* left, const Type* right) {
  const auto with_parameters = [](const Type* type) {
    switch (type->kind()) {
      case types::TypeKind::Hist: return fmt::format("hist(..., {})", type->hist_bits());
      case types::TypeKind::LinearHist:
        return fmt::format("lhist(..., {}, {}, {})", type->lhist_min(), type->lhist_max(),
                           type->lhist_step());
      case types::TypeKind::Quantiles: return quantiles_name(*type);
      case types::TypeKind::TimeSeries: return series_name(*type);
      case types::TypeKind::Top:
        return fmt::format("top({}, {})", type->element()->name(), type->top_shown());
      case types::TypeKind::KernelStack:
      case types::TypeKind::UserStack: {
        return fmt::format("{}({}, {})", type->name(),
                           types::kStackModeNames[static_cast<std::size_t>(type->stack_mode())],
                           type->stack_limit());
      }
      default: return type->name();
    }
  };
  if (left->name() != right->name()) return {left->name(), right->name()};
  return {with_parameters(left), with_parameters(right)};
}

bool known(Session& session, MapFacts& map, const Location& where) {
  if (map.value != nullptr) return true;
  if (!session.final_pass) return false;
  if (!map.written) {
    diag::Builder report = session.emit(kinds::UndefinedMap, where, map.name);
    std::string hint = hint_for_sigil(map.name);
    if (hint.empty()) hint = diag::did_you_mean(nearest(map.name, written_maps(session)));
    report.hint(hint.empty() ? fmt::format("write to it somewhere: {} = ...", map.name) : hint);
  } else if (!session.emitter->has_errors()) {
    // Written, but only with values that depend on the map itself.
    session.emit(kinds::UndefinedMap, where, map.name)
        .hint("its type cannot be told from what is written to it");
  }
  return false;
}

MapFacts* whole_map(Session& session, ast::MapAccess& node) {
  MapFacts& map = session.maps.get(node.name, node.location);
  node.map = map.index;
  node.type = map.value;
  return known(session, map, node.location) ? &map : nullptr;
}

const Type* value_of(Session& session, const MapFacts& map, const Location& where) {
  using types::TypeKind;
  const Type* type = map.value;
  if (type == nullptr || !type->is_aggregation()) return type;
  const bool has_number = type->is(TypeKind::Count) || type->is(TypeKind::Sum) ||
                          type->is(TypeKind::Min) || type->is(TypeKind::Max) ||
                          type->is(TypeKind::Average);
  if (!has_number) {
    session.emit(kinds::AggregationNotAValue, where, map.name, type->name())
        .hint(fmt::format("print({}) shows it", map.name));
    return nullptr;
  }
  // The partial results of all CPUs are added up in the probe, which needs to read the others' values.
  if (!session.require(plan::Feature::MapLookupPerCpu, "reading " + map.name + " in a probe",
                       where)) {
    return nullptr;
  }
  return session.types.integer(64, type->is(TypeKind::Count) || type->is_signed());
}

void write(Session& session, MapFacts& map, const Given& type, const Location& where) {
  map.written = true;
  if (type.exact == nullptr) return;
  // What this value is made of may have another type since the last pass.
  const bool is_anew =
      type.exact->is_pointer() && map.value_at == where && map.value_given.exact != type.exact;
  if (is_anew) map.value_given = {};
  bool fits = give(session.types, map.value_given, type, &join);
  if (!fits && map.value_at == where) {
    map.value_given = {};
    fits = give(session.types, map.value_given, type, &join);
  }
  if (!fits) {
    const auto [added, held] = distinct_names(type.exact, map.value);
    diag::Builder report = session.emit(kinds::MapValueType, where, map.name, added, held);
    report.note(map.value_at, fmt::format("'{}' here", held));
    report.hint(conflict_hint(type.exact, map.value));
    if (map.value->is_aggregation() != type.exact->is_aggregation()) {
      report.hint(
          "an aggregation and other values cannot share a map; clear() or zero() resets an "
          "aggregation");
    }
    return;
  }
  const Type* held = held_type(session.types, map.value_given);
  if (held != map.value) {
    map.value = held;
    map.value_at = where;
    session.changed = true;
  }
}

}  // namespace sonde::sema
