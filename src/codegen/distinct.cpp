#include "codegen/distinct.h"

#include "codegen/access.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/histogram.h"
#include "codegen/loop.h"
#include "types/hash.h"
#include "types/type.h"

namespace sonde::codegen {
namespace {

constexpr std::uint32_t kUnrolledBytes = 32;

// As in types/hash.cpp.
IrValue mix(Ir& ir, IrValue x) {
  const auto fold = [&](IrValue value, std::uint64_t by) {
    return ir.binary(Op::Xor, value, ir.binary(Op::LShr, value, ir.i64(by)));
  };
  x = ir.binary(Op::Mul, fold(x, 30), ir.i64(types::kHashFactors[0]));
  x = ir.binary(Op::Mul, fold(x, 27), ir.i64(types::kHashFactors[1]));
  return fold(x, 31);
}

// A word of zeros adds nothing: the zeros behind a text do not count.
IrValue term(Ir& ir, IrValue word, IrValue offset) {
  const IrValue factor =
      ir.binary(Op::Or, ir.binary(Op::Mul, offset, ir.i64(types::kHashGolden)), ir.i64(1));
  return ir.binary(Op::Mul, mix(ir, word), factor);
}

IrValue hash_bytes(Function& f, const Memory& bytes, std::uint32_t size) {
  Ir& ir = f.ir;
  if (size <= kUnrolledBytes) {
    IrValue sum = ir.i64(0);
    for (std::uint32_t at = 0; at < size; at += 8) {
      const IrValue word = ir.load(64, ir.offset(bytes.pointer, std::int64_t{at}), 8);
      sum = ir.binary(Op::Add, sum, term(ir, word, ir.i64(at)));
    }
    return sum;
  }
  const IrValue sum = ir.stack_scalar(64);
  ir.store(ir.i64(0), sum, 8);
  counted_loop(f, size, 8, [&](IrValue offset, IrBlock) {
    const IrValue word = ir.load(64, ir.offset(bytes.pointer, offset), 8);
    ir.store(ir.binary(Op::Add, ir.load(64, sum, 8), term(ir, word, offset)), sum, 8);
  });
  return ir.load(64, sum, 8);
}

}  // namespace

IrValue hash_words(Function& f, const Memory& words, std::uint32_t size) {
  return mix(f.ir, f.ir.add(hash_bytes(f, words, size), types::kHashGolden));
}

IrValue emit_hash(Function& f, ast::Expression& expression) {
  Ir& ir = f.ir;
  const types::Type& type = *expression.type;
  if (type.is_scalar()) {
    const IrValue value = emit_scalar(f, expression, type);
    return mix(ir, ir.add(ir.resize(value, 64, type.is_signed()), types::kHashGolden));
  }
  const std::uint32_t size = (type.size() + 7) / 8 * 8;
  const Memory bytes = f.temporary(size);
  ir.store(ir.i64(0), ir.offset(bytes.pointer, std::int64_t{size} - 8), 8);  // Behind the value.
  emit_into(f, expression, {bytes, &type, Fill::Zero});
  // Where a text was cut makes no other text of it.
  if (type.is_string() && type.may_be_cut())
    ir.store(ir.integer(8, 0), ir.offset(bytes.pointer, std::int64_t{type.capacity()}), 1);
  return hash_words(f, bytes, size);
}

// The upper bits choose the register, which keeps the largest number of zeros in front of the other bits, plus one. An interruption
// between reading and writing may leave the smaller of two: far below the estimate's error.
void add_distinct(Function& f, IrValue registers, IrValue hash) {
  Ir& ir = f.ir;
  const IrValue index = ir.binary(Op::LShr, hash, ir.i64(64 - types::kDistinctBits));
  const IrValue last = ir.i64(1ULL << (types::kDistinctBits - 1));
  const IrValue others =
      ir.binary(Op::Or, ir.binary(Op::Shl, hash, ir.i64(types::kDistinctBits)), last);
  const IrValue rank = ir.add(ir.leading_zeros(others), 1);
  const IrValue place = ir.offset(registers, clamp_index(f, index, types::kDistinctRegisters));
  const IrValue before = ir.resize(ir.load(8, place, 1), 64, false);
  const IrBlock larger = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.compare(Compare::UGreater, rank, before), larger, done);
  ir.enter(larger);
  ir.store(ir.resize(rank, 8, false), place, 1);
  ir.jump(done);
  ir.enter(done);
}

}  // namespace sonde::codegen
