// exit(), time() and failed helpers.
#include <cstring>

#include "diag/emitter.h"
#include "runtime/action/action.h"
#include "runtime/clock.h"

namespace sonde::runtime {

void act_Exit(Session& session, const plan::Action& action, Bytes record) {
  if (session.exit_code) return;  // The first one counts.
  session.exit_code = static_cast<int>(static_cast<std::int64_t>(field_number(action, record, 0)));
}

void act_Time(Session& session, const plan::Action& action, Bytes) {
  const plan::Format& format = session.manifest.formats[static_cast<std::size_t>(action.format)];
  session.sink.time(format_time(format.text, boot_nanoseconds() + boot_to_epoch()));
}

void act_LoopCut(Session& session, const plan::Action& action, Bytes) {
  diag::Emitter emitter;
  emitter.emit(diag::kinds::LoopCut, action.location, plan::kMaxLoopTurns);
  tell(session, emitter);
}

void act_IndexOutside(Session& session, const plan::Action& action, Bytes record) {
  diag::Emitter emitter;
  emitter.emit(diag::kinds::IndexOutside, action.location,
               static_cast<std::int64_t>(field_number(action, record, 0)),
               field_number(action, record, 1));
  tell(session, emitter);
}

void act_KeyToDelete(Session& session, const plan::Action& action, Bytes) {
  diag::Emitter emitter;
  emitter.emit(diag::kinds::KeyToDelete, action.location,
               session.manifest.maps[static_cast<std::size_t>(action.map)].name);
  tell(session, emitter);
}

void act_HelperError(Session& session, const plan::Action& action, Bytes record) {
  const auto error = static_cast<std::int64_t>(field_number(action, record, 0));
  const auto code = static_cast<int>(error < 0 ? -error : error);
  diag::Emitter emitter;
  emitter.emit(diag::kinds::HelperFailed, action.location, action.text,
               std::string(std::strerror(code)));
  tell(session, emitter);
}

// errorf() and assert().
namespace {

// A line break at the end is the habit from printf(): the message ends its line by itself.
std::string message(Session& session, const plan::Action& action, Bytes record, bool escape) {
  std::string text = formatted(session, action, record, escape);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

void act_ErrorMessage(Session& session, const plan::Action& action, Bytes record) {
  ++session.errors;
  tell(session, [&](diag::Emitter& emitter, bool escape) {
    emitter.emit(diag::kinds::ScriptError, action.location,
                 message(session, action, record, escape));
  });
}

// warnf()
void act_WarningMessage(Session& session, const plan::Action& action, Bytes record) {
  tell(session, [&](diag::Emitter& emitter, bool escape) {
    emitter.emit(diag::kinds::ScriptWarning, action.location,
                 message(session, action, record, escape));
  });
}

}  // namespace sonde::runtime
