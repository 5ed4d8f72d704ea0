// Fields of trace events whose data lies behind the event's record, see FieldAccess.
#pragma once

#include "types/type.h"

namespace sonde::types {

// A string of such a field: its length is known only when the event happens.
[[nodiscard]] inline bool is_located_text(const Field& field) {
  return field.access != FieldAccess::Direct && field.type->is(TypeKind::Array) &&
         field.type->element()->size() == 1;
}
// The most bytes of it that are kept, unless `max_strlen` is less.
inline constexpr std::uint32_t kLocatedText = 256;

}  // namespace sonde::types
