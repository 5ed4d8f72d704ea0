#include "codegen/histogram.h"

// Without loops and, as far as it goes, without branches: each outcome of a branch is one more path that the verifier walks to
// the end of the program.
namespace sonde::codegen {

// LLVM, which may know that the index is within the value, must not drop the check.
IrValue clamp_index(Function& f, IrValue index, std::uint32_t count) {
  const IrValue seen = f.ir.opaque(index);
  const IrValue last = f.ir.i64(count - 1);
  return f.ir.select(f.ir.compare(Compare::ULess, seen, last), seen, last);
}

IrValue hist_bucket(Function& f, IrValue value, std::uint32_t bits) {
  Ir& ir = f.ir;
  const std::uint32_t steps = 1U << bits;
  // Values below 2^bits would have their own buckets; or-ing 2^bits in keeps the shift below from running off.
  const IrValue floor = ir.binary(Op::Or, value, ir.i64(steps));
  const IrValue log = ir.binary(Op::Sub, ir.i64(63), ir.leading_zeros(floor));  // >= bits
  const IrValue power = ir.add(log, 0ULL - bits);
  const IrValue step = ir.binary(Op::Sub, ir.binary(Op::LShr, value, power), ir.i64(steps));
  IrValue index = ir.binary(Op::Add, ir.binary(Op::Shl, power, ir.i64(bits)), step);
  index = ir.add(index, 1 + steps);
  // A value below 2^bits: power is 0, step is value - steps, and the index comes out as 1 + value: no case of its own.
  const IrValue is_negative = ir.compare(Compare::SLess, value, ir.i64(0));
  return clamp_index(f, ir.select(is_negative, ir.i64(0), index), types::hist_bucket_count(bits));
}

IrValue lhist_bucket(Function& f, IrValue value, const types::Type& type) {
  Ir& ir = f.ir;
  const std::uint32_t count =
      types::lhist_bucket_count(type.lhist_min(), type.lhist_max(), type.lhist_step());
  const IrValue min = ir.i64(static_cast<std::uint64_t>(type.lhist_min()));
  const IrValue max = ir.i64(static_cast<std::uint64_t>(type.lhist_max()));
  const IrValue distance = ir.binary(Op::Sub, value, min);
  const IrValue quotient =
      ir.binary(Op::UDiv, distance, ir.i64(static_cast<std::uint64_t>(type.lhist_step())));
  const IrValue inside = ir.add(quotient, 1);
  const IrValue is_above = ir.compare(Compare::SGreaterEqual, value, max);
  const IrValue is_below = ir.compare(Compare::SLess, value, min);
  const IrValue index = ir.select(is_above, ir.i64(count - 1), inside);
  return clamp_index(f, ir.select(is_below, ir.i64(0), index), count);
}

}  // namespace sonde::codegen
