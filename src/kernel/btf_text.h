// The C text of BTF types, for listings.
#pragma once

#include <cstdint>
#include <string>

#include "kernel/btf.h"

namespace sonde::kernel {

// The type as C writes it without a name: "const struct file *", "u64", "char[16]", "int (*)(void)" as "void *".
// Typedef names stay. "" for what is malformed.
[[nodiscard]] std::string c_text(const Btf& btf, std::uint32_t id);

}  // namespace sonde::kernel
