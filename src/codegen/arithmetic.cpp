#include "codegen/arithmetic.h"

#include "base/check.h"

namespace sonde::codegen {
namespace {

using ast::BinaryOp;

IrValue is_negative(Ir& ir, IrValue a) {
  return ir.compare(Compare::SLess, a, ir.integer(ir.bits_of(a), 0));
}

IrValue negate(Ir& ir, IrValue a) { return ir.binary(Op::Sub, ir.integer(ir.bits_of(a), 0), a); }

IrValue absolute(Ir& ir, IrValue a) { return ir.select(is_negative(ir, a), negate(ir, a), a); }

// A shift by the width or more has no defined result in LLVM; BPF takes the count modulo the width.
IrValue shift_count(Ir& ir, IrValue count) {
  const std::uint32_t bits = ir.bits_of(count);
  return ir.binary(Op::And, count, ir.integer(bits, bits - 1));
}

// LLVM takes a division by zero for impossible. For BPF it gives 0.
IrValue unsigned_divide(Ir& ir, Op op, IrValue a, IrValue b, IrValue by_zero) {
  const IrValue is_zero = ir.compare(Compare::Equal, b, ir.integer(ir.bits_of(b), 0));
  const IrValue safe = ir.select(is_zero, ir.integer(ir.bits_of(b), 1), b);
  return ir.select(is_zero, by_zero, ir.binary(op, a, safe));
}

Compare predicate(BinaryOp op, bool is_signed) {
  switch (op) {
    case BinaryOp::Equal: return Compare::Equal;
    case BinaryOp::NotEqual: return Compare::NotEqual;
    case BinaryOp::Less: return is_signed ? Compare::SLess : Compare::ULess;
    case BinaryOp::LessEqual: return is_signed ? Compare::SLessEqual : Compare::ULessEqual;
    case BinaryOp::Greater: return is_signed ? Compare::SGreater : Compare::UGreater;
    case BinaryOp::GreaterEqual: return is_signed ? Compare::SGreaterEqual : Compare::UGreaterEqual;
    default: SONDE_UNREACHABLE();
  }
}

}  // namespace

Operation common_operation(const types::Type& a, const types::Type& b) {
  const auto is_unsigned = [](const types::Type& type) {
    return type.size() == 8 && !type.is_signed();
  };
  return {64, !is_unsigned(a) && !is_unsigned(b)};
}

IrValue divide(Ir& ir, IrValue a, IrValue b, bool is_signed) {
  const IrValue zero = ir.integer(ir.bits_of(a), 0);
  if (!is_signed) return unsigned_divide(ir, Op::UDiv, a, b, zero);
  const IrValue quotient = unsigned_divide(ir, Op::UDiv, absolute(ir, a), absolute(ir, b), zero);
  const IrValue signs_differ = is_negative(ir, ir.binary(Op::Xor, a, b));
  return ir.select(signs_differ, negate(ir, quotient), quotient);
}

IrValue remainder(Ir& ir, IrValue a, IrValue b, bool is_signed) {
  if (!is_signed) return unsigned_divide(ir, Op::URem, a, b, a);
  const IrValue size = absolute(ir, a);
  const IrValue rest = unsigned_divide(ir, Op::URem, size, absolute(ir, b), size);
  return ir.select(is_negative(ir, a), negate(ir, rest),
                   rest);  // The sign is the dividend's, as in C.
}

IrValue arithmetic(Ir& ir, BinaryOp op, IrValue a, IrValue b, bool is_signed) {
  switch (op) {
    case BinaryOp::Add: return ir.binary(Op::Add, a, b);
    case BinaryOp::Subtract: return ir.binary(Op::Sub, a, b);
    case BinaryOp::Multiply: return ir.binary(Op::Mul, a, b);
    case BinaryOp::Divide: return divide(ir, a, b, is_signed);
    case BinaryOp::Modulo: return remainder(ir, a, b, is_signed);
    case BinaryOp::BitAnd: return ir.binary(Op::And, a, b);
    case BinaryOp::BitOr: return ir.binary(Op::Or, a, b);
    case BinaryOp::BitXor: return ir.binary(Op::Xor, a, b);
    case BinaryOp::ShiftLeft: return ir.binary(Op::Shl, a, shift_count(ir, b));
    case BinaryOp::ShiftRight:
      return ir.binary(is_signed ? Op::AShr : Op::LShr, a, shift_count(ir, b));
    default: SONDE_UNREACHABLE();
  }
}

IrValue comparison(Ir& ir, BinaryOp op, IrValue a, IrValue b, bool is_signed) {
  return ir.compare(predicate(op, is_signed), a, b);
}

}  // namespace sonde::codegen
