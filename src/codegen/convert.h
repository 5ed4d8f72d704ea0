// Values of one type as another.
#pragma once

#include "codegen/expression.h"
#include "codegen/value.h"

namespace sonde::codegen {

[[nodiscard]] IrValue convert_scalar(Ir& ir, IrValue value, const types::Type& from,
                                     const types::Type& to);
// Any value as an i64: scalars, merged aggregations, short arrays (their bytes), of others the first word, which is the
// address of a symbol and the id of a stack.
[[nodiscard]] IrValue to_number(Function& f, const Value& value);
// The same as `as`; an object where a pointer is wanted gives its address.
[[nodiscard]] IrValue to_scalar(Function& f, const Value& value, const types::Type& as);
// Writes the value as the destination's type; strings are cut to its capacity.
void store(Function& f, const Value& value, const Destination& to);
// Zeroes the bytes between the elements of a tuple and behind the last one: keys are compared byte by byte.
void zero_padding(Function& f, const Destination& to);

}  // namespace sonde::codegen
