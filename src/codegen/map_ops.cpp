#include "codegen/map_ops.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/aggregation.h"
#include "codegen/arithmetic.h"
#include "codegen/convert.h"
#include "codegen/event.h"

namespace sonde::codegen {
namespace {

// Zeros on the stack cost a store each; above this a constant in .rodata serves.
constexpr std::uint32_t kStackZeros = 64;

// Counts an update that has failed; `result` is what the helper said. Of that the upper half means nothing: in Linux 6.1 and before
// helpers of maps are functions that return an int.
void count_failure(Function& f, int map, IrValue result) {
  using plan::UpdateFailure;
  result = f.ir.resize(f.ir.resize(result, 32, false), 64, true);
  report_failure(f, Helper::MapUpdate, result);
  const auto slot = [&](UpdateFailure reason) {
    return f.ir.i64(plan::lost_slot(static_cast<std::uint32_t>(map), reason));
  };
  const auto is_error = [&](int error) {
    return f.ir.compare(Compare::Equal, result, f.ir.i64(static_cast<std::uint64_t>(-error)));
  };
  const IrValue other =
      f.ir.select(is_error(ENOMEM), slot(UpdateFailure::NoMemory), slot(UpdateFailure::Busy));
  count_loss(f, f.ir.select(is_error(E2BIG), slot(UpdateFailure::Full), other));
}

// Updates, and counts it if the map has no room.
void update(Function& f, int map, const Memory& key, IrValue value, std::uint64_t flags) {
  const IrValue result =
      call_on_map(f, Helper::MapUpdate, use_of(f, map), {key.pointer, value, f.ir.i64(flags)});
  const IrBlock failed = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(result), failed, done);
  f.ir.enter(failed);
  count_failure(f, map, result);
  f.ir.jump(done);
  f.ir.enter(done);
}

IrValue zero_value(Function& f, std::uint32_t size) {
  if (size > kStackZeros) return f.module.zeros(size);
  const Memory memory = f.temporary(size);
  zero(f, memory, size);
  return memory.pointer;
}

const types::Type& value_type(const Function& f, const ast::MapAccess& access) {
  return *map_of(f, access).value;
}

IrValue load_scalar(Function& f, IrValue pointer, const types::Type& type) {
  const IrValue loaded = f.ir.load(type.size() * 8, pointer, type.size());
  return type.is(types::TypeKind::Bool) ? f.ir.is_nonzero(loaded) : loaded;
}

// The scalar at `pointer` + `offset`, 0 if `pointer` is null.
IrValue load_or_zero(Function& f, IrValue pointer, std::uint32_t offset, const types::Type& type) {
  const IrBlock found = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrBlock from = f.ir.current();
  f.ir.branch(f.ir.is_nonzero(pointer), found, done);
  f.ir.enter(found);
  const IrValue loaded =
      load_scalar(f, f.ir.offset(pointer, static_cast<std::int64_t>(offset)), type);
  f.ir.jump(done);
  f.ir.enter(done);
  return f.ir.phi(f.ir.integer(register_bits(type), 0), from, loaded, found);
}

}  // namespace

const plan::Map& map_of(const Function& f, const ast::MapAccess& access) {
  SONDE_CHECK(access.map >= 0);
  return f.module.manifest().maps[static_cast<std::size_t>(access.map)];
}

MapUse use_of(Function& f, int map) {
  const plan::Map& about = f.module.manifest().maps[static_cast<std::size_t>(map)];
  if (!about.has_generations || about.is_scalar()) return {.map = map};
  return {.map = map, .generation = f.ir.load(64, f.module.generation(map), 8, Volatile::Yes)};
}

// With two calls instead of one that is handed either map: the verifier then sees at each which map it is, and makes faster code
// of it (and takes for_each_map_elem at all).
IrValue call_on_map(Function& f, Helper helper, const MapUse& use,
                    std::initializer_list<IrValue> arguments) {
  std::vector<IrValue> all = {use.pointer != nullptr ? use.pointer : f.module.script_map(use.map)};
  all.insert(all.end(), arguments);
  if (use.generation == nullptr || use.pointer != nullptr) return f.ir.call(helper, all);
  const IrBlock first = f.ir.block();
  const IrBlock second = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(use.generation), second, first);
  f.ir.enter(first);
  const IrValue from_first = f.ir.call(helper, all);
  f.ir.mark(0);
  f.ir.jump(done);
  f.ir.enter(second);
  all[0] = f.module.script_map(use.map, true);
  const IrValue from_second = f.ir.call(helper, all);
  f.ir.mark(1);
  f.ir.jump(done);
  f.ir.enter(done);
  return f.ir.phi(from_first, first, from_second, second);
}

