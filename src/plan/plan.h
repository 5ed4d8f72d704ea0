// The result of sema: the manifest, and for each BPF program the typed tree that codegen turns into it.
#pragma once

#include <string>
#include <vector>

#include "plan/c_object.h"
#include "plan/manifest.h"

namespace sonde::ast {
struct Probe;
}

namespace sonde::plan {

// A probe of the script and the places that resolve found for it.
struct ResolvedProbe {
  ast::Probe* probe = nullptr;
  std::vector<AttachPoint> attach_points;  // Expanded, in script order, each once.
};

struct Plan {
  Manifest manifest;
  // bodies[i] is the code of manifest.programs[i]; several programs may share one probe. Owned by the ast::Program.
  std::vector<const ast::Probe*> bodies;
  Target target;
  std::vector<const CObject*> c_objects;  // To be linked to what codegen makes. Not owned.
  bool check_helpers = false;             // -k: report failed helpers at run time.
};

// Readable and stable, for `-d plan` and golden tests: no addresses, nothing of the host.
[[nodiscard]] std::string dump(const Manifest& manifest);

}  // namespace sonde::plan
