#include "codegen/function.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "codegen/callback.h"
#include "codegen/context/context.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

// Of one element of the scratch map; several serve a program that needs more.
constexpr std::uint32_t kScratchPage = plan::kMaxTemporary + 8;

constexpr std::uint32_t round_up(std::uint32_t size) { return (std::max(size, 1U) + 7) / 8 * 8; }

}  // namespace

// Variables beyond the number of scalars are kept in scratch memory: those that LLVM cannot keep in registers take stack too.
Function::Budget Function::budget(std::uint32_t depth, std::uint32_t level) {
  if (depth == 0) return {.bytes = 224, .scalars = 20};
  if (level == 0) return {.bytes = 96, .scalars = 8};
  if (level == 1) return {.bytes = 48, .scalars = 6};
  return {.bytes = 0, .scalars = 2};
}

Function::Function(Module& m, const plan::BpfProgram& p)
    : module(m), ir(m.ir()), program(p), program_function_(this), budget_(budget(0, 0)) {}

Function::Function(Function& outer, IrValue frame)
    : module(outer.module), ir(outer.ir), program(outer.program),
      program_function_(outer.program_function_), depth_(outer.depth_), level_(outer.level_ + 1),
      budget_(budget(depth_, level_)), frame_(frame), location_(outer.location_),
      scratch_top_(outer.scratch_top_), scratch_floor_(outer.scratch_top_) {}

Space Function::default_space() const {
  return plan::default_space(attach_point()) == types::AddressSpace::User ? Space::User
                                                                          : Space::Kernel;
}

// The stack has 512 bytes for variables, spills and callees.
bool Function::may_live_on_stack(std::uint32_t size) const {
  return size <= module.manifest().settings.on_stack_limit;
}

Memory Function::stack_memory(std::uint32_t size) {
  const auto fits = [&](const Slot& slot) { return slot.size >= size; };
  const auto smaller = [](const Slot& a, const Slot& b) { return a.size < b.size; };
  std::vector<Slot> candidates;
  std::copy_if(free_.begin(), free_.end(), std::back_inserter(candidates), fits);
  if (!candidates.empty()) {
    const Slot best = *std::min_element(candidates.begin(), candidates.end(), smaller);
    free_.erase(std::find_if(free_.begin(), free_.end(),
                             [&](const Slot& slot) { return slot.pointer == best.pointer; }));
    busy_.push_back(best);
    return {best.pointer, 8};
  }
  busy_.push_back({ir.stack_slot(size), size});
  stack_bytes_ += size;
  return {busy_.back().pointer, 8};
}

std::uint32_t Function::reserve_scratch(std::uint32_t size) {
  size = round_up(size);
  SONDE_CHECK(size <= plan::kMaxTemporary);
  static_cast<void>(scratch_page(0));  // The claim may take its first bytes.
  if (scratch_top_ % kScratchPage + size > kScratchPage) {
    scratch_top_ = (scratch_top_ / kScratchPage + 1) * kScratchPage;
  }
  const std::uint32_t offset = scratch_top_;
  scratch_top_ += size;
  module.need_scratch(offset % kScratchPage + size);
  return offset;
}

Memory Function::scratch_at(std::uint32_t offset) {
  const IrValue page = scratch_page(offset / kScratchPage);
  return {ir.offset(page, static_cast<std::int64_t>(offset % kScratchPage)), 8};
}

// Made in the prologue: what names it first may stand in a branch.
Memory Function::scratch_of_variable(std::uint32_t offset) {
  static_cast<void>(scratch_page(offset / kScratchPage));
  const Ir::Position back = ir.position();
  const IrBlock body = ir.end_target(scratch_block_);
  ir.remove_end(scratch_block_);
  ir.restore({home_.function, scratch_block_, home_.location});
  const Memory memory = scratch_at(offset);
  ir.jump(body);
  scratch_block_ = ir.current();
  ir.restore(back);
  return memory;
}

Memory Function::scratch_memory(std::uint32_t size) { return scratch_at(reserve_scratch(size)); }

Memory Function::temporary(std::uint32_t size) {
  size = round_up(size);
  const bool reusable =
      std::any_of(free_.begin(), free_.end(), [&](const Slot& slot) { return slot.size >= size; });
  if (may_live_on_stack(size) && (reusable || stack_bytes_ + size <= budget_.bytes)) {
    return stack_memory(size);
  }
  return scratch_memory(size);
}

void Function::release(const Mark& mark) {
  while (busy_.size() > mark.stack) {
    free_.push_back(busy_.back());
    busy_.pop_back();
  }
  scratch_top_ = std::max(mark.scratch, scratch_floor_);
}

