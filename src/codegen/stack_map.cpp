#include "codegen/stack_map.h"

#include <algorithm>
#include <functional>
#include <string>

#include "ast/ast.h"
#include "codegen/maps.h"
#include "plan/manifest.h"

namespace sonde::codegen {
namespace {

using Parameter = Module::Parameter;

// Different stacks of one hash that are told apart. Of 65536 stacks no two have the same 56 bits, but for one case in a million.
constexpr int kAttempts = 3;
constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, odd.

// Makes the code of `turn(index)` once, for index = 0, 1, ... below `words`: zeros behind the frames too. A loop that ended with
// them would have the verifier follow what comes behind once for each number of frames.
void each_word(Ir& ir, std::uint32_t words, const std::function<void(IrValue index)>& turn) {
  const IrValue counter = ir.stack_scalar(64);
  ir.store(ir.i64(0), counter, 8);
  const IrBlock head = ir.block();
  const IrBlock done = ir.block();
  ir.jump(head);
  ir.enter(head);
  const IrValue index = ir.load(64, counter, 8);
  turn(index);
  const IrValue next = ir.add(index, 1);
  ir.store(next, counter, 8);
  ir.branch(ir.compare(Compare::ULess, next, ir.i64(words)), head, done);
  ir.enter(done);
}

IrValue word_at(Ir& ir, IrValue words, IrValue index) {
  return ir.load(64, ir.offset(words, ir.binary(Op::Shl, index, ir.i64(3))), 8);
}

// u64 f(u64 *frames, u64 count): the hash, in all bits but those of the count, and the count.
void emit_hash(Ir& ir, std::uint32_t words) {
  const IrValue hash = ir.stack_scalar(64);
  ir.store(ir.i64(0), hash, 8);
  each_word(ir, words, [&](IrValue index) {
    const IrValue mixed = ir.binary(
        Op::Mul, ir.binary(Op::Xor, ir.load(64, hash, 8), word_at(ir, ir.parameter(0), index)),
        ir.i64(kMultiplier));
    ir.store(ir.binary(Op::Xor, mixed, ir.binary(Op::LShr, mixed, ir.i64(32))), hash, 8);
  });
  const IrValue all = ir.binary(Op::Mul, ir.load(64, hash, 8), ir.i64(kMultiplier));
  const IrValue upper = ir.binary(Op::And, all, ir.i64(~std::uint64_t{0} << plan::kStackIdBits));
  ir.ret(ir.binary(Op::Or, upper, ir.parameter(1)));
}

// u64 f(u64 *a, u64 *b): not 0 if they differ.
void emit_difference(Ir& ir, std::uint32_t words) {
  const IrValue difference = ir.stack_scalar(64);
  ir.store(ir.i64(0), difference, 8);
  each_word(ir, words, [&](IrValue index) {
    const IrValue bits = ir.binary(Op::Xor, word_at(ir, ir.parameter(0), index),
                                   word_at(ir, ir.parameter(1), index));
    ir.store(ir.binary(Op::Or, ir.load(64, difference, 8), bits), difference, 8);
  });
  ir.ret(ir.load(64, difference, 8));
}

IrValue shared(Module& module, const std::string& name, std::span<const Parameter> parameters,
               const std::function<void()>& body) {
  if (const IrValue made = module.shared_function(name); made != nullptr) return made;
  Ir& ir = module.ir();
  const Ir::Position back = ir.position();
  const IrValue function =
      module.begin_function(name, module.plan().bodies.front()->location, parameters);
  body();
  ir.restore(back);
  return module.shared_function(name) = function;
}

struct Keeper {
  Ir& ir;
  IrValue map;
  IrValue difference;  // emit_difference()
  IrValue frames;
  IrValue count;
  IrValue key;  // Address of the id on the stack.

  // Goes to `same` if the element holds these frames, else to `other`.
  void compare(IrValue element, IrBlock same, IrBlock other) const {
    const IrValue bits = ir.call_function(difference, {element, frames});
    ir.branch(ir.is_nonzero(bits), other, same);
  }