Memory emit_key(Function& f, const plan::Map& map, ast::Expression* key) {
  if (map.is_scalar()) {
    const Memory memory = f.temporary(4);
    const auto index = static_cast<int>(&map - f.module.manifest().maps.data());
    f.ir.store(map.has_generations ? f.ir.load(32, f.module.generation(index), 8, Volatile::Yes)
                                   : f.ir.i32(0),
               memory.pointer, 4);
    return memory;
  }
  const Memory memory = f.temporary(*map.key);
  SONDE_CHECK(key != nullptr);
  emit_into(f, *key, {memory, map.key, Fill::Zero});
  return memory;
}

IrValue lookup(Function& f, const MapUse& use, const Memory& key) {
  return call_on_map(f, Helper::MapLookup, use, {key.pointer});
}

IrValue lookup(Function& f, int map, const Memory& key) { return lookup(f, use_of(f, map), key); }

void with_value(Function& f, int map, const Memory& key, const std::function<void(IrValue)>& then) {
  const plan::Map& about = f.module.manifest().maps[static_cast<std::size_t>(map)];
  const MapUse use = use_of(f, map);
  const IrValue first = lookup(f, use, key);
  if (about.is_scalar()) {
    return if_not_null(f, first, [&](IrValue element) {
      f.ir.store(f.ir.i64(1), element, 8);
      then(f.ir.offset(element, std::int64_t{plan::kScalarHeader}));
    });
  }
  const IrBlock from = f.ir.current();
  const IrBlock missing = f.ir.block();
  const IrBlock full = f.ir.block();
  const IrBlock found = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(first), found, missing);

  // Another CPU may insert the key first: that is as good.
  f.ir.enter(missing);
  const IrValue zeros = zero_value(f, about.value->size());
  const IrValue result =
      call_on_map(f, Helper::MapUpdate, use, {key.pointer, zeros, f.ir.i64(kUpdateNoExist)});
  const IrValue inserted = lookup(f, use, key);
  const IrBlock inserted_in = f.ir.current();
  f.ir.branch(f.ir.is_nonzero(inserted), found, full);

  f.ir.enter(full);
  count_failure(f, map, result);
  f.ir.jump(done);

  f.ir.enter(found);
  then(f.ir.phi(first, from, inserted, inserted_in));
  f.ir.jump(done);
  f.ir.enter(done);
}

Value read_map(Function& f, ast::MapAccess& access) {
  const plan::Map& map = map_of(f, access);
  const types::Type& type = *map.value;
  const Memory key = emit_key(f, map, access.key);
  if (type.is_aggregation()) {
    const Memory merged = f.temporary(type);
    merge_aggregation(f, use_of(f, access.map), key, type, merged);
    const Value value = memory_value(&type, merged);
    return access.type->is_scalar() ? scalar_value(access.type, to_scalar(f, value, *access.type))
                                    : value;
  }
  const IrValue found = lookup(f, access.map, key);
  const std::uint32_t header = map.is_scalar() ? plan::kScalarHeader : 0;
  if (type.is_scalar()) return scalar_value(&type, load_or_zero(f, found, header, type));
  const IrValue missing = f.module.zeros(type.size());
  const IrValue at =
      f.ir.select(f.ir.is_nonzero(found), f.ir.offset(found, std::int64_t{header}), missing);
  return memory_value(&type, Memory{at, 8});
}

void assign_map(Function& f, ast::MapAccess& access, ast::Expression& value) {
  if (value_type(f, access).is_aggregation()) {
    return assign_aggregation(f, access, *ast::as<ast::Call>(&value));
  }
  const plan::Map& map = map_of(f, access);
  if (map.is_scalar()) {
    // The value first: it may read the map, or leave it as it is.
    const types::Type& type = *map.value;
    const Memory made = type.is_scalar() ? Memory{} : f.temporary(type);
    const IrValue scalar = type.is_scalar() ? emit_scalar(f, value, type) : nullptr;
    if (scalar == nullptr) emit_into(f, value, {made, &type, Fill::Any});
    const Memory key = emit_key(f, map, nullptr);
    if_not_null(f, lookup(f, access.map, key), [&](IrValue element) {
      f.ir.store(f.ir.i64(1), element, 8);
      const Memory to{f.ir.offset(element, std::int64_t{plan::kScalarHeader}), 8};
      if (scalar != nullptr) {
        store(f, scalar_value(&type, scalar), {to, &type, Fill::Any});
      } else {
        copy(f, to, made, type.size());
      }
    });
    return;
  }
  const Memory made = f.temporary(*map.value);
  emit_into(f, value, {made, map.value, Fill::Any});
  const Memory key = emit_key(f, map, access.key);
  update(f, access.map, key, made.pointer, kUpdateAny);
}

