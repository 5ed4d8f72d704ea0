// How long instructions of x86-64 are. Debian's decoders come as shared libraries only, or with the tables of all machines in
// several megabytes; for lengths three tables of 256 letters are enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sonde::kernel {

// Bytes of the instruction at the beginning of `code`, in 64-bit mode; 0 if there is none, if it is cut off, or if its encoding is
// not known (APX). As the Intel manual's volume 2, appendix A has it, with AMD's XOP, 3DNow! and SSE4a.
[[nodiscard]] std::size_t x86_instruction_length(std::span<const std::uint8_t> code);

}  // namespace sonde::kernel