  // Ends in `same` if the id at `key` is that of the frames now, in `lost` if they cannot be kept. Goes on where the id belongs
  // to other frames.
  void attempt(IrBlock same, IrBlock lost) const {
    const IrBlock found = ir.block();
    const IrBlock missing = ir.block();
    const IrBlock refused = ir.block();
    const IrBlock other = ir.block();
    const IrBlock added_by_other = ir.block();
    const IrValue element = ir.call(Helper::MapLookup, {map, key});
    ir.branch(ir.is_nonzero(element), found, missing);
    ir.enter(found);
    compare(element, same, other);
    ir.enter(missing);
    const IrValue result = ir.call(Helper::MapUpdate, {map, key, frames, ir.i64(kUpdateNoExist)});
    ir.branch(ir.is_nonzero(result), refused, same);
    ir.enter(refused);
    // Another CPU may have been faster.
    const IrValue late = ir.call(Helper::MapLookup, {map, key});
    ir.branch(ir.is_nonzero(late), added_by_other, lost);
    ir.enter(added_by_other);
    compare(late, same, other);
    ir.enter(other);
  }
};

// Of one map alone.
void emit_keep(Module& module, IrValue map, std::uint32_t words, const std::string& suffix) {
  Ir& ir = module.ir();
  constexpr Parameter kHashed[] = {Parameter::Pointer, Parameter::Number};
  constexpr Parameter kCompared[] = {Parameter::Pointer, Parameter::Pointer};
  const IrValue hash =
      shared(module, "sonde_hash_stack" + suffix, kHashed, [&] { emit_hash(ir, words); });
  const IrValue difference = shared(module, "sonde_compare_stack" + suffix, kCompared,
                                    [&] { emit_difference(ir, words); });
  const IrValue key = ir.stack_slot(8);
  const Keeper keeper{ir, map, difference, ir.parameter(0), ir.parameter(1), key};
  ir.store(ir.call_function(hash, {keeper.frames, keeper.count}), key, 8);
  const IrBlock same = ir.block();
  const IrBlock lost = ir.block();
  for (int i = 0; i < kAttempts; ++i) {
    keeper.attempt(same, lost);
    ir.store(ir.add(ir.load(64, key, 8), std::uint64_t{1} << plan::kStackIdBits), key, 8);
  }
  ir.jump(lost);
  ir.enter(lost);
  ir.call_function(module.count_loss_function(),
                   {ir.i64(static_cast<std::uint64_t>(plan::Lost::Stacks))});
  ir.ret(ir.i64(0));
  ir.enter(same);
  ir.ret(ir.load(64, key, 8));
}

constexpr Parameter kStack[] = {Parameter::Pointer, Parameter::Number};

IrValue keep_short(Module& module) {
  return shared(module, "sonde_keep_stack", kStack,
                [&] { emit_keep(module, module.stacks(), plan::kShortStack, ""); });
}

}  // namespace

// As maps of the script; where their memory is taken before it is used there are fewer elements.
void define_stack_maps(DebugInfo& debug, const plan::Manifest& manifest, const StackMaps& maps) {
  constexpr std::uint32_t kMostPreallocated = 4096;
  constexpr std::uint32_t kExecs =
      32768;  // Processes at once that have called execve() since tracing began.
  const bool is_late = manifest.stacks_allocate_late;
  const auto define = [&](llvm::GlobalVariable* map, std::uint32_t entries, llvm::DIType* key,
                          llvm::DIType* value) {
    if (map == nullptr) return;
    define_map(debug, *map,
               {.type = MapType::Hash,
                .max_entries = is_late ? entries : std::min(entries, kMostPreallocated),
                .flags = is_late ? kMapNoPrealloc : 0,
                .key = key,
                .value = value});
  };
  llvm::DIType* u32 = debug.integer(32, false);
  llvm::DIType* u64 = debug.integer(64, false);
  const std::uint32_t stacks = manifest.settings.max_stacks;
  define(maps.stacks, stacks, u64, debug.array(u64, plan::kShortStack, 8));
  define(maps.deep_stacks, stacks, u64, debug.array(u64, plan::kMaxStackDepth, 8));
  define(maps.execs, kExecs, u32, u32);
}

std::uint32_t stack_words(std::uint32_t limit) {
  return limit <= plan::kShortStack ? plan::kShortStack : plan::kMaxStackDepth;
}

IrValue keep_stack_function(Module& module, std::uint32_t words) {
  const IrValue keep_few = keep_short(module);
  if (words <= plan::kShortStack) return keep_few;
  return shared(module, "sonde_keep_any_stack", kStack, [&] {
    Ir& ir = module.ir();
    const IrBlock few = ir.block();
    const IrBlock many = ir.block();
    ir.branch(ir.compare(Compare::ULessEqual, ir.parameter(1), ir.i64(plan::kShortStack)), few,
              many);
    ir.enter(few);
    ir.ret(ir.call_function(keep_few, {ir.parameter(0), ir.parameter(1)}));
    ir.enter(many);
    const IrValue keep_many = shared(module, "sonde_keep_deep_stack", kStack, [&] {
      emit_keep(module, module.deep_stacks(), plan::kMaxStackDepth, "_deep");
    });
    ir.ret(ir.call_function(keep_many, {ir.parameter(0), ir.parameter(1)}));
  });
}

}  // namespace sonde::codegen
