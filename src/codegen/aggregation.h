// count(), sum(), hist(), ...: one partial result per CPU, written without locks, merged by who reads it.
#pragma once

#include "ast/ast.h"
#include "codegen/expression.h"
#include "codegen/function.h"
#include "codegen/loop.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {

// `@m[k] = count()` and the like.
void assign_aggregation(Function& f, ast::MapAccess& target, ast::Call& call);

// Calls `then(pointer)` in a loop over all CPUs that have the key; for a scalar map the pointer is that of the header.
template <class Then>
void for_each_cpu(Function& f, const MapUse& use, const Memory& key, Then&& then) {
  if (!f.module.plan().target.has(plan::Feature::MapLookupPerCpu)) {
    return if_not_null(f, lookup(f, use, key), then);
  }
  counted_loop(f, f.module.plan().target.cpus, 1, [&](IrValue cpu, IrBlock) {
    if_not_null(f, call_on_map(f, Helper::MapLookupPercpu, use, {key.pointer, cpu}), then);
  });
}

// Merges the partial results of all CPUs into `to`.
void merge_aggregation(Function& f, const MapUse& use, const Memory& key, const types::Type& type,
                       const Memory& to);

// The value of the element at `value` (behind the header of a scalar map): of aggregations that of all CPUs, which a cast to a
// number then makes a number of.
[[nodiscard]] Value element_value(Function& f, const MapUse& use, const Memory& key, IrValue value);

// What a merged aggregation is as a number (i64): the average of avg() and stats(), else its one value.
[[nodiscard]] IrValue aggregation_number(Function& f, const Memory& merged,
                                         const types::Type& type);

}  // namespace sonde::codegen
