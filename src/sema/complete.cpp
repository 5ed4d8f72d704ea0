#include "sema/complete.h"

namespace sonde::sema {
namespace {

void complete(const Type* type) {
  if (type == nullptr) return;
  switch (type->kind()) {
    case types::TypeKind::Record:
      type->record()->complete();
      for (const types::Field& field : type->record()->fields) complete(field.type);
      break;
    case types::TypeKind::Array: complete(type->element()); break;
    case types::TypeKind::Tuple:
      for (const Type* element : type->elements()) complete(element);
      break;
    default: break;
  }
}

}  // namespace

void complete_records(Session& session) {
  for (const plan::Action& action : session.plan.manifest.actions) {
    for (const plan::EventField& field : action.fields) complete(field.type);
  }
  for (const plan::Map& map : session.plan.manifest.maps) {
    complete(map.key);
    complete(map.value);
  }
  for (const ProbeFacts& probe : session.probes) {
    if (!probe.uses_args) continue;
    for (const plan::AttachPoint& point : probe.resolved->attach_points) complete(point.args);
  }
}

}  // namespace sonde::sema
