#include "codegen/aggregation.h"

#include <algorithm>

#include "base/check.h"
#include "builtins/tables.h"
#include "codegen/access.h"
#include "codegen/arithmetic.h"
#include "codegen/convert.h"
#include "codegen/distinct.h"
#include "codegen/histogram.h"
#include "codegen/series.h"
#include "codegen/top.h"
#include "codegen/words.h"
#include "types/extreme.h"

namespace sonde::codegen {
namespace {

using types::TypeKind;

// Whether another program, or the same, may begin on the CPU while one changes its per-CPU value. Those of the "guarded" group
// keep each other out, see codegen/scratch.h; BEGIN and END run while the others pause.
bool may_be_interrupted(const Function& f) {
  return std::ranges::any_of(f.module.manifest().programs, [](const plan::BpfProgram& program) {
    return !program.row().has(plan::kRunsAlways) && program.row().scratch_group != "guarded";
  });
}

bool has_buckets(const types::Type& type) {
  return type.is(TypeKind::Hist) || type.is(TypeKind::LinearHist) || type.is(TypeKind::Quantiles);
}

// Buckets are those of numbers with a sign, of which the last has no end.
IrValue up_to_largest(Ir& ir, IrValue value) {
  const IrValue is_larger = ir.compare(Compare::SLess, value, ir.i64(0));
  return ir.select(is_larger, ir.i64(INT64_MAX), value);
}

void add_value(const Words& words, IrValue pointer, IrValue value, const types::Type& type) {
  Function& f = words.f;
  switch (type.kind()) {
    case TypeKind::Count: return words.add(pointer, 0, f.ir.i64(1));
    case TypeKind::Sum: return words.add(pointer, 0, value);
    case TypeKind::Min:
    case TypeKind::Max: return keep_better(words, pointer, value, type);
    case TypeKind::StdDev: return add_deviation(words, pointer, value, type.is_signed());
    case TypeKind::Distinct: return add_distinct(f, pointer, value);
    case TypeKind::TimeSeries: return add_to_series(words, pointer, value, type);
    case TypeKind::Average:
    case TypeKind::Stats: words.add(pointer, 0, value); return words.add(pointer, 8, f.ir.i64(1));
    case TypeKind::Hist:
    case TypeKind::Quantiles:
    case TypeKind::LinearHist: {
      const std::uint32_t bits = type.is(TypeKind::Hist) ? type.hist_bits() : types::kQuantileBits;
      const IrValue bucket = type.is(TypeKind::LinearHist) ? lhist_bucket(f, value, type)
                                                           : hist_bucket(f, value, bits);
      const IrValue slot = f.ir.offset(pointer, f.ir.binary(Op::Shl, bucket, f.ir.i64(3)));
      return words.add(slot, 0, f.ir.i64(1));
    }
    default: SONDE_UNREACHABLE();
  }
}

// Adds each u64 of one value to that of the other.
void add_words(const Words& words, const Memory& to, IrValue from, std::uint32_t count) {
  Function& f = words.f;
  constexpr std::uint32_t kUnrolled = 4;
  if (count <= kUnrolled) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::int64_t offset = std::int64_t{8} * i;
      words.add(to.pointer, offset, f.ir.load(64, f.ir.offset(from, offset), 8));
    }
    return;
  }
  counted_loop(f, 8ULL * count, 8, [&](IrValue offset, IrBlock) {
    const IrValue amount = f.ir.load(64, f.ir.offset(from, offset), 8);
    words.add(f.ir.offset(to.pointer, offset), 0, amount);
  });
}

}  // namespace

void assign_aggregation(Function& f, ast::MapAccess& target, ast::Call& call) {
  const plan::Map& map = map_of(f, target);
  const Words words{f, may_be_interrupted(f), target.map};
  if (map.value->is(TypeKind::Top)) {
    const TopKey counted = emit_top_key(f, call, *map.value);
    const Memory key = emit_key(f, map, target.key);
    return with_value(f, target.map, key,
                      [&](IrValue pointer) { add_top(words, pointer, counted, *map.value); });
  }
  IrValue value = nullptr;
  if (map.value->is(TypeKind::Distinct)) {
    value = emit_hash(f, *call.arguments[0]);
  } else if (!call.arguments.empty()) {
    ast::Expression& argument = *call.arguments[0];
    value = emit_scalar(f, argument, *argument.type);
    value = f.ir.resize(value, 64, argument.type->is_signed());
    if (has_buckets(*map.value) && !argument.type->is_signed()) value = up_to_largest(f.ir, value);
  }
  const Memory key = emit_key(f, map, target.key);
  with_value(f, target.map, key,
             [&](IrValue pointer) { add_value(words, pointer, value, *map.value); });
}

void merge_aggregation(Function& f, const MapUse& use, const Memory& key, const types::Type& type,
                       const Memory& to) {
  zero(f, to, type.size());
  const Words merged{f, false};
  const plan::Map& about = f.module.manifest().maps[static_cast<std::size_t>(use.map)];
  const std::int64_t header = about.is_scalar() ? plan::kScalarHeader : 0;
  for_each_cpu(f, use, key, [&](IrValue element) {
    const IrValue partial = f.ir.offset(element, header);
    if (!type.is(TypeKind::Min) && !type.is(TypeKind::Max)) {
      return add_words(merged, to, partial, type.size() / 8);
    }
    const IrValue is_set = f.ir.load(64, f.ir.offset(partial, std::int64_t{8}), 8);
    const IrBlock set = f.ir.block();
    const IrBlock done = f.ir.block();
    f.ir.branch(f.ir.is_nonzero(is_set), set, done);
    f.ir.enter(set);
    keep_larger(merged, to.pointer, f.ir.load(64, partial, 8));
    f.ir.jump(done);
    f.ir.enter(done);
  });
}

Value element_value(Function& f, const MapUse& use, const Memory& key, IrValue value) {
  const types::Type& type = *f.module.manifest().maps[static_cast<std::size_t>(use.map)].value;
  if (!type.is_aggregation()) return load(f, memory_value(&type, Memory{value, 8}).place);
  const Memory merged = f.temporary(type);
  merge_aggregation(f, use, key, type, merged);
  return memory_value(&type, merged);
}

IrValue aggregation_number(Function& f, const Memory& merged, const types::Type& type) {
  const IrValue first = f.ir.load(64, merged.pointer, 8);
  if (type.is(TypeKind::Min) || type.is(TypeKind::Max)) {
    const IrValue is_set =
        f.ir.is_nonzero(f.ir.load(64, f.ir.offset(merged.pointer, std::int64_t{8}), 8));
    const IrValue value = f.ir.binary(Op::Xor, first, f.ir.i64(types::extreme_mask(type)));
    return f.ir.select(is_set, value, f.ir.i64(0));
  }
  if (!type.is(TypeKind::Average) && !type.is(TypeKind::Stats)) return first;
  const IrValue count = f.ir.load(64, f.ir.offset(merged.pointer, std::int64_t{8}), 8);
  return divide(f.ir, first, count, type.is_signed());
}

}  // namespace sonde::codegen
