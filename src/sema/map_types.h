// What maps hold: the join of all that is written to them. Their keys are learned where the key expressions are checked.
#pragma once

#include <string>
#include <utility>

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// Reports a map that nothing writes, at most once per place.
bool known(Session& session, MapFacts& map, const Location& where);

// The map as a whole, as print() takes it. Null after an error.
MapFacts* whole_map(Session& session, ast::MapAccess& node);

// Type of an element that is read: of an aggregation the number that it comes to. Null after an error.
const Type* value_of(Session& session, const MapFacts& map, const Location& where);

// A value of this type is written. Its exact type is null if it is not known yet.
void write(Session& session, MapFacts& map, const Given& type, const Location& where);

// Names of two types that differ, with their parameters where the names alone do not tell them apart.
[[nodiscard]] std::pair<std::string, std::string> distinct_names(const Type* left,
                                                                 const Type* right);

}  // namespace sonde::sema
