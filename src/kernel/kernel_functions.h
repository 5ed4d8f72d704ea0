// Which kernel functions a probe may try.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/kernel_btf.h"
#include "kernel/tracefs.h"
#include "kernel/view.h"

namespace sonde::kernel {

// All functions that match both globs ("" is "*"), sorted, each once. A literal name is looked up in BTF, then in
// /proc/kallsyms. Patterns come from tracefs; where it hides its list (lockdown, no ftrace) from BTF and kallsyms,
// without the sections that kprobes must not touch. Fails if none of the sources can be read.
[[nodiscard]] Result<std::vector<KernelFunction>> find_kernel_functions(std::string_view module,
                                                                        std::string_view name,
                                                                        KernelBtf& btf,
                                                                        Tracefs& tracefs);

// The part that knows kallsyms: code symbols of the file at `path` that match. Functions of vmlinux come from
// `vmlinux_names` (sorted) unless that is null.
[[nodiscard]] Result<std::vector<KernelFunction>> functions_of_kallsyms(
    std::string_view module, std::string_view name, const std::vector<std::string>* vmlinux_names,
    const std::string& path = "/proc/kallsyms");

// Functions of the file at `path`, a line "NAME+0x0/0x1d [MODULE]<TAB>TYPE" each, sorted.
[[nodiscard]] Result<std::vector<std::string>> injectable_functions(
    const std::string& path = "/sys/kernel/debug/error_injection/list");

}  // namespace sonde::kernel
