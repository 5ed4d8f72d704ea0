#include "codegen/words.h"

#include "codegen/loop.h"
#include "codegen/map_ops.h"
#include "types/extreme.h"

namespace sonde::codegen {
namespace {

// Interruptions of interruptions are few: so many turns let every value be compared.
constexpr std::uint32_t kReplaceTurns = 4;

}  // namespace

void Words::add(IrValue pointer, std::int64_t offset, IrValue amount) const {
  const IrValue slot = f.ir.offset(pointer, offset);
  if (is_shared) return f.ir.atomic_add(slot, amount);
  f.ir.store(f.ir.binary(Op::Add, f.ir.load(64, slot, 8), amount), slot, 8);
}

// The words may be changed one after the other: whoever sees the low one overflow carries it over.
void Words::add_wide(IrValue pointer, std::int64_t offset, IrValue low, IrValue high) const {
  const IrValue slot = f.ir.offset(pointer, offset);
  const IrValue before = is_shared ? f.ir.atomic_fetch_add(slot, low) : f.ir.load(64, slot, 8);
  const IrValue after = f.ir.binary(Op::Add, before, low);
  if (!is_shared) f.ir.store(after, slot, 8);
  const IrValue carry = f.ir.resize(f.ir.compare(Compare::ULess, after, low), 64, false);
  add(pointer, offset + 8, f.ir.binary(Op::Add, high, carry));
}

IrValue Words::replace(IrValue pointer, IrValue before, IrValue value) const {
  if (is_shared) {
    const IrValue seen = f.ir.atomic_compare_exchange(pointer, before, value);
    return f.ir.compare(Compare::Equal, seen, before);
  }
  f.ir.store(value, pointer, 8);
  return f.ir.boolean(true);
}

void Words::count_loss() const {
  const auto index = static_cast<std::uint32_t>(map);
  codegen::count_loss(f, plan::lost_slot(index, plan::UpdateFailure::Busy));
}

void raise(const Words& words, IrValue pointer, IrValue word) {
  Ir& ir = words.f.ir;
  counted_loop(words.f, words.is_shared ? kReplaceTurns : 1, 1, [&](IrValue, IrBlock done) {
    const IrValue before = ir.load(64, pointer, 8, Volatile::Yes);
    const IrBlock replace = ir.block();
    const IrBlock again = ir.block();
    ir.branch(ir.compare(Compare::UGreater, word, before), replace, done);
    ir.enter(replace);
    ir.branch(words.replace(pointer, before, word), done, again);
    ir.enter(again);
  });
}

void keep_larger(const Words& words, IrValue pointer, IrValue word) {
  Ir& ir = words.f.ir;
  raise(words, pointer, word);
  // Behind the value: who reads in between sees none, and not the worst of all.
  ir.store(ir.i64(1), ir.offset(pointer, std::int64_t{8}), 8);
}

void keep_better(const Words& words, IrValue pointer, IrValue value, const types::Type& type) {
  Ir& ir = words.f.ir;
  keep_larger(words, pointer, ir.binary(Op::Xor, value, ir.i64(types::extreme_mask(type))));
}

// The square of 64 bits has 128: (a * 2^32 + b)^2 = a^2 * 2^64 + 2ab * 2^32 + b^2.
void add_deviation(const Words& words, IrValue pointer, IrValue value, bool is_signed) {
  Ir& ir = words.f.ir;
  const IrValue sign = is_signed ? ir.binary(Op::AShr, value, ir.i64(63)) : ir.i64(0);
  const IrValue magnitude = ir.binary(Op::Sub, ir.binary(Op::Xor, value, sign), sign);
  const IrValue a = ir.binary(Op::LShr, magnitude, ir.i64(32));
  const IrValue b = ir.binary(Op::And, magnitude, ir.i64(0xffffffff));
  const IrValue ab = ir.binary(Op::Mul, a, b);
  const IrValue bb = ir.binary(Op::Mul, b, b);
  const IrValue low = ir.binary(Op::Add, bb, ir.binary(Op::Shl, ab, ir.i64(33)));
  const IrValue carry = ir.resize(ir.compare(Compare::ULess, low, bb), 64, false);
  const IrValue upper =
      ir.binary(Op::Add, ir.binary(Op::Mul, a, a), ir.binary(Op::LShr, ab, ir.i64(31)));
  words.add(pointer, 0, ir.i64(1));
  words.add_wide(pointer, 8, value, sign);
  words.add_wide(pointer, 24, low, ir.binary(Op::Add, upper, carry));
}

}  // namespace sonde::codegen
