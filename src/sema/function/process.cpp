// Clocks, ids of processes and threads, registers, address spaces.
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "plan/machine.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::AddressSpace;

// The index of the bare word that chooses one of `modes`; nullopt after an error.
std::optional<std::size_t> mode(Use& use, std::string_view what,
                                std::span<const std::string_view> modes) {
  const std::vector<std::string> names(modes.begin(), modes.end());
  const auto* word = ast::as<ast::Identifier>(use.argument(0));
  if (word != nullptr) {
    const auto found = std::find(modes.begin(), modes.end(), word->name);
    if (found != modes.end()) return static_cast<std::size_t>(found - modes.begin());
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  const std::string given = word != nullptr ? fmt::format("there is no {} '{}'", what, word->name)
                                            : fmt::format("the {} is a bare word", what);
  const std::string nearest_name =
      word != nullptr ? diag::did_you_mean(nearest(word->name, names)) : "";
  use.out_of_range(0, given, nearest_name.empty() ? "one of: " + all : nearest_name);
  return std::nullopt;
}

const Type* id_in_namespace(Use& use) {
  constexpr std::string_view kNamespaces[] = {"curr_ns", "init"};
  if (use.count() > 0 && !mode(use, "pid namespace", kNamespaces)) return nullptr;
  return use.types().uint32();
}

const Type* in_space(Use& use, AddressSpace space) {
  const Type* type = use.checker.value(use.argument(0));
  if (type == nullptr) return nullptr;
  if (!type->is_pointer()) return use.wrong_type(0, "a pointer");
  return use.types().with_space(type, space);
}

// task->FIRST->SECOND in place of the call.
const Type* task_field(Use& use, std::string_view first, std::string_view second) {
  ast::Arena& arena = *use.session().program.arena;
  const Location where = use.call.location;
  ast::Expression* task = use.count() > 0
                              ? use.argument(0)
                              : arena.make<ast::Identifier>(where, std::string("curtask"));
  const Type* type = use.checker.value(task);
  if (type == nullptr) return nullptr;
  const bool is_task = type->is_pointer() && type->element()->is_record();
  if (!is_task) {
    if (use.count() > 0) return use.wrong_type(0, "a pointer to a struct task_struct");
    use.session().emit(kinds::UnsupportedFeature, where,
                       use.call.name + "() on a kernel without BTF");
    return nullptr;
  }
  auto* leader = arena.make<ast::Member>(where, task, std::string(first), where, true);
  use.slot = arena.make<ast::Member>(where, leader, std::string(second), where, true);
  return use.checker.place(use.slot);
}

}  // namespace

const Type* check_Nsecs(Use& use) {
  constexpr std::string_view kClocks[] = {
#define SONDE_CLOCK(Id, name, feature) name,
#include "plan/clocks.def"
  };
  constexpr std::optional<plan::Feature> kNeeds[] = {
#define SONDE_CLOCK(Id, name, feature) feature,
#include "plan/clocks.def"
  };
  if (use.count() > 0) {
    const std::optional<std::size_t> clock = mode(use, "clock", kClocks);
    if (!clock) return nullptr;
    const std::optional<plan::Feature> needed = kNeeds[*clock];
    const std::string call = fmt::format("nsecs({})", kClocks[*clock]);
    if (needed && !use.session().require(*needed, call, use.call.location)) return nullptr;
  }
  return use.types().uint64();
}

const Type* check_Pid(Use& use) { return id_in_namespace(use); }
const Type* check_Tid(Use& use) { return id_in_namespace(use); }
// The name is taken from /proc when it is printed: programs cannot look up a task by its id before 6.2, and then not all
// of them.
const Type* check_Comm(Use& use) {
  if (use.count() > 0)
    return use.integer(0) != nullptr ? use.types().simple(types::TypeKind::ProcessName) : nullptr;
  use.slot = use.session().program.arena->make<ast::Identifier>(use.call.location, use.call.name);
  return use.checker.place(use.slot);
}

// The helper takes what the verifier knows to be a socket: an argument of a program that has them typed.
const Type* check_SocketCookie(Use& use) {
  const Type* type = use.checker.value(use.argument(0));
  if (!use.has_typed_arguments("sockets") || type == nullptr) return nullptr;
  const bool is_socket = type->is_pointer() && type->element()->is_record() &&
                         type->element()->name() == "struct sock";
  if (!is_socket) return use.wrong_type(0, "a struct sock *");
  return use.types().uint64();
}

const Type* check_KPtr(Use& use) { return in_space(use, AddressSpace::Kernel); }
const Type* check_UPtr(Use& use) { return in_space(use, AddressSpace::User); }
const Type* check_PPid(Use& use) { return task_field(use, "real_parent", "tgid"); }
const Type* check_PComm(Use& use) { return task_field(use, "group_leader", "comm"); }

// The kernel wants a pointer whose type the verifier knows: only these kinds of probes have any.
const Type* check_Path(Use& use) {
  for (const builtins::ProbeKind* kind : use.checker.probe().kinds) {
    if (kind->has(builtins::kTypedPointers)) continue;
    use.session()
        .emit(kinds::BuiltinNotHere, use.call.location, "path()", std::string(kind->name))
        .hint(fmt::format("{} probes have it; the last part is str($path.dentry.d_name.name)",
                          use.session().takes_fentry() ? "fentry, fexit, iter and lsm" : "iter"));
    return nullptr;
  }
  const Type* type = use.checker.place(use.argument(0));
  if (type == nullptr) return nullptr;
  const Type* record = type->is_pointer() ? type->element() : type;
  if (!record->is_record() || record->record()->name != "path")
    return use.wrong_type(0, "a struct path, or a pointer to one");
  const std::uint32_t longest = use.session().options.settings.max_strlen;
  const auto bytes = use.count() > 1 ? use.length(1, longest) : std::optional(longest);
  return bytes ? use.types().string(*bytes) : nullptr;
}

const Type* check_Reg(Use& use) {
  const std::optional<std::string> name = use.known_text(0);
  if (!name) return nullptr;
  for (const builtins::ProbeKind* kind : use.checker.probe().kinds) {
    if (kind->has(builtins::kRegisters)) continue;
    use.session().emit(kinds::BuiltinNotHere, use.call.location, "reg()", std::string(kind->name));
    return nullptr;
  }
  const plan::Arch arch = use.session().options.arch;
  if (plan::register_offset(arch, *name)) return use.types().uint64();
  std::vector<std::string> names;
  for (const std::string_view known : plan::register_names(arch)) names.emplace_back(known);
  return use.out_of_range(0, fmt::format("there is no register '{}'", *name),
                          diag::did_you_mean(nearest(*name, names)));
}

}  // namespace sonde::sema::function
