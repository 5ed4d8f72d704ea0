#include "builtins/probe_type.h"

namespace sonde::builtins {

std::string_view probe_type(const ProbeKind& kind) {
  const bool is_special = kind.id == ProbeKindId::Begin || kind.id == ProbeKindId::End;
  return is_special ? "special" : kind.name;
}

}  // namespace sonde::builtins
