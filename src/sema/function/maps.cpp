// delete, has_key, find, len, and what the map actions clear and zero share.
#include "sema/function/function.h"
#include "sema/map_types.h"
#include "sema/variable_types.h"

namespace sonde::sema::function {
namespace {

const Type* map_action(Use& use, plan::ActionKind kind) {
  const MapFacts* map = use.map(0);
  if (map == nullptr) return nullptr;
  if (use.call.pair != nullptr) return use.types().void_type();  // print() does it.
  plan::Action action;
  action.kind = kind;
  action.map = map->index;
  return use.send(std::move(action));
}

// The map as a whole in front of a key of it. Null after an error.
MapFacts* keyed_map(Use& use, std::size_t key_index) {
  MapFacts* map = use.map(0);
  if (map == nullptr) return nullptr;
  const Location& where = use.argument(0)->location;
  if (map->keyed == MapFacts::Keyed::No) {
    use.session()
        .emit(kinds::MapHasNoKey, where, map->name)
        .note(map->keyed_at, "used without a key here");
    return nullptr;
  }
  return use.checker.key(*map, use.argument(key_index)) ? map : nullptr;
}

}  // namespace

const Type* check_Clear(Use& use) { return map_action(use, plan::ActionKind::ClearMap); }
const Type* check_Zero(Use& use) { return map_action(use, plan::ActionKind::ZeroMap); }

const Type* check_Delete(Use& use) {
  const Type* result = use.types().bool_type();
  if (use.count() == 2) return keyed_map(use, 1) != nullptr ? result : nullptr;
  auto* access = ast::as<ast::MapAccess>(use.argument(0));
  if (access != nullptr && access->key != nullptr) {
    // The older spelling delete(@map[key]) becomes delete(@map, key).
    ast::Expression* key = access->key;
    use.call.arguments = {
        use.session().program.arena->make<ast::MapAccess>(access->location, access->name, nullptr),
        key};
    return keyed_map(use, 1) != nullptr ? result : nullptr;
  }
  const MapFacts* map = use.map(0);
  if (map == nullptr) return nullptr;
  if (map->keyed == MapFacts::Keyed::Yes) {
    use.session()
        .emit(kinds::MapNeedsKey, access->location, map->name)
        .note(map->keyed_at, "used with a key here")
        .hint(fmt::format("delete({0}, key) removes one key, clear({0}) all of them", map->name));
    return nullptr;
  }
  return result;
}

const Type* check_HasKey(Use& use) {
  return keyed_map(use, 1) != nullptr ? use.types().bool_type() : nullptr;
}

const Type* check_Find(Use& use) {
  const MapFacts* map = keyed_map(use, 1);
  auto* variable = ast::as<ast::ScratchVariable>(use.argument(2));
  if (variable == nullptr) {
    if (use.checker.value(use.argument(2)) != nullptr)
      use.wrong_type(2, "a variable", "let $value;");
    return nullptr;
  }
  const Type* type =
      map != nullptr ? value_of(use.session(), *map, use.argument(0)->location) : nullptr;
  if (type == nullptr || !give_variable(use.session(), *variable, type)) return nullptr;
  return use.types().bool_type();
}

const Type* check_Len(Use& use) {
  if (use.argument(0)->kind != ast::NodeKind::MapAccess) {
    const Type* type = use.checker.value(use.argument(0));
    if (type == nullptr || type->is_stack()) return type != nullptr ? use.types().int64() : nullptr;
    return use.wrong_type(0, "a map or a stack",
                          type->is_string() ? "strlen() gives the length of a string" : "");
  }
  const MapFacts* map = use.map(0);
  if (map == nullptr) return nullptr;
  if (map->keyed == MapFacts::Keyed::No) {
    return use.wrong_type(0, "a map with keys");
  }
  if (!use.session().require(plan::Feature::ForEachMap, "len() of a map", use.call.location))
    return nullptr;
  return use.types().int64();
}

}  // namespace sonde::sema::function
