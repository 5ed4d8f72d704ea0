#include "codegen/context/entry_values.h"

#include <bit>

#include "base/check.h"
#include "codegen/context/context.h"
#include "codegen/kernel_calls.h"
#include "codegen/map_ops.h"
#include "plan/both_ends.h"

namespace sonde::codegen {
namespace {

// A call is known by its thread, by the place, and by where the stack stands when it has returned: calls that are under way
// in a thread at one time, nested or recursive ones too, have different stacks. Only a function that ends with a jump to
// its own beginning shares its stack with the call before it, which then keeps the later arguments. A program of both ends has
// a place of its own in the kernel for each call, whose address serves instead of the stack.
constexpr std::uint32_t kThread = 0;
constexpr std::uint32_t kStack = 8;
constexpr std::uint32_t kPlace = 16;
constexpr std::uint32_t kKeyBytes = 24;

std::uint32_t count_values(const Function& f) {
  return static_cast<std::uint32_t>(std::popcount(f.program.entry_arguments));
}

// Memory for as long as the program runs, in any case: before the body there is no other than the stack.
IrValue slot(Function& f, std::uint32_t size) {
  const auto memory = f.stack.lasting_large(size);
  return memory ? memory->pointer : f.ir.stack_slot(size);
}

// What tells calls of a thread and a place apart.
IrValue call_id(Function& f) {
  if (!plan::runs_at_both_ends(f.program)) return stack_after_return(f, !f.program.is_keeper);
  // Functions of the kernel can be called by programs themselves only: libbpf puts callbacks elsewhere.
  if (f.is_callback()) return f.ir.load(64, f.scratch.at(f.shared.call).pointer, 8);
  return f.ir.call(kSessionCookie, {f.context});
}

IrValue call_key(Function& f, IrValue place) {
  const IrValue key = slot(f, kKeyBytes);
  const auto put = [&](IrValue value, std::uint32_t offset) {
    f.ir.store(value, f.ir.offset(key, std::int64_t{offset}), 8);
  };
  put(f.ir.call(Helper::GetCurrentPidTgid, {}), kThread);
  put(call_id(f), kStack);
  put(place, kPlace);
  return key;
}

IrValue place_of(Function& f) {
  return f.program.attach_points.size() == 1 ? f.ir.i64(0) : place_index(f);
}

IrValue key_of(Function& f) {
  const IrValue place = place_of(f);
  return f.once(f.entry_key, [&] { return call_key(f, place); });
}

// In front of the body, where nothing of it may be shared: other registers, another key.
IrValue key_at_entry(Function& f) { return call_key(f, read_place_index(f)); }

void keep_under(Function& f, IrValue key) {
  const IrValue values = slot(f, count_values(f) * 8);
  std::int64_t offset = 0;
  for (std::uint32_t index = 0; index < 32; ++index) {
    if ((f.program.entry_arguments >> index & 1) == 0) continue;
    f.ir.store(argument_at_entry(f, index), f.ir.offset(values, offset), 8);
    offset += 8;
  }
  // A full map makes room; should it fail, the return counts the loss.
  f.ir.call(Helper::MapUpdate, {f.module.entry_map(f.program.entry_map), key, values, f.ir.i64(0)});
}

// Address of the kept values. Null in a program until find_arguments() has looked; a callback, which runs after that, takes
// its exit so that the verifier does not need to be told.
IrValue kept_values(Function& f) {
  const IrValue key = key_of(f);
  return f.once(f.entry_values, [&] {
    const IrValue values =
        f.ir.call(Helper::MapLookup, {f.module.entry_map(f.program.entry_map), key});
    const IrBlock found = f.ir.block();
    const IrBlock missing = f.ir.block();
    f.ir.branch(f.ir.is_nonzero(values), found, missing);
    f.ir.enter(missing);
    if (!f.is_callback()) count_loss(f, static_cast<std::uint32_t>(plan::Lost::Events));
    f.ir.jump(f.outer_exit());
    f.ir.enter(found);
    return values;
  });
}

}  // namespace

void keep_arguments(Function& f) { keep_under(f, key_of(f)); }

void keep_at_entry(Function& f) { keep_under(f, key_at_entry(f)); }

IrBlock branch_at_entry(Function& f) {
  const IrBlock at_entry = f.ir.block();
  const IrBlock at_return = f.ir.block();
  const IrValue is_return = f.ir.call(kSessionIsReturn, {f.context});
  // A bool: the bits above are not defined.
  f.ir.branch(f.ir.is_nonzero(f.ir.resize(is_return, 8, false)), at_return, at_entry);
  f.ir.enter(at_entry);
  return at_return;
}

void share_call(Function& f) {
  if (!plan::runs_at_both_ends(f.program) || f.program.entry_arguments == 0) return;
  f.shared.call = f.scratch.reserve(sizeof(std::uint64_t));
  f.scratch.keep();
  const IrValue id = f.ir.load(64, f.ir.offset(key_of(f), std::int64_t{kStack}), 8);
  f.ir.store(id, f.scratch.at(f.shared.call).pointer, 8);
}

void find_arguments(Function& f) { static_cast<void>(kept_values(f)); }

void forget_arguments(Function& f) {
  f.ir.call(Helper::MapDelete, {f.module.entry_map(f.program.entry_map), key_of(f)});
}

IrValue kept_argument(Function& f, std::uint32_t index) {
  const std::uint32_t below = f.program.entry_arguments & ((1U << index) - 1);
  const IrValue values = kept_values(f);
  return f.ir.load(64, f.ir.offset(values, std::int64_t{8} * std::popcount(below)), 8);
}

}  // namespace sonde::codegen
