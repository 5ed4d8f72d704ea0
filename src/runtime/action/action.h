// One handler per row of plan/actions.def, in action/<name>.cpp.
#pragma once

#include <functional>

#include "diag/emitter.h"
#include "plan/manifest.h"
#include "runtime/decode.h"
#include "runtime/session.h"

namespace sonde::runtime {

// `record` is the whole record, header included, at least action.size bytes.
#define SONDE_ACTION(Id, delivery) \
  void act_##Id(Session& session, const plan::Action& action, Bytes record);
#include "plan/actions.def"

// Field `index` of the record, decoded.
[[nodiscard]] output::Value field_value(Session& session, const plan::Action& action, Bytes record,
                                        std::size_t index);
// Field `index` as a number; 0 if the action has no such field.
[[nodiscard]] std::uint64_t field_number(const plan::Action& action, Bytes record,
                                         std::size_t index);
// Of an action with a format: the text that its fields make, see output::format().
[[nodiscard]] std::string formatted(Session& session, const plan::Action& action, Bytes record,
                                    bool escape = false);
// What is no error of the script but of the machine: a warning on the sink.
void warn(Session& session, const Error& error);
// Threads that a watchpoint which has just been set does not see: a warning for each process.
void warn_of_unwatched_threads(Session& session);
// Errors and warnings of the script, on the sink.
void tell(Session& session, const diag::Emitter& emitter);
// The same with texts of the traced: `emit(emitter, escape)` has their control characters shown if `escape`, for a terminal. What is
// told in parts holds them as they are.
void tell(Session& session, const std::function<void(diag::Emitter&, bool)>& emit);
// How maps are printed where print() says nothing else.
[[nodiscard]] output::MapPrintOptions print_options(const plan::Settings& settings);

}  // namespace sonde::runtime
