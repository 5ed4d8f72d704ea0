// Uses of maps: whether they have keys, what their keys and values are.
#include <string>
#include <utility>

#include "base/text.h"
#include "sema/adapt.h"
#include "sema/checker.h"
#include "sema/map_types.h"
#include "sema/natural.h"

namespace sonde::sema {
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
  if (!give(session_.types, map.key_given, given(session_, *key), &join_key)) {
    const auto [added, held] = distinct_names(type, map.key);
    session_.emit(kinds::MapKeyType, key->location, map.name, added, held)
        .note(map.key_at, fmt::format("'{}' here", held))
        .hint(conflict_hint(type, map.key));
    return false;
  }
  const Type* held = held_type(session_.types, map.key_given);
  if (held != map.key) {
    map.key = held;
    map.key_at = key->location;
    session_.changed = true;
  }
  adapt(session_.types, *key, held);
  return true;
}

}  // namespace sonde::sema
