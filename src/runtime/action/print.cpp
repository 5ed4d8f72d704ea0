// printf(), print(value), join(), cat() and system().
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <variant>

#include "base/fd.h"
#include "diag/emitter.h"
#include "runtime/action/action.h"
#include "runtime/shell.h"
#include "types/located.h"

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

struct Contents {
  std::string bytes;
  int error = 0;  // errno
};

// At most `limit` bytes. What would make us wait (a pipe, a terminal) fails with EAGAIN instead.
Contents read_some(const std::string& path, std::size_t limit) {
  Contents contents;
  const OwnedFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) {
    contents.error = errno;
    return contents;
  }
  char chunk[16384];
  while (contents.bytes.size() < limit) {
    const std::size_t want = std::min(sizeof chunk, limit - contents.bytes.size());
    const ssize_t got = ::read(file.get(), chunk, want);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) contents.error = errno;
    if (got <= 0) break;
    contents.bytes.append(chunk, static_cast<std::size_t>(got));
  }
  return contents;
}

}  // namespace

std::string formatted(Session& session, const plan::Action& action, Bytes record, bool escape) {
  return output::format(format_of(session, action), arguments_of(session, action, record), escape);
}

void act_Cat(Session& session, const plan::Action& action, Bytes record) {
  const std::string path = formatted(session, action, record);
  const std::uint32_t limit = session.manifest.settings.max_cat_bytes;
  Contents contents = read_some(path, std::size_t{limit} + 1);
  const bool is_cut = contents.bytes.size() > limit;
  if (is_cut) contents.bytes.resize(limit);
  if (!contents.bytes.empty()) session.sink.cat(contents.bytes);
  if (contents.error == 0 && !is_cut) return;
  tell(session, [&](diag::Emitter& emitter, bool escape) {
    const std::string shown = formatted(session, action, record, escape);
    if (contents.error != 0) {
      emitter.emit(diag::kinds::FileNotShown, action.location, shown,
                   std::string(std::strerror(contents.error)));
    } else {
      emitter.emit(diag::kinds::FileCut, action.location, shown, limit)
          .hint("raise it with: config = { max_cat_bytes = ... }");
    }
  });
}

void act_Printf(Session& session, const plan::Action& action, Bytes record) {
  session.sink.printf(format_of(session, action), arguments_of(session, action, record));
}

void act_System(Session& session, const plan::Action& action, Bytes record) {
  const auto output = run_shell(formatted(session, action, record));
  if (!output) return warn(session, output.error());
  // Through the sink, so that it stands in order, and in the file of -o.
  session.sink.printf(plan::Format{*output, {types::FormatPiece{*output, std::nullopt}}}, {});
}

// The texts of a trace event come as fields of their own, in the order of those of its record.
void act_PrintValue(Session& session, const plan::Action& action, Bytes record) {
  output::Value value = field_value(session, action, record, 0);
  std::size_t next = 1;
  if (auto* fields = std::get_if<output::RecordValue>(&value.data); fields != nullptr) {
    for (const types::Field& field : action.fields[0].type->record()->fields) {
      if (next == action.fields.size()) break;
      if (!types::is_located_text(field)) continue;
      const auto place = std::ranges::find(fields->fields, field.name,
                                           &std::pair<std::string, output::Value>::first);
      if (place != fields->fields.end())
        place->second = field_value(session, action, record, next++);
    }
  }
  session.sink.value(value);
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
