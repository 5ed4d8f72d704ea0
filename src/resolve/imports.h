// Imports: the other files of a script.
#pragma once

#include <string>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"

namespace sonde::resolve {

struct ImportOptions {
  // File of the script itself: its imports are looked for beside it, and it is not read again. Empty if the script is no
  // file; then the current folder counts.
  std::string script;
  std::vector<std::string> search_path;  // -I: where else to look, in this order.
  bool has_btf = true;                   // As parser::Options.
};

// Reads what the script imports, and what that imports in turn, each file once, and puts it in front of the script's own
// probes, maps and macros. A file comes behind what it imports itself. C files are found and read, but not compiled.
void load_imports(ast::Program& program, diag::Sources& sources, const ImportOptions& options,
                  diag::Emitter& emitter);

}  // namespace sonde::resolve
