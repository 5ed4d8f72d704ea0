// Which memory a pointer that was read from memory leads to.
#pragma once

#include <optional>

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// Address space of the memory that a checked place expression (record, array element) lies in.
[[nodiscard]] types::AddressSpace space_of(const Session& session, const ast::Expression& node);

// Notes where a record was copied from. Copies from different spaces leave it open.
void note_origin(Session& session, const ProbeFacts& probe,
                 std::optional<types::AddressSpace>& origin, const ast::Expression& value);

// Type of a value of `type` that is read from there: pointers inside of a user space struct point to user space; in the
// kernel the field's own type knows better.
[[nodiscard]] const types::Type* read_from(types::Context& types, types::AddressSpace space,
                                           const types::Type* type);

}  // namespace sonde::sema
