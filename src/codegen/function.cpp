#include "codegen/function.h"

#include <algorithm>

#include "base/check.h"

namespace sonde::codegen {
namespace {

constexpr std::uint32_t round_up(std::uint32_t size) { return (std::max(size, 1U) + 7) / 8 * 8; }

}  // namespace

Function::Function(Module& m, const plan::BpfProgram& p)
    : module(m), ir(m.ir()), program(p),
      stack(m.ir(), m.manifest().settings.on_stack_limit, stack_budget(0, 0)), scratch(m, stack, p),
      shared(own_shared_), start_(m.ir()) {}

Function::Function(Function& outer, IrValue given)
    : module(outer.module), ir(outer.ir), program(outer.program), test_result(outer.test_result),
      stack(ir, module.manifest().settings.on_stack_limit,
            stack_budget(outer.shared.depth, outer.level_ + 1)),
      scratch(outer.scratch, stack), shared(outer.shared), frame(given), level_(outer.level_ + 1),
      location_(outer.location_), start_(ir) {}

Space Function::default_space() const {
  return plan::default_space(attach_point()) == types::AddressSpace::User ? Space::User
                                                                          : Space::Kernel;
}

void Function::open_body() {
  outer_exit_ = exit;
  exit = ir.block();
  start_.open();
  scratch.open(exit, outer_exit_);
}

void Function::close_body(const std::function<void()>& last) {
  SONDE_CHECK(!is_callback());
  ir.jump(exit);
  ir.enter(exit);
  last();
  scratch.close();
  ir.jump(outer_exit_);
  ir.enter(outer_exit_);
}

Memory Function::temporary(std::uint32_t size) {
  size = round_up(size);
  const std::optional<Memory> memory = stack.temporary(size);
  return memory ? *memory : hidden(size);
}

void Function::release(const Mark& mark) {
  stack.release(mark.stack);
  scratch.release(mark.scratch);
}

// A shorter value leaves the rest of a variable as it is, and before 6.3 the verifier lets nobody read stack that nobody has
// written.
void Function::clear_at_start(IrValue pointer, std::uint32_t size) {
  start_.fill([&] {
    for (std::uint32_t offset = 0; offset < size; offset += 8)
      ir.store(ir.i64(0), ir.offset(pointer, std::int64_t{offset}), 8);
  });
}

Memory Function::variable(const ast::Variable& variable) {
  const auto found = variables_.find(&variable);
  if (found != variables_.end()) return found->second;
  return variables_[&variable] = place_variable(variable);
}

Memory Function::place_variable(const ast::Variable& variable) {
  const auto offset = shared.variables.find(&variable);
  if (offset != shared.variables.end()) return scratch.at_start(offset->second);
  const types::Type& type = *variable.type;
  if (type.is_scalar()) {
    if (const auto memory = stack.scalar(type.size() * 8)) return *memory;
  } else if (const auto memory = stack.lasting(round_up(type.size()))) {
    clear_at_start(memory->pointer, round_up(type.size()));
    return *memory;
  }
  const Memory memory = scratch.at_start(scratch.reserve(type.size()));
  scratch.keep();
  return memory;
}

IrValue Function::loop_frame(std::uint32_t size) {
  IrValue& place = loop_frames_[ir.function()];
  if (place == nullptr) place = ir.stack_slot(size);
  return place;
}

void Function::take_over(Function& part) {
  stack.take_over(part.stack);
  loop_frames_.merge(part.loop_frames_);
}

IrValue Function::once(IrValue& slot, const std::function<IrValue()>& make) {
  if (slot == nullptr) start_.fill([&] { slot = make(); });
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

void Function::set_location(diag::Location where) {
  if (!where.valid()) return;
  location_ = where;
  module.debug().set_location(ir, where);
}

}  // namespace sonde::codegen