void update_map(Function& f, ast::MapAccess& access, ast::BinaryOp op, ast::Expression& value,
                diag::Location where) {
  const types::Type& type = value_type(f, access);
  const Operation how = common_operation(type, *value.type);
  IrValue amount = emit_scalar(f, value, *value.type);
  amount = f.ir.resize(amount, how.bits, value.type->is_signed());
  if (type.is_pointer() && !type.element()->is_void() && value.type->is_integral()) {
    amount = f.ir.binary(Op::Mul, amount, f.ir.i64(std::max(1U, type.element()->size())));
  }
  const Memory key = emit_key(f, map_of(f, access), access.key);
  const At at(f, where);
  with_value(f, access.map, key, [&](IrValue pointer) {
    const bool is_sum = op == ast::BinaryOp::Add || op == ast::BinaryOp::Subtract;
    if (is_sum && type.size() == 8 && how.bits == 64) {
      const IrValue change =
          op == ast::BinaryOp::Add ? amount : f.ir.binary(Op::Sub, f.ir.i64(0), amount);
      f.ir.atomic_add(pointer, change);
      return;
    }
    const IrValue before = f.ir.resize(load_scalar(f, pointer, type), how.bits, type.is_signed());
    const bool is_shift = op == ast::BinaryOp::ShiftRight;
    const IrValue after =
        arithmetic(f.ir, op, before, amount, is_shift ? type.is_signed() : how.is_signed);
    const IrValue cut = f.ir.resize(after, register_bits(type), how.is_signed);
    store(f, scalar_value(&type, cut), {{pointer, type.size()}, &type, Fill::Any});
  });
}

IrValue increment_map(Function& f, ast::MapAccess& access, std::int64_t amount, bool is_wanted) {
  const types::Type& type = value_type(f, access);
  const Memory key = emit_key(f, map_of(f, access), access.key);
  const auto change = static_cast<std::uint64_t>(amount);
  const std::uint32_t bits = type.size() * 8;
  const IrValue result = is_wanted ? f.ir.stack_scalar(bits) : nullptr;
  if (is_wanted) f.ir.store(f.ir.integer(bits, 0), result, type.size());
  with_value(f, access.map, key, [&](IrValue pointer) {
    if (bits == 64 && !is_wanted) return f.ir.atomic_add(pointer, f.ir.i64(change));
    IrValue before = nullptr;
    if (bits == 64) {
      before = f.ir.atomic_fetch_add(pointer, f.ir.i64(change));
    } else {
      before = f.ir.load(bits, pointer, type.size());
      f.ir.store(f.ir.add(before, change), pointer, type.size());
    }
    if (is_wanted) f.ir.store(before, result, type.size());
  });
  return is_wanted ? f.ir.load(bits, result, type.size()) : nullptr;
}

IrValue delete_key(Function& f, int map, ast::Expression* key_expression) {
  const plan::Map& about = f.module.manifest().maps[static_cast<std::size_t>(map)];
  const Memory key = emit_key(f, about, key_expression);
  if (!about.is_scalar()) {
    const IrValue result = call_on_map(f, Helper::MapDelete, use_of(f, map), {key.pointer});
    return f.ir.compare(Compare::Equal, result, f.ir.i64(0));
  }
  const IrValue was_set = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), was_set, 8);
  const auto forget = [&](IrValue element) {
    const IrValue is_set = f.ir.load(64, element, 8);
    f.ir.store(f.ir.binary(Op::Or, f.ir.load(64, was_set, 8), is_set), was_set, 8);
    zero(f, {element, 8}, plan::kScalarHeader + about.value->size());
  };
  if (about.is_per_cpu()) {
    for_each_cpu(f, use_of(f, map), key, forget);
  } else {
    if_not_null(f, lookup(f, map, key), forget);
  }
  return f.ir.is_nonzero(f.ir.load(64, was_set, 8));
}

IrValue has_key(Function& f, int map, ast::Expression* key_expression) {
  const plan::Map& about = f.module.manifest().maps[static_cast<std::size_t>(map)];
  const Memory key = emit_key(f, about, key_expression);
  const IrValue found = lookup(f, map, key);
  if (!about.is_scalar()) return f.ir.is_nonzero(found);
  const IrValue is_set = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), is_set, 8);
  if_not_null(f, found, [&](IrValue element) { f.ir.store(f.ir.load(64, element, 8), is_set, 8); });
  return f.ir.is_nonzero(f.ir.load(64, is_set, 8));
}

IrValue count_keys(Function& f, int map) {
  // The helper's result is the number of calls. The callback goes on while it returns 0.
  const Ir::Position back = f.ir.position();
  using enum Module::Parameter;
  constexpr Module::Parameter kParameters[] = {Pointer, Pointer, Pointer, Pointer};
  const IrValue callback =
      f.module.begin_function(f.module.callback_name(f.program.name), f.location(), kParameters);
  f.ir.ret(f.ir.i64(0));
  f.ir.restore(back);
  return call_on_map(f, Helper::ForEachMapElem, use_of(f, map),
                     {callback, f.ir.null_pointer(), f.ir.i64(0)});
}

void count_loss(Function& f, IrValue slot) {
  f.ir.call_function(f.module.count_loss_function(), {slot});
}

void count_loss(Function& f, std::uint32_t slot) { count_loss(f, f.ir.i64(slot)); }

}  // namespace sonde::codegen
