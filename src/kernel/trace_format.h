// The text of a trace event's `format` file as a record. Kept apart from tracefs so that it works on any text.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "kernel/view.h"
#include "types/type.h"

namespace sonde::kernel {

// What the text only names. Each may return null for "unknown".
struct TypeNames {
  // May be incomplete: only pointers to it are made.
  std::function<const types::Type*(std::string_view, types::Record::Keyword)> lazy_record;
  std::function<const types::Type*(std::string_view, types::Record::Keyword)> record;
  std::function<const types::Type*(std::string_view)> enumeration;
  std::function<const types::Type*(std::string_view)> type_alias;
};

// `category` and `name` say what the text describes: the fields of syscalls:* hold the registers of the traced program,
// so their pointers point into user memory and 8 bytes are given to each however narrow its type is.
//
// c_type of a field is its C type without the name; an array's ends with the brackets ("char[16]"), a dynamic array
// keeps its mark ("__data_loc char[]"). See types::declaration().
[[nodiscard]] Result<TracepointFormat> parse_trace_format(std::string_view text,
                                                          std::string_view category,
                                                          std::string_view name,
                                                          types::Context& types,
                                                          const TypeNames& names);

}  // namespace sonde::kernel
