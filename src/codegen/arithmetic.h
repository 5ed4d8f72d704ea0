// Integer arithmetic by the types' width and sign.
#pragma once

#include "ast/ast.h"
#include "codegen/ir.h"
#include "types/type.h"

namespace sonde::codegen {

// What both operands of an arithmetic operation or comparison are converted to: 64 bits, which hold all narrower integers of
// either sign; unsigned if one of them has 64 bits and no sign (or is a pointer).
struct Operation {
  std::uint32_t bits = 64;
  bool is_signed = true;
};
[[nodiscard]] Operation common_operation(const types::Type& a, const types::Type& b);

// Signed and unsigned division; by zero it gives 0 (the remainder: the dividend), as BPF defines it.
[[nodiscard]] IrValue divide(Ir& ir, IrValue a, IrValue b, bool is_signed);
[[nodiscard]] IrValue remainder(Ir& ir, IrValue a, IrValue b, bool is_signed);

// Add to ShiftRight, on operands of equal width.
[[nodiscard]] IrValue arithmetic(Ir& ir, ast::BinaryOp op, IrValue a, IrValue b, bool is_signed);
// Equal to GreaterEqual.
[[nodiscard]] IrValue comparison(Ir& ir, ast::BinaryOp op, IrValue a, IrValue b, bool is_signed);

}  // namespace sonde::codegen
