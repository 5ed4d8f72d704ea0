#include "codegen/series.h"

#include <cstddef>
#include <utility>

#include "base/check.h"
#include "codegen/histogram.h"

namespace sonde::codegen {
namespace {

using types::SeriesKind;

// The words of one interval.
struct Slot {
  IrValue number;
  IrValue value;
  IrValue extra;
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

// The first value of an interval. Sums begin by adding the difference: what a program that interrupts has added by now stays. The
// others forget its value, on this CPU and in this one interval.
void begin(const Words& words, const Slot& slot, IrValue value, IrValue now,
           const types::Type& type, const std::pair<IrValue, IrValue>& before) {
  Ir& ir = words.f.ir;
  switch (type.series_kind()) {
    case SeriesKind::Average:
      words.add(slot.extra, 0, ir.binary(Op::Sub, ir.i64(1), before.second));
      [[fallthrough]];
    case SeriesKind::Sum: return words.add(slot.value, 0, ir.binary(Op::Sub, value, before.first));
    case SeriesKind::Last: ir.store(value, slot.value, 8); return ir.store(now, slot.extra, 8);
    case SeriesKind::Max:
    case SeriesKind::Min:
      ir.store(ir.i64(0), slot.value, 8);
      return keep_better(words, slot.value, value, type);
  }
  SONDE_UNREACHABLE();
}

void go_on(const Words& words, const Slot& slot, IrValue value, IrValue now,
           const types::Type& type) {
  Ir& ir = words.f.ir;
  switch (type.series_kind()) {
    case SeriesKind::Average: words.add(slot.extra, 0, ir.i64(1)); [[fallthrough]];
    case SeriesKind::Sum: return words.add(slot.value, 0, value);
    case SeriesKind::Last: ir.store(value, slot.value, 8); return ir.store(now, slot.extra, 8);
    case SeriesKind::Max:
    case SeriesKind::Min: return keep_better(words, slot.value, value, type);
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
  ir.branch(words.replace(slot.number, seen, number), first, same);
  ir.enter(first);
  begin(words, slot, value, now, type, before);
  ir.jump(done);
  ir.enter(same);
  go_on(words, slot, value, now, type);
  ir.jump(done);
  ir.enter(done);
}

}  // namespace sonde::codegen
