// C files that a script imports: compiled, so that the script can call their functions. Internal to resolve.
#pragma once

#include <memory>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "diag/source.h"
#include "kernel/view.h"
#include "resolve/definitions.h"

namespace sonde::resolve {

// One for each of program.c_files, in that order. What clang says about a file is reported at its place there. After errors
// the result is not complete.
[[nodiscard]] std::vector<kernel::CompiledFile> compile_c_files(
    const ast::Program& program, const diag::Sources& sources, kernel::View& view,
    const HeaderOptions& options, const std::string& license, diag::Emitter& emitter);

}  // namespace sonde::resolve
