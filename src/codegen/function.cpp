#include "codegen/function.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

// Temporaries up to this size may live on the stack, which has 512 bytes for variables, spills and callees.
constexpr std::uint32_t kStackSlotBytes = 64;
constexpr std::uint32_t kStackBudget = 224;
// Variables beyond this number are kept in scratch memory: those that LLVM cannot keep in registers take stack too.
constexpr std::uint32_t kStackScalars = 20;

// Of one element of the scratch map; several serve a program that needs more.
constexpr std::uint32_t kScratchPage = plan::kMaxTemporary + 8;

constexpr std::uint32_t round_up(std::uint32_t size) { return (std::max(size, 1U) + 7) / 8 * 8; }

}  // namespace

Function::Function(Module& m, const plan::BpfProgram& p) : module(m), ir(m.ir()), program(p) {}

Space Function::default_space() const {
  return plan::default_space(attach_point()) == types::AddressSpace::User ? Space::User
                                                                          : Space::Kernel;
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

Memory Function::scratch_memory(std::uint32_t size) {
  SONDE_CHECK(size <= plan::kMaxTemporary);
  static_cast<void>(scratch_page(0));  // The claim may take its first bytes.
  if (scratch_top_ % kScratchPage + size > kScratchPage) {
    scratch_top_ = (scratch_top_ / kScratchPage + 1) * kScratchPage;
  }
  const IrValue base = scratch_page(scratch_top_ / kScratchPage);
  const std::uint32_t offset = scratch_top_ % kScratchPage;
  scratch_top_ += size;
  module.need_scratch(offset + size);
  return {ir.offset(base, std::int64_t{offset}), 8};
}

Memory Function::temporary(std::uint32_t size) {
  size = round_up(size);
  const bool reusable =
      std::any_of(free_.begin(), free_.end(), [&](const Slot& slot) { return slot.size >= size; });
  if (size <= kStackSlotBytes && (reusable || stack_bytes_ + size <= kStackBudget)) {
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

Memory Function::variable(const ast::Variable& variable) {
  const auto found = variables_.find(&variable);
  if (found != variables_.end()) return found->second;
  const types::Type& type = *variable.type;
  Memory memory;
  if (type.is_scalar() && ++scalars_ <= kStackScalars) {
    memory = {ir.stack_scalar(type.size() * 8), type.size()};
  } else {
    const std::uint32_t size = round_up(type.size());
    if (!type.is_scalar() && size <= kStackSlotBytes && stack_bytes_ + size <= kStackBudget) {
      stack_bytes_ += size;
      memory = {ir.stack_slot(size), 8};
    } else {
      memory = scratch_memory(size);
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
  if (!scratch_pages_.empty() && claims_scratch()) {
    // A plain store: who else claims the element runs on this CPU too.
    ir.compiler_barrier();
    ir.store(ir.i64(0), scratch_pages_[0], 8);
  }
  ir.jump(outer_exit_);
  ir.enter(outer_exit_);
  ir.ret(ir.i64(0));
}

// Programs that cannot interrupt each other on a CPU share elements. The kernel runs at most one program of perf
// tracepoints, kprobes and perf events at a time on a CPU (bpf_prog_active); of the others only a second run of the same
// program is kept out, see claims_scratch(). Programs of uprobes may be preempted by another task's, shared element or not.
std::string_view Function::scratch_group() const {
  using builtins::ProbeKindId;
  switch (kind().id) {
    case ProbeKindId::Tracepoint:
      return program.type == plan::ProgramType::Tracepoint ? "guarded" : "";
    case ProbeKindId::Kprobe:
    case ProbeKindId::Kretprobe:
    case ProbeKindId::Profile:
    case ProbeKindId::Interval:
    case ProbeKindId::Software: return "guarded";
    case ProbeKindId::Uprobe:
    case ProbeKindId::Uretprobe: return "uprobe";
    default: return "";
  }
}

// Whether a second run may begin on the CPU while the first uses the element. Since 6.0 programs of uprobes are only kept from
// changing the CPU, and before 6.1 nothing kept a raw tracepoint that an interrupt hits from running its program again. The
// kernel guards the others: see scratch_group(), and for fentry and fexit the program's own counter (5.12).
bool Function::claims_scratch() const {
  using builtins::ProbeKindId;
  switch (kind().id) {
    case ProbeKindId::RawTracepoint:
    case ProbeKindId::Uprobe:
    case ProbeKindId::Uretprobe: return true;
    case ProbeKindId::Tracepoint: return program.type != plan::ProgramType::Tracepoint;
    default: return false;
  }
}

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
  const Ir::Position back = ir.position();
  const Memory key = stack_memory(8);
  busy_.pop_back();  // Free again at once: the key is used in the prologue only.
  free_.push_back({key.pointer, 8});
  const IrBlock body = ir.end_target(scratch_block_);
  ir.remove_end(scratch_block_);
  ir.enter(scratch_block_);
  const std::string_view group = scratch_group();
  const std::string shared = group.empty() ? "" : fmt::format("{} {}", group, page);
  ir.store(ir.i32(module.scratch_element(shared)), key.pointer, 4);
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
  ir.jump(exit);
  ir.enter(ir.block());
}

void Function::set_location(diag::Location where) {
  if (!where.valid()) return;
  location_ = where;
  module.debug().set_location(ir, where);
}

}  // namespace sonde::codegen