// A shorter value leaves the rest of a variable as it is, and before 6.3 the verifier lets nobody read stack that nobody has
// written.
void Function::clear_at_start(IrValue pointer, std::uint32_t size) {
  IrValue done = nullptr;
  static_cast<void>(once(done, [&] {
    for (std::uint32_t offset = 0; offset < size; offset += 8)
      ir.store(ir.i64(0), ir.offset(pointer, std::int64_t{offset}), 8);
    return pointer;
  }));
}

Memory Function::variable(const ast::Variable& variable) {
  const auto found = variables_.find(&variable);
  if (found != variables_.end()) return found->second;
  const types::Type& type = *variable.type;
  const auto& shared = program_function_->shared_.variables;
  Memory memory;
  if (const auto offset = shared.find(&variable); offset != shared.end()) {
    memory = scratch_of_variable(offset->second);
  } else if (type.is_scalar() && ++scalars_ <= budget_.scalars) {
    memory = {ir.stack_scalar(type.size() * 8), type.size()};
  } else {
    const std::uint32_t size = round_up(type.size());
    if (!type.is_scalar() && may_live_on_stack(size) && stack_bytes_ + size <= budget_.bytes) {
      stack_bytes_ += size;
      memory = {ir.stack_slot(size), 8};
      clear_at_start(memory.pointer, size);
    } else {
      memory = scratch_of_variable(reserve_scratch(size));
      scratch_floor_ = scratch_top_;
    }
  }
  variables_[&variable] = memory;
  return memory;
}

void Function::open_body() {
  outer_exit_ = exit;
  exit = ir.block();
  once_block_ = ir.current();
  home_ = ir.position();
  const IrBlock scratch = ir.block();
  ir.jump(scratch);
  ir.enter(scratch);
  scratch_block_ = scratch;
  const IrBlock body = ir.block();
  ir.jump(body);
  ir.enter(body);
}

void Function::close_body() {
  ir.jump(exit);
  ir.enter(exit);
  if (verdict_) store_result();
  if (!scratch_pages_.empty() && claims_scratch()) {
    // A plain store: who else claims the element runs on this CPU too.
    ir.compiler_barrier();
    ir.store(ir.i64(0), scratch_pages_[0], 8);
  }
  ir.jump(outer_exit_);
  ir.enter(outer_exit_);
}

IrValue Function::result() {
  return verdict_ ? ir.load(64, result_, 8) : ir.i64(program.row().result);
}

void Function::store_result() {
  const IrValue kept_verdict = ir.load(64, kept(*verdict_).pointer, 8);
  const auto returned = context_access(program.type).returned;
  ir.store(returned != nullptr ? returned(*this, kept_verdict) : kept_verdict, result_, 8);
}

// Programs that cannot interrupt each other on a CPU share elements. The kernel runs at most one program of perf
// tracepoints, kprobes and perf events at a time on a CPU (bpf_prog_active); of the others only a second run of the same
// program is kept out, see claims_scratch(). Programs of uprobes may be preempted by another task's, shared element or not.
std::string_view Function::scratch_group() const { return program.row().scratch_group; }

// Whether a second run may begin on the CPU while the first uses the element. Since 6.0 programs of uprobes are only kept from
// changing the CPU, and before 6.1 nothing kept a raw tracepoint that an interrupt hits from running its program again. The
// kernel guards the others: see scratch_group(), and for fentry and fexit the program's own counter (5.12).
bool Function::claims_scratch() const { return program.row().has(plan::kReentrant); }

// The first page's first word is not 0 while a run uses the pages. A run that finds it so is lost.
void Function::claim_scratch() {
  const IrBlock busy = ir.block();
  const IrBlock free = ir.block();
  const IrValue before = ir.atomic_exchange(scratch_pages_[0], ir.i64(1));
  ir.branch(ir.is_nonzero(before), busy, free);
  ir.enter(busy);
  count_loss(*this, static_cast<std::uint32_t>(plan::Lost::Events));
  ir.jump(outer_exit_);
  ir.enter(free);
  scratch_floor_ = scratch_top_ = 8;
}

