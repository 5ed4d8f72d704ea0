// Uses of maps: whether they have keys, what their keys and values are.
#include <string>
#include <utility>

#include "base/text.h"
#include "sema/checker.h"

namespace sonde::sema {
namespace {

std::vector<std::string> written_maps(Session& session) {
  std::vector<std::string> names;
  for (const MapFacts& map : session.maps.all()) {
    if (map.written) names.push_back(map.name);
  }
  return names;
}

// Names of two types that differ, with their parameters where the names alone do not tell them apart.
std::pair<std::string, std::string> distinct_names(const Type* left, const Type* right) {
  const auto with_parameters = [](const Type* type) {
    switch (type->kind()) {
      case types::TypeKind::Hist: return fmt::format("hist(..., {})", type->hist_bits());
      case types::TypeKind::LinearHist:
        return fmt::format("lhist(..., {}, {}, {})", type->lhist_min(), type->lhist_max(),
                           type->lhist_step());
      case types::TypeKind::KernelStack:
      case types::TypeKind::UserStack:
        return fmt::format("{} of {} frames", type->name(), type->stack_limit());
      default: return type->name();
    }
  };
  if (left->name() != right->name()) return {left->name(), right->name()};
  return {with_parameters(left), with_parameters(right)};
}

}  // namespace

bool Checker::known(MapFacts& map, const Location& where) {
  if (map.value != nullptr) return true;
  if (!session_.final_pass) return false;
  if (!map.written) {
    diag::Builder report = session_.emit(kinds::UndefinedMap, where, map.name);
    std::string hint = hint_for_sigil(map.name);
    if (hint.empty()) hint = diag::did_you_mean(nearest(map.name, written_maps(session_)));
    report.hint(hint.empty() ? fmt::format("write to it somewhere: {} = ...", map.name) : hint);
  } else if (!session_.emitter->has_errors()) {
    // Written, but only with values that depend on the map itself.
    session_.emit(kinds::UndefinedMap, where, map.name)
        .hint("its type cannot be told from what is written to it");
  }
  return false;
}

MapFacts* Checker::whole_map(ast::MapAccess& node) {
  MapFacts& map = session_.maps.get(node.name, node.location);
  node.map = map.index;
  node.type = map.value;
  return known(map, node.location) ? &map : nullptr;
}

MapFacts* Checker::element(ast::MapAccess& node) {
  MapFacts& map = session_.maps.get(node.name, node.location);
  node.map = map.index;
  const MapFacts::Keyed keyed = node.key != nullptr ? MapFacts::Keyed::Yes : MapFacts::Keyed::No;
  if (map.keyed == MapFacts::Keyed::Unknown) {
    map.keyed = keyed;
    map.keyed_at = node.location;
    session_.changed = true;
  }
  if (node.key == nullptr) {
    if (map.keyed == keyed) return &map;
    session_.emit(kinds::MapNeedsKey, node.location, map.name)
        .note(map.keyed_at, "used with a key here");
    return nullptr;
  }
  if (map.keyed == keyed) return key(map, node.key) ? &map : nullptr;
  value(node.key);
  session_.emit(kinds::MapHasNoKey, node.location, map.name)
      .note(map.keyed_at, "used without a key here");
  return nullptr;
}

bool Checker::key(MapFacts& map, ast::Expression*& key) {
  const Type* type = copied(key);
  if (type == nullptr) return false;
  if (type->size() == 0) {
    session_.emit(kinds::EmptyKey, key->location, map.name)
        .hint(fmt::format("a map of one value needs no key: {}", map.name));
    return false;
  }
  if (!give(session_.types, map.key_given, given(*key), &join_key)) {
    session_.emit(kinds::MapKeyType, key->location, map.name, type->name(), map.key->name())
        .note(map.key_at, fmt::format("'{}' here", map.key->name()))
        .hint(conflict_hint(type, map.key));
    return false;
  }
  const Type* held = held_type(session_.types, map.key_given);
  if (held != map.key) {
    map.key = held;
    map.key_at = key->location;
    session_.changed = true;
  }
  adapt(*key, held);
  return true;
}

const Type* Checker::value_of(const MapFacts& map, const Location& where) {
  using types::TypeKind;
  const Type* type = map.value;
  if (type == nullptr || !type->is_aggregation()) return type;
  const bool has_number = type->is(TypeKind::Count) || type->is(TypeKind::Sum) ||
                          type->is(TypeKind::Min) || type->is(TypeKind::Max) ||
                          type->is(TypeKind::Average);
  if (!has_number) {
    session_.emit(kinds::AggregationNotAValue, where, map.name, type->name())
        .hint(fmt::format("print({}) shows it", map.name));
    return nullptr;
  }
  // The partial results of all CPUs are added up in the probe, which needs to read the others' values.
  if (!session_.require(plan::Feature::MapLookupPerCpu, "reading " + map.name + " in a probe",
                        where)) {
    return nullptr;
  }
  return session_.types.integer(64, type->is(TypeKind::Count) || type->is_signed());
}

void Checker::write(MapFacts& map, const Given& type, const Location& where) {
  map.written = true;
  if (type.exact == nullptr) return;
  if (!give(session_.types, map.value_given, type, &join)) {
    const auto [added, held] = distinct_names(type.exact, map.value);
    diag::Builder report = session_.emit(kinds::MapValueType, where, map.name, added, held);
    report.note(map.value_at, fmt::format("'{}' here", held));
    report.hint(conflict_hint(type.exact, map.value));
    if (map.value->is_aggregation() != type.exact->is_aggregation()) {
      report.hint(
          "an aggregation and other values cannot share a map; clear() or zero() resets an "
          "aggregation");
    }
    return;
  }
  const Type* held = held_type(session_.types, map.value_given);
  if (held != map.value) {
    map.value = held;
    map.value_at = where;
    session_.changed = true;
  }
}

}  // namespace sonde::sema
