#include "sema/address_space.h"

#include <utility>

namespace sonde::sema {

using types::AddressSpace;

// Pointers inside of a user space struct point to user space; in the kernel the field's own type knows better.
const Type* read_from(types::Context& types, AddressSpace space, const Type* type) {
  if (!type->is_pointer()) return type;
  if (space == AddressSpace::User) return types.with_space(type, AddressSpace::User);
  if (space == AddressSpace::Kernel && type->address_space() == AddressSpace::Unknown) {
    return types.with_space(type, AddressSpace::Kernel);
  }
  return type;
}

AddressSpace space_of(const Session& session, const ast::Expression& node) {
  const auto of_base = [&](const ast::Expression& base) {
    if (base.type != nullptr && base.type->is_pointer()) return base.type->address_space();
    return space_of(session, base);
  };
  if (const auto* member = ast::as<ast::Member>(&node)) return of_base(*member->object);
  if (const auto* index = ast::as<ast::Index>(&node)) return of_base(*index->object);
  if (const auto* unary = ast::as<ast::Unary>(&node)) return of_base(*unary->operand);
  if (const auto* use = ast::as<ast::ScratchVariable>(&node)) {
    const auto facts = session.variables.find(use->variable);
    if (facts != session.variables.end())
      return facts->second.origin.value_or(AddressSpace::Unknown);
  }
  if (const auto* access = ast::as<ast::MapAccess>(&node); access != nullptr && access->map >= 0) {
    const MapFacts& facts = session.maps.all()[static_cast<std::size_t>(access->map)];
    return facts.origin.value_or(AddressSpace::Unknown);
  }
  return AddressSpace::Unknown;
}

void note_origin(Session& session, const ProbeFacts& probe, std::optional<AddressSpace>& origin,
                 const ast::Expression& value) {
  if (value.type == nullptr || !value.type->is_record()) return;
  AddressSpace space = space_of(session, value);
  if (space == AddressSpace::Unknown) space = probe.space;
  if (origin && *origin != space) space = AddressSpace::Unknown;
  if (std::exchange(origin, space) != space) session.changed = true;
}

}  // namespace sonde::sema
