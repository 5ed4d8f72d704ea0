// Typed tree and plan from the resolved tree. Pure: host facts arrive in the arguments.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "plan/c_object.h"
#include "plan/plan.h"
#include "types/type.h"

namespace sonde::sema {

// Names that only the host knows; the driver connects them to the kernel view.
struct HostNames {
  struct EnumConstant {
    const types::Type* type = nullptr;
    std::uint64_t value = 0;
  };
  // Of enums, and macros that stand for an integer: `type` tells which. The programs that a probe is in have their own.
  std::function<std::optional<EnumConstant>(std::string_view, const plan::ResolvedProbe&)>
      enum_constant;
  // Macros that stand for a string.
  std::function<std::optional<std::string>(std::string_view)> text_constant;
  // Names of the script's own constants, for hints.
  std::function<std::vector<std::string>()> constant_names;
  std::function<std::optional<std::uint64_t>(std::string_view)> kernel_symbol;  // kaddr()
  // uaddr(): of the program that the place is in.
  std::function<std::optional<plan::ProgramSymbol>(const plan::AttachPoint&, std::string_view)>
      program_symbol;
  std::function<bool(std::string_view)> kernel_function;  // kfunc_exist()
  // kfunc_allowed(): whether programs like this one, without code as yet, may call it.
  std::function<bool(const plan::BpfProgram&, const std::string&)> kernel_call_allowed;
  std::function<bool()> refuses_fentry;  // Hints do not name such probes then.
  // Functions that the kernel marks for error injection, for override(); nullopt if it does not tell.
  std::function<std::optional<std::vector<std::string>>()> injectable_functions;
  std::function<std::optional<std::uint64_t>(const std::string&)> cgroup_id;  // cgroupid()
  std::function<const types::Type*(std::string_view)> record;  // struct by name, e.g. task_struct
  std::function<bool(plan::Feature)> has_feature;
  std::vector<const plan::CObject*> c_objects;  // Imported C files, whose functions can be called.
};

struct Options {
  bool unsafe = false;
  bool check_helpers = false;  // -k
  bool has_child = true;       // -c: `cpid` is the process id of the command.
  plan::Settings settings;
  plan::Arch arch = plan::Arch::X86_64;
  std::uint32_t cpus = 1;
};

// Infers and checks types, folds constants, lays out maps, events and programs. With errors in `emitter` the plan must
// not be used.
[[nodiscard]] plan::Plan analyze(ast::Program& program, std::vector<plan::ResolvedProbe> probes,
                                 std::shared_ptr<types::Context> types, const HostNames& host,
                                 const Options& options, diag::Emitter& emitter);

}  // namespace sonde::sema
