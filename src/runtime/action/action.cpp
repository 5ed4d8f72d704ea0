#include "runtime/action/action.h"

#include <fmt/format.h>

#include "base/check.h"

namespace sonde::runtime {

output::Value field_value(Session& session, const plan::Action& action, Bytes record,
                          std::size_t index) {
  const plan::EventField& field = action.fields[index];
  SONDE_CHECK(field.offset <= record.size());
  output::Value value = decode(*field.type, record.subspan(field.offset), session.names);
  if (auto* text = std::get_if<output::Text>(&value.data)) text->is_literal = field.is_literal;
  return value;
}

std::uint64_t field_number(const plan::Action& action, Bytes record, std::size_t index) {
  if (index >= action.fields.size()) return 0;
  const plan::EventField& field = action.fields[index];
  SONDE_CHECK(field.offset <= record.size());
  return read_integer(record.subspan(field.offset), field.type->size() * 8,
                      field.type->is_signed());
}

void warn(Session& session, const Error& error) {
  session.sink.message({.text = error.message(), .hint = error.hint});
  session.sink.warning(fmt::format("WARNING: {}\n", error.message()));
}

namespace {

void tell_in_parts(Session& session, const diag::Emitter& emitter) {
  for (const diag::Diagnostic& diagnostic : emitter.all()) {
    session.sink.message({.is_error = diagnostic.level == diag::Level::Error,
                          .text = diagnostic.text,
                          .place = session.sources.describe(diagnostic.where),
                          .hint = diagnostic.hints.empty() ? "" : diagnostic.hints.front()});
  }
}

}  // namespace

void tell(Session& session, const diag::Emitter& emitter) {
  tell_in_parts(session, emitter);
  session.sink.warning(diag::render_all(emitter, session.sources));
}

void tell(Session& session, const std::function<void(diag::Emitter&, bool)>& emit) {
  diag::Emitter plain;
  emit(plain, false);
  if (!session.escape_messages || plain.all().empty()) return tell(session, plain);
  tell_in_parts(session, plain);
  diag::Emitter shown;
  emit(shown, true);
  session.sink.warning(diag::render_all(shown, session.sources));
}

output::MapPrintOptions print_options(const plan::Settings& settings) {
  return {.by = settings.print_maps_by, .descending = settings.print_maps_descending};
}

}  // namespace sonde::runtime
