#include "codegen/series.h"

#include <cstddef>
#include <functional>
#include <utility>

#include "base/check.h"
#include "codegen/histogram.h"
#include "types/extreme.h"

namespace sonde::codegen {
namespace {

using types::SeriesKind;

// The words of one interval.
struct Slot {
  IrValue number;
  IrValue value;
  IrValue extra;
};

// What is added.
struct Added {
  IrValue value;
  IrValue now;     // Nanoseconds since 1970.
  IrValue number;  // Of the interval.
};

IrValue epoch_now(Function& f) {
  const IrValue offset = f.ir.load(
      64, f.module.constant_address(offsetof(plan::Constants, epoch_offset_ns)), 8, Volatile::Yes);
  return f.ir.binary(Op::Add, f.ir.call(Helper::KtimeGetBootNs, {}), offset);
}

Slot slot_of(Function& f, IrValue pointer, IrValue number, std::uint32_t count) {
  const IrValue index = clamp_index(f, f.ir.binary(Op::URem, number, f.ir.i64(count)), count);
  const IrValue start =
      f.ir.offset(pointer, f.ir.binary(Op::Mul, index, f.ir.i64(8 * types::kSeriesWords)));
  return {start, f.ir.offset(start, std::int64_t{8 * types::kSeriesValue}),
          f.ir.offset(start, std::int64_t{8 * types::kSeriesExtra})};
}

// A value of min() or max() as it is kept, see types/extreme.h.
IrValue word_of(Ir& ir, IrValue value, const types::Type& type) {
  return ir.binary(Op::Xor, value, ir.i64(types::extreme_mask(type)));
}

void when(Ir& ir, IrValue condition, const std::function<void()>& then) {
  const IrBlock yes = ir.block();
  const IrBlock done = ir.block();
  ir.branch(condition, yes, done);
  ir.enter(yes);
  then();
  ir.jump(done);
  ir.enter(done);
}

// The first value of an interval that keeps the largest or smallest one: it takes the place of that of an interval long ago, and
// then the interval's number that of `extra`. A program that interrupts in between cannot tell which of the two lies there: it
// counts its value as lost. One that does so after so many intervals that it has begun another one in the same slot may be
// overwritten: this one sees that by `extra`, and counts it.
void begin_extreme(const Words& words, const Slot& slot, IrValue value, IrValue number,
                   const types::Type& type, const std::pair<IrValue, IrValue>& before) {
  Ir& ir = words.f.ir;
  const IrValue word = word_of(ir, value, type);
  when(ir, words.replace(slot.value, before.first, word), [&] {
    when(ir, ir.logical_not(words.replace(slot.extra, before.second, number)), [&] {
      const IrValue now = ir.load(64, slot.value, 8, Volatile::Yes);
      when(ir, ir.compare(Compare::Equal, now, word), [&] { words.count_loss(); });
    });
  });
}

// Another value of such an interval.
void go_on_extreme(const Words& words, const Slot& slot, IrValue value, IrValue number,
                   const types::Type& type) {
  Ir& ir = words.f.ir;
  const auto keep = [&] { raise(words, slot.value, word_of(ir, value, type)); };
  if (!words.is_shared) return keep();
  const IrBlock ready = ir.block();
  const IrBlock begun = ir.block();
  const IrBlock done = ir.block();
  const IrValue extra = ir.load(64, slot.extra, 8, Volatile::Yes);
  ir.branch(ir.compare(Compare::Equal, extra, number), ready, begun);
  ir.enter(begun);
  words.count_loss();
  ir.jump(done);
  ir.enter(ready);
  keep();
  ir.jump(done);
  ir.enter(done);
}

// The time first: a program that interrupts has a later one, and its value stays. What cannot be told from a value that was
// overwritten is counted as lost.
void keep_last(const Words& words, const Slot& slot, IrValue value, IrValue now) {
  Ir& ir = words.f.ir;
  if (!words.is_shared) {
    ir.store(value, slot.value, 8);
    return ir.store(now, slot.extra, 8);
  }
  const IrValue time = ir.load(64, slot.extra, 8, Volatile::Yes);
  const IrValue before = ir.load(64, slot.value, 8, Volatile::Yes);
  when(ir, ir.compare(Compare::ULessEqual, time, now), [&] {
    when(ir, words.replace(slot.extra, time, now), [&] {
      when(ir, words.replace(slot.value, before, value), [&] {
        const IrValue after = ir.load(64, slot.extra, 8, Volatile::Yes);
        const IrValue is_other = ir.logical_not(ir.compare(Compare::Equal, after, now));
        const IrValue kept = ir.load(64, slot.value, 8, Volatile::Yes);
        const IrValue is_ours =
            ir.binary(Op::And, ir.compare(Compare::Equal, kept, value),
                      ir.logical_not(ir.compare(Compare::Equal, before, value)));
        when(ir, ir.binary(Op::And, is_other, is_ours), [&] { words.count_loss(); });
      });
    });
  });
}

// The first value of an interval. Sums begin by adding the difference: what a program that interrupts has added by now stays.
void begin(const Words& words, const Slot& slot, const Added& added, const types::Type& type,
           const std::pair<IrValue, IrValue>& before) {
  Ir& ir = words.f.ir;
  switch (type.series_kind()) {
    case SeriesKind::Average:
      words.add(slot.extra, 0, ir.binary(Op::Sub, ir.i64(1), before.second));
      [[fallthrough]];
    case SeriesKind::Sum:
      return words.add(slot.value, 0, ir.binary(Op::Sub, added.value, before.first));
    case SeriesKind::Last: return keep_last(words, slot, added.value, added.now);
    case SeriesKind::Max:
    case SeriesKind::Min:
      return begin_extreme(words, slot, added.value, added.number, type, before);
  }
  SONDE_UNREACHABLE();
}

void go_on(const Words& words, const Slot& slot, const Added& added, const types::Type& type) {
  Ir& ir = words.f.ir;
  switch (type.series_kind()) {
    case SeriesKind::Average: words.add(slot.extra, 0, ir.i64(1)); [[fallthrough]];
    case SeriesKind::Sum: return words.add(slot.value, 0, added.value);
    case SeriesKind::Last: return keep_last(words, slot, added.value, added.now);
    case SeriesKind::Max:
    case SeriesKind::Min: return go_on_extreme(words, slot, added.value, added.number, type);
  }
  SONDE_UNREACHABLE();
}

}  // namespace

void add_to_series(const Words& words, IrValue pointer, IrValue value, const types::Type& type) {
  Function& f = words.f;
  Ir& ir = f.ir;
  const IrValue now = epoch_now(f);
  const IrValue number =
      ir.binary(Op::UDiv, now, ir.i64(static_cast<std::uint64_t>(type.series_interval())));
  const Added added{value, now, number};
  const Slot slot = slot_of(f, pointer, number, type.series_count());
  const IrValue seen = ir.load(64, slot.number, 8, Volatile::Yes);
  const IrBlock same = ir.block();
  const IrBlock other = ir.block();
  const IrBlock newer = ir.block();
  const IrBlock first = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.compare(Compare::Equal, number, seen), same, other);
  ir.enter(other);
  // A program that was interrupted for as long as all intervals take comes too late.
  ir.branch(ir.compare(Compare::UGreater, number, seen), newer, done);
  ir.enter(newer);
  const std::pair<IrValue, IrValue> before{ir.load(64, slot.value, 8, Volatile::Yes),
                                           ir.load(64, slot.extra, 8, Volatile::Yes)};
  const IrBlock again = ir.block();
  ir.branch(words.replace(slot.number, seen, number), first, again);
  ir.enter(again);
  // A program that has interrupted has begun this interval, or one so much later that this one comes too late.
  const IrValue begun = ir.load(64, slot.number, 8, Volatile::Yes);
  ir.branch(ir.compare(Compare::Equal, begun, number), same, done);
  ir.enter(first);
  begin(words, slot, added, type, before);
  ir.jump(done);
  ir.enter(same);
  go_on(words, slot, added, type);
  ir.jump(done);
  ir.enter(done);
}

}  // namespace sonde::codegen
