#include "builtins/tables.h"

#include <algorithm>

#include "base/text.h"

namespace sonde::builtins {
namespace {

constexpr std::uint32_t offered(std::uint32_t capabilities) {
  return (capabilities & kNoThread) != 0 ? capabilities : capabilities | kThread;
}

constexpr ProbeKind kProbeKinds[] = {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) \
  {ProbeKindId::Id, name, aliases, offered(capabilities), kernel, doc},
#include "builtins/probe_kinds.def"
};

constexpr Variable kVariables[] = {
#define SONDE_VARIABLE(Id, name, type, capability, kernel, doc) \
  {VariableId::Id,                                              \
   name,                                                        \
   VariableType::type,                                          \
   std::uint32_t{capability} & ~kBuiltinFlags,                  \
   std::uint32_t{capability} & kBuiltinFlags,                   \
   kernel,                                                      \
   doc},
#include "builtins/variables.def"
};

constexpr Function kFunctions[] = {
#define SONDE_FUNCTION(Id, name, min, max, flags, kernel, signature, doc) \
  {FunctionId::Id, name, min, max, flags, kernel, signature, doc},
#include "builtins/functions.def"
};

template <class Row>
const Row* find_by_name(std::span<const Row> rows, std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::span<const ProbeKind> probe_kinds() { return kProbeKinds; }
std::span<const Variable> variables() { return kVariables; }
std::span<const Function> functions() { return kFunctions; }

const ProbeKind* find_probe_kind(std::string_view name) {
  if (const ProbeKind* kind = find_by_name(probe_kinds(), name)) return kind;
  for (const ProbeKind& kind : kProbeKinds) {
    for (const std::string_view alias : split(kind.aliases, ',')) {
      if (!alias.empty() && alias == name) return &kind;
    }
  }
  return nullptr;
}

const Variable* find_variable(std::string_view name) { return find_by_name(variables(), name); }
const Function* find_function(std::string_view name) { return find_by_name(functions(), name); }

}  // namespace sonde::builtins
