#include "runtime/action/action.h"

#include <fmt/format.h>

#include "base/check.h"

namespace sonde::runtime {

output::Value field_value(Session& session, const plan::Action& action, Bytes record,
                          std::size_t index) {
  const plan::EventField& field = action.fields[index];
  SONDE_CHECK(field.offset <= record.size());
  return decode(*field.type, record.subspan(field.offset), session.names);
}

std::uint64_t field_number(const plan::Action& action, Bytes record, std::size_t index) {
  if (index >= action.fields.size()) return 0;
  const plan::EventField& field = action.fields[index];
  SONDE_CHECK(field.offset <= record.size());
  return read_integer(record.subspan(field.offset), field.type->size() * 8,
                      field.type->is_signed());
}

void warn(Session& session, const Error& error) {
  session.sink.warning(fmt::format("WARNING: {}\n", error.message()));
}

}  // namespace sonde::runtime
