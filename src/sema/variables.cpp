// Builtin variables: one row of builtins/variables.def each; those whose type depends on the probe have a handler here.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "builtins/probe_type.h"
#include "sema/checker.h"
#include "sema/programs.h"
#include "sema/user_arguments.h"

namespace sonde::sema {
namespace {

using types::AddressSpace;
using types::TypeKind;

constexpr std::uint32_t kCommBytes = 16;  // TASK_COMM_LEN

using Handler = const Type* (*)(Checker&, const Location&);

const Type* check_CurTask(Checker& checker, const Location&) {
  Session& session = checker.session();
  const Type* task = session.host.record ? session.host.record("task_struct") : nullptr;
  if (task == nullptr) return session.types.uint64();
  return session.types.pointer(task, AddressSpace::Kernel);
}

const Type* check_Args(Checker& checker, const Location& where) { return checker.arguments(where); }

// "int32 arg0, uint64 arg1"
std::string describe(const std::vector<plan::UsdtArgument>& arguments) {
  std::string text;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    text += fmt::format("{}{} arg{}", i == 0 ? "" : ", ", plan::type_name(arguments[i]), i);
  return text;
}

// Static probes say how many arguments they have, how wide they are and which have a sign.
const Type* numbered(Checker& checker, const Location& where, std::size_t index) {
  Session& session = checker.session();
  checker.probe().uses_numbered.set(index);
  bool is_signed = true;
  for (const plan::AttachPoint& point : checker.probe().resolved->attach_points) {
    if (point.kind == nullptr || point.kind->id != builtins::ProbeKindId::Usdt) {
      is_signed = false;
      continue;
    }
    if (index >= point.usdt_arguments.size()) {
      session.emit(kinds::NoNumberedArgument, where, point.name, fmt::format("arg{}", index))
          .hint(point.usdt_arguments.empty()
                    ? "it has no arguments"
                    : fmt::format("it has {}", describe(point.usdt_arguments)));
      return nullptr;
    }
    const plan::UsdtArgument& argument = point.usdt_arguments[index];
    if (argument.form == plan::UsdtArgument::Form::Unreadable) {
      session.emit(kinds::ArgumentUnreadable, where, fmt::format("arg{}", index), point.name,
                   argument.problem);
      return nullptr;
    }
    is_signed = is_signed && argument.is_signed;
  }
  const bool has_places = !checker.probe().resolved->attach_points.empty();
  return has_places && is_signed ? session.types.int64() : session.types.uint64();
}
const Type* check_Arg0(Checker& c, const Location& where) { return numbered(c, where, 0); }
const Type* check_Arg1(Checker& c, const Location& where) { return numbered(c, where, 1); }
const Type* check_Arg2(Checker& c, const Location& where) { return numbered(c, where, 2); }
const Type* check_Arg3(Checker& c, const Location& where) { return numbered(c, where, 3); }
const Type* check_Arg4(Checker& c, const Location& where) { return numbered(c, where, 4); }
const Type* check_Arg5(Checker& c, const Location& where) { return numbered(c, where, 5); }
const Type* check_Arg6(Checker& c, const Location& where) { return numbered(c, where, 6); }
const Type* check_Arg7(Checker& c, const Location& where) { return numbered(c, where, 7); }
const Type* check_Arg8(Checker& c, const Location& where) { return numbered(c, where, 8); }
const Type* check_Arg9(Checker& c, const Location& where) { return numbered(c, where, 9); }
const Type* check_Arg10(Checker& c, const Location& where) { return numbered(c, where, 10); }
const Type* check_Arg11(Checker& c, const Location& where) { return numbered(c, where, 11); }

// Of functions of programs. Where they differ, as those of a pattern do, it is the register.
const Type* user_result(Checker& checker, const Location& where) {
  Session& session = checker.session();
  const std::vector<plan::AttachPoint>& points = checker.probe().resolved->attach_points;
  const auto has_problem = [](const plan::AttachPoint& point) {
    return point.user != nullptr && !point.user->result_problem.empty();
  };
  if (std::ranges::all_of(points, has_problem)) {
    session.emit(kinds::ValueNotReadable, where, "'retval'", points.front().user->result_problem);
    return nullptr;
  }
  const auto is_void = [](const plan::AttachPoint& point) {
    return point.user != nullptr && point.user->result_text == "void";
  };
  if (std::ranges::all_of(points, is_void)) {
    session.emit(kinds::ValueNotReadable, where, "'retval'",
                 fmt::format("'{}' returns nothing (void)", points.front().symbol));
    return nullptr;
  }
  const Type* type = points.front().retval;
  const bool is_same = std::ranges::all_of(
      points, [&](const plan::AttachPoint& point) { return point.retval == type; });
  return is_same && type != nullptr ? type : session.types.uint64();
}

const Type* check_Retval(Checker& checker, const Location& where) {
  Session& session = checker.session();
  const std::vector<plan::AttachPoint>& points = checker.probe().resolved->attach_points;
  const bool is_user = std::ranges::any_of(
      points, [](const plan::AttachPoint& point) { return point.user != nullptr; });
  if (is_user) return user_result(checker, where);
  const plan::AttachPoint* first = nullptr;
  for (const plan::AttachPoint& point : points) {
    if (first == nullptr) first = &point;
    if (point.retval == first->retval) continue;
    const auto name = [&](const plan::AttachPoint& p) {
      return p.retval != nullptr ? p.retval->name() : "uint64";
    };
    session
        .emit(kinds::UnsupportedFeature, where,
              fmt::format("'retval' of both {} ('{}') and {} ('{}')", first->name, name(*first),
                          point.name, name(point)))
        .hint("write two probes");
    return nullptr;
  }
  return first != nullptr && first->retval != nullptr ? first->retval : session.types.uint64();
}

// Room for the longest of the names.
template <class Name>
const Type* longest(Checker& checker, Name name) {
  std::size_t bytes = 0;
  for (const plan::AttachPoint& point : checker.probe().resolved->attach_points) {
    bytes = std::max(bytes, name(point).size());
  }
  return checker.session().types.string(static_cast<std::uint32_t>(bytes) + 1);
}

const Type* check_Func(Checker& checker, const Location&) {
  checker.probe().uses_function_name = true;
  return longest(checker,
                 [](const plan::AttachPoint& point) { return std::string_view(point.symbol); });
}

const Type* check_Probe(Checker& checker, const Location&) {
  checker.probe().uses_probe_name = true;
  return longest(checker,
                 [](const plan::AttachPoint& point) { return std::string_view(point.name); });
}

const Type* check_ProbeType(Checker& checker, const Location&) {
  if (checker.probe().kinds.size() > 1) checker.probe().uses_probe_name = true;
  std::size_t bytes = 0;
  for (const builtins::ProbeKind* kind : checker.probe().kinds)
    bytes = std::max(bytes, builtins::probe_type(*kind).size());
  return checker.session().types.string(static_cast<std::uint32_t>(bytes) + 1);
}

const Type* check_HasCPid(Checker& checker, const Location&) {
  return checker.session().types.bool_type();
}

const Type* check_UserMode(Checker& checker, const Location&) {
  return checker.session().types.integer(8, false);
}

const Type* default_stack(Checker& checker, TypeKind kind) {
  Session& session = checker.session();
  return session.stack_type(kind, session.options.settings.stack_mode, plan::kMaxStackDepth);
}
const Type* check_KStack(Checker& checker, const Location&) {
  return default_stack(checker, TypeKind::KernelStack);
}
const Type* check_UStack(Checker& checker, const Location&) {
  return default_stack(checker, TypeKind::UserStack);
}

const Type* check_Username(Checker& checker, const Location&) {
  return checker.session().types.simple(TypeKind::Username);
}

// The context of an iterator is the record of its arguments.
const Type* check_Ctx(Checker& checker, const Location& where) {
  const auto& places = checker.probe().resolved->attach_points;
  const auto is_iterator = [](const plan::AttachPoint& point) {
    return point.kind->has(builtins::kReadThrough);
  };
  if (!places.empty() && std::ranges::all_of(places, is_iterator)) return checker.arguments(where);
  checker.probe().uses_context = true;
  types::Context& types = checker.session().types;
  return types.pointer(types.void_type(), AddressSpace::Kernel);
}

// Rows with a fixed type have no handler.
struct Row {
  builtins::VariableType type;
  Handler handler;
};
#define SONDE_HANDLER_U32(Id) nullptr
#define SONDE_HANDLER_U64(Id) nullptr
#define SONDE_HANDLER_I64(Id) nullptr
#define SONDE_HANDLER_Comm(Id) nullptr
#define SONDE_HANDLER_Dynamic(Id) &check_##Id
constexpr Row kRows[] = {
#define SONDE_VARIABLE(Id, name, type, capability, kernel, doc) \
  {builtins::VariableType::type, SONDE_HANDLER_##type(Id)},
#include "builtins/variables.def"
};

const Type* fixed_type(types::Context& types, builtins::VariableType type) {
  switch (type) {
    case builtins::VariableType::U32: return types.uint32();
    case builtins::VariableType::U64: return types.uint64();
    case builtins::VariableType::I64: return types.int64();
    case builtins::VariableType::Comm: return types.string(kCommBytes);
    case builtins::VariableType::Dynamic: break;
  }
  SONDE_UNREACHABLE();
}

// "fentry, fexit": the kinds that offer `capability`.
std::string kinds_with(std::uint32_t capability) {
  std::string text;
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) {
    if ((kind.capabilities & capability) == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(kind.name);
  }
  return text;
}

std::string not_here_hint(const builtins::Variable& row, const builtins::ProbeKind& kind) {
  if (row.capability == builtins::kThread) return no_thread_hint(kind);
  if (row.capability == builtins::kArgs && kind.has(builtins::kArgN)) {
    return fmt::format("{} probes have arg0, arg1, ...; typed 'args' exist in {}", kind.name,
                       kinds_with(row.capability));
  }
  if (row.capability == builtins::kArgN && kind.has(builtins::kArgs)) {
    return fmt::format("{} probes have typed arguments: args.NAME", kind.name);
  }
  return fmt::format("it exists in {} probes", kinds_with(row.capability));
}

}  // namespace

std::string no_thread_hint(const builtins::ProbeKind& kind) {
  return fmt::format(
      "{} probes run when a packet passes, in whatever is on the CPU: the packet is what 'args' "
      "tells",
      kind.name);
}

const Type* Checker::builtin(const builtins::Variable& row, const Location& where,
                             const ast::Call* call) {
  if (row.capability != builtins::kNone) {
    for (const builtins::ProbeKind* kind : probe_.kinds) {
      if ((kind->capabilities & row.capability) != 0) continue;
      session_.emit(kinds::BuiltinNotHere, where, std::string(row.name), std::string(kind->name))
          .hint(not_here_hint(row, *kind));
      return nullptr;
    }
  }
  if (call != nullptr && !call->arguments.empty()) {
    session_.emit(kinds::ArgumentCount, where, std::string(row.name), "no arguments",
                  call->arguments.size());
    return nullptr;
  }
  if (row.is(builtins::kNeedsChild) && !session_.options.has_child)
    session_.emit(kinds::NoChild, where).hint("run it with: -c COMMAND");
  if (row.capability == builtins::kArgN) {
    probe_.used_arguments |=
        1U << (static_cast<unsigned>(row.id) - static_cast<unsigned>(builtins::VariableId::Arg0));
  }
  const Row& type = kRows[static_cast<std::size_t>(row.id)];
  if (type.handler != nullptr) return type.handler(*this, where);
  return fixed_type(session_.types, type.type);
}

const Type* Checker::arguments(const Location& where) {
  probe_.uses_args = true;
  const Type* first = nullptr;
  for (const plan::AttachPoint& point : probe_.resolved->attach_points) {
    if (point.args == nullptr) {
      const bool has_numbers = point.kind != nullptr && point.kind->has(builtins::kArgN);
      std::string hint = point.why_untyped;
      if (has_numbers) hint += hint.empty() ? "use arg0, arg1, ..." : "; or use arg0, arg1, ...";
      session_.emit(kinds::NoArguments, where, point.name).hint(std::move(hint));
      return nullptr;
    }
    if (first == nullptr) first = point.args;
    // Of one argument record_field() sees to it that all places have the same.
    if (names_one_argument_ || same_layout(first, point.args)) continue;
    session_
        .emit(kinds::UnsupportedFeature, where,
              fmt::format("'args' as a whole of both {} and {}",
                          probe_.resolved->attach_points.front().name, point.name))
        .hint(
            "print(args) prints each by its own layout; otherwise write two probes, or name the "
            "fields: args.NAME");
    return nullptr;
  }
  if (!names_one_argument_ && !keep_arguments(session_, probe_, where, nullptr)) return nullptr;
  return first;
}

}  // namespace sonde::sema
