#include "codegen/scratch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace sonde::codegen {
namespace {

// Of one element of the scratch map; several serve a program that needs more.
constexpr std::uint32_t kPage = plan::kMaxTemporary + 8;

}  // namespace

Scratch::Scratch(Module& module, Stack& stack, const plan::BpfProgram& program)
    : module_(module), ir_(module.ir()), stack_(stack), program_(program), gap_(module.ir()) {}

Scratch::Scratch(Scratch& outer, Stack& stack)
    : module_(outer.module_), ir_(outer.ir_), stack_(stack), program_(outer.program_),
      outer_(outer.outer_ != nullptr ? outer.outer_ : &outer), gap_(outer.ir_), top_(outer.top_),
      floor_(outer.top_) {}

void Scratch::open(IrBlock exit, IrBlock without) {
  exit_ = exit;
  without_ = without;
  gap_.open();
}

std::uint32_t Scratch::reserve(std::uint32_t size) {
  size = (std::max(size, 1U) + 7) / 8 * 8;
  SONDE_CHECK(size <= plan::kMaxTemporary);
  static_cast<void>(page(0));  // The claim may take its first bytes.
  if (top_ % kPage + size > kPage) top_ = (top_ / kPage + 1) * kPage;
  const std::uint32_t offset = top_;
  top_ += size;
  module_.need_scratch(offset % kPage + size);
  return offset;
}

Memory Scratch::at(std::uint32_t offset) {
  return {ir_.offset(page(offset / kPage), std::int64_t{offset % kPage}), 8};
}

Memory Scratch::at_start(std::uint32_t offset) {
  static_cast<void>(page(offset / kPage));
  Memory memory;
  gap_.fill([&] { memory = at(offset); });
  return memory;
}

void Scratch::release(std::uint32_t mark) { top_ = std::max(mark, floor_); }

// Whether a second run may begin on the CPU while the first uses the element. Since 6.0 programs of uprobes are only kept from
// changing the CPU, and before 6.1 nothing kept a raw tracepoint that an interrupt hits from running its program again. The
// kernel guards the others: by bpf_prog_active, and fentry and fexit by the program's own counter (5.12).
bool Scratch::is_claimed() const { return program_.row().has(plan::kReentrant); }

// The first page's first word is not 0 while a run uses the pages. A run that finds it so is lost.
void Scratch::claim() {
  const IrBlock busy = ir_.block();
  const IrBlock free = ir_.block();
  const IrValue before = ir_.atomic_exchange(pages_[0], ir_.i64(1));
  ir_.branch(ir_.is_nonzero(before), busy, free);
  ir_.enter(busy);
  const auto slot = static_cast<std::uint32_t>(plan::Lost::Events);
  ir_.call_function(module_.count_loss_function(), {ir_.i64(slot)});
  ir_.jump(without_);
  ir_.enter(free);
  floor_ = top_ = 8;
}

void Scratch::close() {
  if (outer_ != nullptr || pages_.empty() || !is_claimed()) return;
  // A plain store: who else claims the element runs on this CPU too.
  ir_.compiler_barrier();
  ir_.store(ir_.i64(0), pages_[0], 8);
}

void Scratch::look_up(std::size_t index) {
  const IrValue key = stack_.word();
  const std::vector<std::uint32_t>& elements = outer_ != nullptr ? outer_->elements_ : elements_;
  ir_.store(ir_.i32(elements[index]), key, 4);
  pages_.push_back(ir_.call(Helper::MapLookup, {module_.scratch(), key}));
  const IrBlock found = ir_.block();
  ir_.branch(ir_.is_nonzero(pages_[index]), found, index == 0 ? without_ : exit_);
  ir_.enter(found);
  if (index == 0 && is_claimed()) claim();
}

// Callbacks are given the first page and look up others, which the program has too.
IrValue Scratch::page(std::size_t index) {
  if (index < pages_.size()) return pages_[index];
  if (index > 0) static_cast<void>(page(index - 1));
  if (outer_ != nullptr) {
    static_cast<void>(outer_->page(index));
  } else {
    const std::string_view group = program_.row().scratch_group;
    elements_.push_back(
        module_.scratch_element(group.empty() ? "" : fmt::format("{} {}", group, index)));
  }
  gap_.fill([&] { look_up(index); });
  return pages_[index];
}

}  // namespace sonde::codegen
