#include "sema/user_arguments.h"

#include <algorithm>

#include "plan/entry_words.h"

namespace sonde::sema {

bool is_args(const ast::Expression& node) {
  const auto* name = ast::as<ast::Identifier>(&node);
  if (name == nullptr || name->variable == nullptr) return false;
  // `ctx` of an iterator is the same record.
  const bool is_context = name->variable->id == builtins::VariableId::Ctx;
  return name->variable->id == builtins::VariableId::Args ||
         (is_context && name->type != nullptr && name->type->is_record());
}

bool has_user_arguments(const ProbeFacts& probe) {
  return std::ranges::any_of(probe.resolved->attach_points,
                             [](const plan::AttachPoint& point) { return point.user != nullptr; });
}

bool is_missing_argument(Session& session, const ProbeFacts& probe, const ast::Member& node) {
  for (const plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.user == nullptr) continue;
    for (const plan::UserSignature::Missing& missing : point.user->missing) {
      if (missing.name != node.field) continue;
      session.emit(kinds::ValueNotReadable, node.field_location,
                   fmt::format("argument '{}'", node.field), missing.reason);
      return true;
    }
  }
  return false;
}

bool keep_arguments(Session& session, ProbeFacts& probe, const Location& where,
                    const std::string* name) {
  for (const plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.user == nullptr || !point.kind->has(builtins::kRetval)) continue;
    const std::vector<types::Field>& fields = point.user->args->record()->fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (name != nullptr && fields[i].name != *name) continue;
      const auto words =
          plan::entry_words(session.options.arch, point.user->places[i], fields[i].type->size());
      if (!words) {
        session.emit(kinds::ValueNotReadable, where, fmt::format("argument '{}'", fields[i].name),
                     "it lies too far up the stack to be kept until the return");
        return false;
      }
      probe.used_arguments |= plan::entry_bits(*words);
    }
  }
  return true;
}

}  // namespace sonde::sema
