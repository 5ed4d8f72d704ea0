// "Space-Saving" (Metwally, Agrawal, El Abbadi: "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005): a
// key without a counter takes the one with the smallest value, and goes on from that value. What a key has come to is then never
// more than its counter's value, and that without its error never more than the truth; the smallest of c values is at most 1/c of
// all weights.
#include "codegen/top.h"

#include <fmt/format.h>

#include "codegen/access.h"
#include "codegen/convert.h"
#include "codegen/distinct.h"
#include "codegen/expression.h"
#include "codegen/histogram.h"
#include "codegen/loop.h"

namespace sonde::codegen {
namespace {

// Counters of one turn of the search: the verifier follows each turn a few times, and keeps all ways through it in mind.
constexpr std::uint32_t kTurn = 2;
static_assert(types::kTopTurn % kTurn == 0);
constexpr std::int64_t kCounterBytes = std::int64_t{8} * types::kTopCounterWords;

IrValue word(Ir& ir, IrValue start, std::uint32_t index) {
  return ir.offset(start, std::int64_t{8} * index);
}

IrValue counter_at(Function& f, IrValue pointer, IrValue index) {
  Ir& ir = f.ir;
  return ir.offset(word(ir, pointer, types::kTopHeader),
                   ir.binary(Op::Mul, index, ir.i64(kCounterBytes)));
}

// One counter: ends the search if it is the key's, or the first that nobody has.
void look_at(Function& f, const Turn& turn, IrValue index) {
  Ir& ir = f.ir;
  const IrValue pointer = turn.pointers[0];
  const IrValue counter = counter_at(f, pointer, index);
  const IrValue value = ir.load(64, word(ir, counter, types::kTopValue), 8);
  const IrValue hash = ir.load(64, turn.pointers[1], 8);
  const IrBlock used = ir.block();
  const IrBlock unused = ir.block();
  const IrBlock found = ir.block();
  const IrBlock other = ir.block();
  const IrBlock smaller = ir.block();
  const IrBlock next = ir.block();
  ir.branch(ir.is_nonzero(value), used, unused);
  ir.enter(unused);
  ir.store(index, word(ir, pointer, types::kTopSmallestAt), 8);
  ir.jump(turn.stop);
  ir.enter(used);
  const IrValue its = ir.load(64, word(ir, counter, types::kTopHash), 8);
  ir.branch(ir.compare(Compare::Equal, its, hash), found, other);
  ir.enter(found);
  ir.store(index, word(ir, pointer, types::kTopFound), 8);
  ir.jump(turn.stop);
  ir.enter(other);
  const IrValue smallest = ir.load(64, word(ir, pointer, types::kTopSmallest), 8);
  ir.branch(ir.compare(Compare::ULess, value, smallest), smaller, next);
  ir.enter(smaller);
  ir.store(value, word(ir, pointer, types::kTopSmallest), 8);
  ir.store(index, word(ir, pointer, types::kTopSmallestAt), 8);
  ir.jump(next);
  ir.enter(next);
}

// Fills in kTopFound and kTopSmallestAt: in the value, of whose contents the verifier knows nothing, so that it does not follow
// the rest of the program once for each counter.
void search(Function& f, IrValue pointer, IrValue hash, const types::Type& type) {
  Ir& ir = f.ir;
  const std::uint32_t counters = type.top_counters();
  ir.store(ir.i64(counters), word(ir, pointer, types::kTopFound), 8);
  ir.store(ir.i64(0), word(ir, pointer, types::kTopSmallestAt), 8);
  ir.store(ir.i64(~0ULL), word(ir, pointer, types::kTopSmallest), 8);
  const IrValue pointers[] = {pointer, hash};
  const DetachedLoop loop{
      .turns = counters / kTurn, .pointers = pointers, .name = fmt::format("top_{}", counters)};
  detached_loop(f, loop, [&](const Turn& turn) {
    const IrValue first = ir.binary(Op::Mul, turn.index, ir.i64(kTurn));
    for (std::uint32_t i = 0; i < kTurn; ++i) look_at(f, turn, ir.add(first, i));
  });
}

// A number that would not fit stays at the largest: a sum that began anew would be below the truth by all of it.
IrValue saturating_add(Ir& ir, IrValue number, IrValue weight) {
  const IrValue sum = ir.binary(Op::Add, number, weight);
  return ir.select(ir.compare(Compare::ULess, sum, weight), ir.i64(~0ULL), sum);
}

void add_weight(Ir& ir, IrValue place, IrValue weight) {
  ir.store(saturating_add(ir, ir.load(64, place, 8), weight), place, 8);
}

// In this order user space, which may look on, never takes what others came to for this key's.
void take_counter(Function& f, IrValue pointer, IrValue index, const TopKey& key, IrValue hash,
                  const types::Type& type) {
  Ir& ir = f.ir;
  const IrValue counter = counter_at(f, pointer, index);
  const IrValue before = ir.load(64, word(ir, counter, types::kTopValue), 8, Volatile::Yes);
  ir.store(before, word(ir, counter, types::kTopError), 8);
  ir.compiler_barrier();
  ir.store(hash, word(ir, counter, types::kTopHash), 8);
  const std::uint32_t size = type.top_key_bytes();
  const IrValue place = ir.offset(ir.offset(pointer, std::int64_t{type.top_keys_offset()}),
                                  ir.binary(Op::Mul, index, ir.i64(size)));
  copy(f, {place, 8}, key.bytes, size);
  ir.compiler_barrier();
  ir.store(saturating_add(ir, before, key.weight), word(ir, counter, types::kTopValue), 8);
}

IrValue index_left(Function& f, IrValue pointer, types::TopWord where) {
  return f.ir.opaque(f.ir.load(64, word(f.ir, pointer, where), 8, Volatile::Yes));
}

}  // namespace

TopKey emit_top_key(Function& f, ast::Call& call, const types::Type& type) {
  Ir& ir = f.ir;
  const std::uint32_t size = type.top_key_bytes();
  // Behind the key its hash: the search may be in a function of its own.
  const Memory bytes = f.temporary(size + 8);
  ir.store(ir.i64(0), ir.offset(bytes.pointer, std::int64_t{size} - 8), 8);
  emit_into(f, *call.arguments[0], {bytes, type.element(), Fill::Zero});
  TopKey key{
      .bytes = bytes, .hash = ir.offset(bytes.pointer, std::int64_t{size}), .weight = ir.i64(1)};
  ir.store(hash_words(f, bytes, size), key.hash, 8);
  if (call.arguments.size() < 3) return key;
  ast::Expression& weight = *call.arguments[2];
  const bool is_signed = weight.type->is_signed();
  key.weight = ir.resize(emit_scalar(f, weight, *weight.type), 64, is_signed);
  if (is_signed) {
    const IrValue is_negative = ir.compare(Compare::SLess, key.weight, ir.i64(0));
    key.weight = ir.select(is_negative, ir.i64(0), key.weight);
  }
  return key;
}

void add_top(const Words& words, IrValue pointer, const TopKey& key, const types::Type& type) {
  Function& f = words.f;
  Ir& ir = f.ir;
  const IrBlock weighed = ir.block();
  const IrBlock alone = ir.block();
  const IrBlock found = ir.block();
  const IrBlock missing = ir.block();
  const IrBlock release = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.is_nonzero(key.weight), weighed, done);
  ir.enter(weighed);
  const IrValue flag = word(ir, pointer, types::kTopBusy);
  if (words.is_shared) {
    const IrBlock busy = ir.block();
    ir.branch(ir.is_nonzero(ir.atomic_exchange(flag, ir.i64(1))), busy, alone);
    ir.enter(busy);
    ir.atomic_add(word(ir, pointer, types::kTopMissed), key.weight);
    ir.jump(done);
  }
  ir.jump(alone);
  ir.enter(alone);
  add_weight(ir, word(ir, pointer, types::kTopTotal), key.weight);
  search(f, pointer, key.hash, type);
  const std::uint32_t counters = type.top_counters();
  const IrValue index = index_left(f, pointer, types::kTopFound);
  ir.branch(ir.compare(Compare::ULess, index, ir.i64(counters)), found, missing);
  ir.enter(found);
  const IrValue counter = counter_at(f, pointer, clamp_index(f, index, counters));
  add_weight(ir, word(ir, counter, types::kTopValue), key.weight);
  ir.jump(release);
  ir.enter(missing);
  const IrValue smallest = clamp_index(f, index_left(f, pointer, types::kTopSmallestAt), counters);
  take_counter(f, pointer, smallest, key, ir.load(64, key.hash, 8), type);
  ir.jump(release);
  ir.enter(release);
  if (words.is_shared) {
    ir.compiler_barrier();
    ir.store(ir.i64(0), flag, 8);
  }
  ir.jump(done);
  ir.enter(done);
}

}  // namespace sonde::codegen
