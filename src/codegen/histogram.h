// Buckets of hist() and lhist(), as types/histogram.cpp defines them.
#pragma once

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// Index of the bucket of `value` (i64), within the histogram for any value. `bits` as in hist(x, bits).
[[nodiscard]] IrValue hist_bucket(Function& f, IrValue value, std::uint32_t bits);
[[nodiscard]] IrValue lhist_bucket(Function& f, IrValue value, const types::Type& type);

// `index`, at most `count` - 1: the verifier wants to see that it is within the value.
[[nodiscard]] IrValue clamp_index(Function& f, IrValue index, std::uint32_t count);

}  // namespace sonde::codegen
