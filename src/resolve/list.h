// Which probes exist: the same host facts that attach points are expanded with, as a list.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "builtins/tables.h"
#include "kernel/view.h"

namespace sonde::resolve {

struct ListedProbe {
  std::string name;                    // "tracepoint:sched:sched_switch"
  std::vector<std::string> arguments;  // With types, as `-lv` prints them; only if asked for.
};

struct Listing {
  std::vector<ListedProbe> probes;
  std::vector<std::string>
      problems;  // Kinds that could not be listed, and why: a short list must say so.
};

// Probes that match `pattern`: "KIND:PARTS" with globs in each part, "*" or a bare word pattern that is matched against whole
// names of every kind, or several of these separated by commas. Empty lists everything but functions of programs.
[[nodiscard]] Listing list(kernel::View& view, std::string_view pattern, bool with_arguments);

}  // namespace sonde::resolve
