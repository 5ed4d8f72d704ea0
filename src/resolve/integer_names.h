// Integer types by the names that scripts and C use.
#pragma once

#include <string_view>

#include "types/type.h"

namespace sonde::resolve {

// Null for any other name. "unsigned long" stands with single spaces.
[[nodiscard]] inline const types::Type* integer_type(types::Context& types, std::string_view name) {
  struct Row {
    std::string_view name;
    std::uint32_t bits;
    bool is_signed;
  };
  static constexpr Row kRows[] = {
#define SONDE_INTEGER_TYPE(name, bits, is_signed) {name, bits, is_signed},
#include "resolve/c_types.def"
  };
  for (const Row& row : kRows) {
    if (row.name == name) return types.integer(row.bits, row.is_signed);
  }
  return nullptr;
}

}  // namespace sonde::resolve
