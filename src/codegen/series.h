// tseries(): the words of types::SeriesWord for each interval.
#pragma once

#include "codegen/words.h"

namespace sonde::codegen {

// Adds `value` (i64) to the interval that it is now.
void add_to_series(const Words& words, IrValue pointer, IrValue value, const types::Type& type);

}  // namespace sonde::codegen
