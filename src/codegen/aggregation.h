// count(), sum(), hist(), ...: one partial result per CPU, written without locks, merged by who reads it.
#pragma once

#include "ast/ast.h"
#include "codegen/expression.h"
#include "codegen/function.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {

// `@m[k] = count()` and the like.
void assign_aggregation(Function& f, ast::MapAccess& target, ast::Call& call);

// Calls `then(pointer)` in a loop over all CPUs that have the key; for a scalar map the pointer is that of the header.
template <class Then>
void for_each_cpu(Function& f, int map, const Memory& key, Then&& then) {
  if (!f.module.plan().target.has(plan::Feature::MapLookupPerCpu)) {
    return if_not_null(f, lookup(f, map, key), then);
  }
  const IrValue counter = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), counter, 8);
  const IrBlock head = f.ir.block();
  const IrBlock body = f.ir.block();
  const IrBlock end = f.ir.block();
  f.ir.jump(head);
  f.ir.enter(head);
  const IrValue cpu = f.ir.load(64, counter, 8);
  f.ir.branch(f.ir.compare(Compare::ULess, cpu, f.ir.i64(f.module.plan().target.cpus)), body, end);
  f.ir.enter(body);
  if_not_null(f, f.ir.call(Helper::MapLookupPercpu, {f.module.script_map(map), key.pointer, cpu}), then);
  f.ir.store(f.ir.add(cpu, 1), counter, 8);
  f.ir.jump(head);
  f.ir.enter(end);
}

// Merges the partial results of all CPUs into `to`.
void merge_aggregation(Function& f, int map, const Memory& key, const types::Type& type, const Memory& to);

// What a merged aggregation is as a number (i64): the average of avg() and stats(), else its one value.
[[nodiscard]] IrValue aggregation_number(Function& f, const Memory& merged, const types::Type& type);

}  // namespace sonde::codegen
