#include "codegen/aggregation.h"

#include "base/check.h"
#include "builtins/tables.h"
#include "codegen/access.h"
#include "codegen/arithmetic.h"
#include "codegen/convert.h"
#include "codegen/histogram.h"

namespace sonde::codegen {
namespace {

using types::TypeKind;

void add_to(Function& f, IrValue pointer, std::int64_t offset, IrValue amount) {
  const IrValue slot = f.ir.offset(pointer, offset);
  f.ir.store(f.ir.binary(Op::Add, f.ir.load(64, slot, 8), amount), slot, 8);
}

// {value, is_set} at `pointer` becomes the better of itself and `value`.
void keep_better(Function& f, IrValue pointer, IrValue value, const types::Type& type) {
  const bool is_min = type.is(TypeKind::Min);
  const Compare better = type.is_signed() ? (is_min ? Compare::SLess : Compare::SGreater)
                                          : (is_min ? Compare::ULess : Compare::UGreater);
  const IrValue is_set = f.ir.is_nonzero(f.ir.load(64, f.ir.offset(pointer, std::int64_t{8}), 8));
  const IrValue is_better = f.ir.compare(better, value, f.ir.load(64, pointer, 8));
  const IrBlock replace = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.select(is_set, is_better, f.ir.boolean(true)), replace, done);
  f.ir.enter(replace);
  f.ir.store(value, pointer, 8);
  f.ir.store(f.ir.i64(1), f.ir.offset(pointer, std::int64_t{8}), 8);
  f.ir.jump(done);
  f.ir.enter(done);
}

void add_value(Function& f, IrValue pointer, IrValue value, const types::Type& type) {
  switch (type.kind()) {
    case TypeKind::Count: return add_to(f, pointer, 0, f.ir.i64(1));
    case TypeKind::Sum: return add_to(f, pointer, 0, value);
    case TypeKind::Min:
    case TypeKind::Max: return keep_better(f, pointer, value, type);
    case TypeKind::Average:
    case TypeKind::Stats: add_to(f, pointer, 0, value); return add_to(f, pointer, 8, f.ir.i64(1));
    case TypeKind::Hist:
    case TypeKind::LinearHist: {
      const IrValue bucket =
          type.is(TypeKind::Hist) ? hist_bucket(f, value, type) : lhist_bucket(f, value, type);
      const IrValue slot = f.ir.offset(pointer, f.ir.binary(Op::Shl, bucket, f.ir.i64(3)));
      return add_to(f, slot, 0, f.ir.i64(1));
    }
    default: SONDE_UNREACHABLE();
  }
}

// Adds each u64 of one value to that of the other.
void add_words(Function& f, const Memory& to, IrValue from, std::uint32_t words) {
  constexpr std::uint32_t kUnrolled = 4;
  if (words <= kUnrolled) {
    for (std::uint32_t i = 0; i < words; ++i) {
      const std::int64_t offset = std::int64_t{8} * i;
      add_to(f, to.pointer, offset, f.ir.load(64, f.ir.offset(from, offset), 8));
    }
    return;
  }
  counted_loop(f, 8ULL * words, 8, [&](IrValue offset, IrBlock) {
    add_to(f, f.ir.offset(to.pointer, offset), 0, f.ir.load(64, f.ir.offset(from, offset), 8));
  });
}

}  // namespace

void assign_aggregation(Function& f, ast::MapAccess& target, ast::Call& call) {
  const plan::Map& map = map_of(f, target);
  IrValue value = nullptr;
  if (!call.arguments.empty()) {
    ast::Expression& argument = *call.arguments[0];
    value = emit_scalar(f, argument, *argument.type);
    value = f.ir.resize(value, 64, argument.type->is_signed());
  }
  const Memory key = emit_key(f, map, target.key);
  with_value(f, target.map, key,
             [&](IrValue pointer) { add_value(f, pointer, value, *map.value); });
}

void merge_aggregation(Function& f, int map, const Memory& key, const types::Type& type,
                       const Memory& to) {
  zero(f, to, type.size());
  const plan::Map& about = f.module.manifest().maps[static_cast<std::size_t>(map)];
  const std::int64_t header = about.is_scalar() ? plan::kScalarHeader : 0;
  for_each_cpu(f, map, key, [&](IrValue element) {
    const IrValue partial = f.ir.offset(element, header);
    if (!type.is(TypeKind::Min) && !type.is(TypeKind::Max)) {
      return add_words(f, to, partial, type.size() / 8);
    }
    const IrValue is_set = f.ir.load(64, f.ir.offset(partial, std::int64_t{8}), 8);
    const IrBlock set = f.ir.block();
    const IrBlock done = f.ir.block();
    f.ir.branch(f.ir.is_nonzero(is_set), set, done);
    f.ir.enter(set);
    keep_better(f, to.pointer, f.ir.load(64, partial, 8), type);
    f.ir.jump(done);
    f.ir.enter(done);
  });
}

Value element_value(Function& f, int map, const Memory& key, IrValue value) {
  const types::Type& type = *f.module.manifest().maps[static_cast<std::size_t>(map)].value;
  if (!type.is_aggregation()) return load(f, memory_value(&type, Memory{value, 8}).place);
  const Memory merged = f.temporary(type);
  merge_aggregation(f, map, key, type, merged);
  return memory_value(&type, merged);
}

IrValue aggregation_number(Function& f, const Memory& merged, const types::Type& type) {
  const IrValue first = f.ir.load(64, merged.pointer, 8);
  if (!type.is(TypeKind::Average) && !type.is(TypeKind::Stats)) return first;
  const IrValue count = f.ir.load(64, f.ir.offset(merged.pointer, std::int64_t{8}), 8);
  return divide(f.ir, first, count, type.is_signed());
}

}  // namespace sonde::codegen
