// Buckets of hist() and lhist(), as types/histogram.cpp defines them.
#pragma once

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// Index of the bucket of `value` (i64), within the histogram for any value.
[[nodiscard]] IrValue hist_bucket(Function& f, IrValue value, const types::Type& type);
[[nodiscard]] IrValue lhist_bucket(Function& f, IrValue value, const types::Type& type);

}  // namespace sonde::codegen
