// Which probes and types exist: the same host facts that attach points are expanded with, as a list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/tables.h"
#include "kernel/view.h"

namespace sonde::resolve {

struct ListedArgument {
  std::string type;         // As C writes it: "const char *", "char[16]".
  std::string name;         // "retval" for the result.
  std::string declaration;  // Both, as `-lv` prints them: "char comm[16]".
};

struct ListedProbe {
  std::string name;                       // "tracepoint:sched:sched_switch"
  std::vector<ListedArgument> arguments;  // Only if asked for.
};

struct ListedType {
  std::string name;        // "struct task_struct"
  std::string definition;  // C, several lines; only if asked for.
};

struct Listing {
  std::vector<ListedProbe> probes;
  std::vector<ListedType> types;
  // Kinds that were looked through, and how many probes that the pattern was compared with they have.
  struct Searched {
    std::string_view kind;
    std::size_t candidates = 0;
  };
  std::vector<Searched> searched;
  // Kinds that could not be listed, or not fully, and why: a short list must say so.
  std::vector<std::string> problems;
  [[nodiscard]] bool empty() const { return probes.empty() && types.empty(); }
};

struct ListRequest {
  // "KIND:PARTS" with globs in each part, "struct NAME", "union NAME" or "enum NAME" with globs, "*" or a bare word that is
  // matched against whole names of every kind, or several of these separated by commas. Empty: everything but what
  // belongs to files (functions of programs and the like).
  std::string_view pattern;
  bool with_arguments = false;
};

[[nodiscard]] Listing list(kernel::View& view, const ListRequest& request);

// Names that the user may have meant with a pattern that matched nothing, best first; may be empty.
[[nodiscard]] std::vector<std::string> nearest_listed(kernel::View& view,
                                                      const ListRequest& request);

}  // namespace sonde::resolve