IrValue Function::scratch_page(std::size_t page) {
  if (page < scratch_pages_.size()) return scratch_pages_[page];
  if (page > 0) static_cast<void>(scratch_page(page - 1));
  // Callbacks get the first page by the frame, and look up others.
  if (level_ > 0) static_cast<void>(program_function_->scratch_page(page));
  const Ir::Position back = ir.position();  // May be in a callback of this program.
  const IrBlock body = ir.end_target(scratch_block_);
  ir.remove_end(scratch_block_);
  ir.restore({home_.function, scratch_block_, home_.location});
  const Memory key = stack_memory(8);
  busy_.pop_back();  // Free again at once: the key is used in the prologue only.
  free_.push_back({key.pointer, 8});
  if (level_ == 0) {
    const std::string_view group = scratch_group();
    const std::string shared = group.empty() ? "" : fmt::format("{} {}", group, page);
    scratch_elements_.push_back(module.scratch_element(shared));
  }
  ir.store(ir.i32(program_function_->scratch_elements_[page]), key.pointer, 4);
  scratch_pages_.push_back(ir.call(Helper::MapLookup, {module.scratch(), key.pointer}));
  const IrBlock found = ir.block();
  ir.branch(ir.is_nonzero(scratch_pages_[page]), found, page == 0 ? outer_exit_ : exit);
  ir.enter(found);
  if (page == 0 && claims_scratch()) claim_scratch();
  ir.jump(body);
  scratch_block_ = ir.current();
  ir.restore(back);
  return scratch_pages_[page];
}

IrValue Function::once(IrValue& slot, const std::function<IrValue()>& make) {
  if (slot != nullptr) return slot;
  const Ir::Position back = ir.position();
  const IrBlock body = ir.end_target(once_block_);
  ir.remove_end(once_block_);
  ir.enter(once_block_);
  slot = make();
  ir.jump(body);
  once_block_ = ir.current();
  ir.restore(back);
  return slot;
}

void Function::leave() {
  leaves_ = true;
  ir.jump(exit);
  ir.enter(ir.block());
}

void Function::leave_if(IrValue condition, IrBlock stay) {
  leaves_ = true;
  ir.branch(condition, exit, stay);
  ir.enter(stay);
}

// Before 6.7 (and in some stable kernels after it) the verifier walks through a callback once, and believes what it saw on the
// stack: that a counter is 0, say, and that code for other values is dead. Of the values of a map it believes nothing.
void Function::prepare(const CallbackNeeds& needs) {
  depth_ = needs.depth;
  budget_ = budget(depth_, level_);
  if (depth_ == 0) return;
  shared_.left = reserve_scratch(sizeof(std::uint64_t));
  ir.store(ir.i64(0), left_flag().pointer, 8);
  for (const ast::Variable* variable : needs.shared)
    shared_.variables[variable] = reserve_scratch(variable->type->size());
  scratch_floor_ = scratch_top_;
}

Function::Kept Function::keep(std::uint32_t size) {
  size = round_up(size);
  if (depth_ == 0 && stack_bytes_ + size <= budget_.bytes) {
    stack_bytes_ += size;
    return {.stack = ir.stack_slot(size), .scratch = 0};
  }
  const std::uint32_t offset = reserve_scratch(size);
  scratch_floor_ = scratch_top_;
  return {.stack = nullptr, .scratch = offset};
}

Memory Function::kept(const Kept& where) {
  return where.stack != nullptr ? Memory{where.stack, 8} : scratch_at(where.scratch);
}

void Function::begin_verdict() {
  result_ = ir.stack_scalar(64);
  ir.store(ir.i64(program.row().result), result_, 8);
}

void Function::keep_verdict() {
  verdict_ = keep(8);
  ir.store(ir.i64(program.row().result), kept(*verdict_).pointer, 8);
}

IrValue Function::frame() {
  constexpr std::int64_t kScratch = 8;
  if (level_ > 0) return frame_;
  if (frame_ == nullptr) frame_ = ir.stack_slot(2 * 8);
  ir.store(context, frame_, 8);
  ir.store(scratch_page(0), ir.offset(frame_, kScratch), 8);
  return frame_;
}

Memory Function::left_flag() { return scratch_at(program_function_->shared_.left); }

void Function::open_turn() {
  SONDE_CHECK(level_ > 0);
  context = ir.load_pointer(frame_);
  scratch_pages_.push_back(ir.load_pointer(ir.offset(frame_, std::int64_t{8})));
  next_ = ir.block();
  stop_ = ir.block();
  exit = stop_;
  open_body();
  loops.push_back({.break_target = stop_, .continue_target = next_});
}

// The verifier wants to see 0 or 1 as the result.
void Function::close_turn() {
  loops.pop_back();
  ir.jump(next_);
  ir.enter(next_);
  ir.ret(ir.i64(0));
  ir.enter(exit);
  ir.store(ir.i64(1), left_flag().pointer, 8);
  ir.jump(stop_);
  ir.enter(stop_);
  ir.ret(ir.i64(1));
}

void Function::set_location(diag::Location where) {
  if (!where.valid()) return;
  location_ = where;
  module.debug().set_location(ir, where);
}

}  // namespace sonde::codegen
