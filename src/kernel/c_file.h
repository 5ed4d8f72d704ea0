// A C file compiled for BPF by clang, with what its BTF says of its functions. Internal to src/kernel.
#pragma once

#include "kernel/view.h"
#include "types/type.h"

namespace sonde::kernel {

// As View::compile().
[[nodiscard]] Result<CompiledFile> compile_c_file(types::Context& types, plan::Arch arch,
                                                  const CFileQuery& query);

}  // namespace sonde::kernel
