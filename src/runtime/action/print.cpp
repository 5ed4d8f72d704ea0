// printf(), print(value), join() and system().
#include "runtime/action/action.h"
#include "runtime/shell.h"

namespace sonde::runtime {

namespace {

std::vector<output::Value> arguments_of(Session& session, const plan::Action& action,
                                        Bytes record) {
  std::vector<output::Value> arguments;
  arguments.reserve(action.fields.size());
  for (std::size_t i = 0; i < action.fields.size(); ++i) {
    arguments.push_back(field_value(session, action, record, i));
  }
  return arguments;
}

const plan::Format& format_of(const Session& session, const plan::Action& action) {
  return session.manifest.formats[static_cast<std::size_t>(action.format)];
}

}  // namespace

void act_Printf(Session& session, const plan::Action& action, Bytes record) {
  session.sink.printf(format_of(session, action), arguments_of(session, action, record));
}

void act_System(Session& session, const plan::Action& action, Bytes record) {
  const std::string command =
      output::format(format_of(session, action), arguments_of(session, action, record));
  const auto output = run_shell(command);
  if (!output) return warn(session, output.error());
  // Through the sink, so that it stands in order, and in the file of -o.
  session.sink.printf(plan::Format{*output, {types::FormatPiece{*output, std::nullopt}}}, {});
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
  if (count >= action.fields.size())
    text += action.text + session.manifest.settings.str_trunc_trailer;
  session.sink.join(text);
}

}  // namespace sonde::runtime
