// types::Record has private state, so designated initialisers do not serve; this is the usual beginning of one.
#pragma once

#include <string>
#include <string_view>

#include "types/type.h"

namespace sonde::kernel {

[[nodiscard]] inline types::Record named_record(std::string_view name,
                                                types::Record::Keyword keyword) {
  types::Record record;
  record.name = name;
  record.keyword = keyword;
  return record;
}

}  // namespace sonde::kernel
