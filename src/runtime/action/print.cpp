// printf(), print(value) and join().
#include "runtime/action/action.h"

namespace sonde::runtime {

void act_Printf(Session& session, const plan::Action& action, Bytes record) {
  std::vector<output::Value> arguments;
  arguments.reserve(action.fields.size());
  for (std::size_t i = 0; i < action.fields.size(); ++i) {
    arguments.push_back(field_value(session, action, record, i));
  }
  session.sink.printf(session.manifest.formats[static_cast<std::size_t>(action.format)], arguments);
}

void act_PrintValue(Session& session, const plan::Action& action, Bytes record) {
  session.sink.value(field_value(session, action, record, 0));
}

void act_Join(Session& session, const plan::Action& action, Bytes record) {
  const std::uint64_t count = field_number(action, record, 0);
  std::string text;
  for (std::size_t i = 1; i < action.fields.size() && i <= count; ++i) {
    if (i > 1) text += action.text;
    text += output::to_text(field_value(session, action, record, i));
  }
  session.sink.join(text);
}

}  // namespace sonde::runtime
