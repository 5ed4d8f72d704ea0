#include "codegen/event.h"

#include <vector>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/convert.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

constexpr std::uint64_t kProducerPosition = 3;  // BPF_RB_PROD_POS of bpf_ringbuf_query(), 5.8

// What has effects is evaluated before there is a record, for nothing may depend on the ring's being full; and what stands
// to its left, whose value it may change. The rest is made in the record itself.
std::vector<Value> evaluate_early(Function& f, std::span<const FieldSource> sources,
                                  const plan::Action& action) {
  std::vector<Value> early(sources.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].expression != nullptr && has_effect(*sources[i].expression)) count = i + 1;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const types::Type* type = action.fields[i].type;
    if (sources[i].expression == nullptr) continue;
    ast::Expression& expression = *sources[i].expression;
    if (expression.type->is_scalar()) {
      early[i] = emit(f, expression);
    } else {
      const Memory copy = f.temporary(*type);
      emit_into(f, expression, {copy, type, Fill::Any});
      early[i] = memory_value(type, copy);
    }
  }
  return early;
}

IrValue reserve(Function& f, IrValue ring, std::uint32_t bytes) {
  return f.ir.call(Helper::RingbufReserve, {ring, f.ir.i64(bytes), f.ir.i64(0)});
}

// A place for the record of an action, in the ring that its delivery says; goes to `full` if there is none.
IrValue reserve(Function& f, const plan::Action& action, IrBlock full) {
  Ir& ir = f.ir;
  const plan::Delivery delivery = plan::delivery(action.kind);
  const bool is_control = delivery == plan::Delivery::Control;
  const IrValue first = reserve(f, is_control ? f.module.control() : f.module.ring(), action.size);
  const IrBlock found = ir.current();
  const IrBlock write = ir.block();
  if (delivery != plan::Delivery::Kept) {
    ir.branch(ir.is_nonzero(first), write, full);
    ir.enter(write);
    return first;
  }
  const IrBlock keep = ir.block();
  const IrBlock kept = ir.block();
  ir.branch(ir.is_nonzero(first), write, keep);
  ir.enter(keep);
  // All that this CPU has sent lies below, and all that it will send lies at it or above.
  const IrValue position =
      ir.call(Helper::RingbufQuery, {f.module.ring(), ir.i64(kProducerPosition)});
  const IrValue second = reserve(f, f.module.kept(), action.size + plan::kKeptTrailer);
  f.module.need_kept(action.size + plan::kKeptTrailer);
  ir.branch(ir.is_nonzero(second), kept, full);
  ir.enter(kept);
  ir.store(position, ir.offset(second, std::int64_t{action.size}), 8);
  ir.jump(write);
  ir.enter(write);
  return ir.phi(first, found, second, kept);
}

void write_field(Function& f, const FieldSource& source, const Value& early,
                 const Destination& to) {
  if (early.type != nullptr) {
    store(f, early, to);
  } else if (source.expression != nullptr) {
    emit_into(f, *source.expression, to);
  } else {
    source.write(to);
  }
}

// An exit() for which the ring has no room, whatever fills that, is noted elsewhere. The first one counts.
void note_exit(Function& f, const FieldSource& source, const Value& early,
               const types::Type* type) {
  const IrValue code = f.ir.stack_slot(8);
  write_field(f, source, early, {{code, 8}, type, Fill::Any});
  const IrValue low = f.ir.binary(Op::And, f.ir.load(64, code, 8), f.ir.i64(UINT32_MAX));
  const IrBlock first = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrValue known = f.ir.load(64, f.module.exit_word(), 8, Volatile::Yes);
  f.ir.branch(f.ir.is_nonzero(known), done, first);
  f.ir.enter(first);
  f.ir.store(f.ir.binary(Op::Or, low, f.ir.i64(plan::kHasExited)), f.module.exit_word(), 8);
  f.ir.jump(done);
  f.ir.enter(done);
}

}  // namespace

void write_header(Function& f, const Memory& record, int action) {
  const IrValue cpu = f.ir.call(Helper::GetSmpProcessorId, {});
  f.ir.store(f.ir.i32(static_cast<std::uint32_t>(action)), record.pointer, 8);
  f.ir.store(f.ir.resize(cpu, 32, false),
             at(f.ir, record, offsetof(plan::RecordHeader, cpu)).pointer, 4);
}

void send_event(Function& f, int action_index, std::span<const FieldSource> sources) {
  const plan::Action& action = f.module.action(action_index);
  SONDE_CHECK(sources.size() <= action.fields.size());
  const std::vector<Value> early = evaluate_early(f, sources, action);
  const IrBlock full = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrValue reserved = reserve(f, action, full);
  const Memory record{reserved, 8};
  write_header(f, record, action_index);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const plan::EventField& field = action.fields[i];
    write_field(f, sources[i], early[i], {at(f.ir, record, field.offset), field.type, Fill::Any});
  }
  f.ir.call(Helper::RingbufSubmit, {reserved, f.ir.i64(0)});
  f.ir.jump(done);

  f.ir.enter(full);
  // While begin or end runs nothing else sends anything.
  const bool is_alone = f.program.attach_points.front().kind->has(builtins::kAlone);
  if (action.kind == plan::ActionKind::Exit && !is_alone) {
    note_exit(f, sources[0], early[0], action.fields[0].type);
  } else {
    const bool is_event = plan::delivery(action.kind) == plan::Delivery::Events;
    count_loss(f, static_cast<std::uint32_t>(is_event ? plan::Lost::Events : plan::Lost::Control));
  }
  f.ir.jump(done);
  f.ir.enter(done);
}

void warn_once(Function& f, int action, std::span<const FieldSource> sources) {
  const IrBlock first = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrValue reported = f.module.flag();
  f.ir.branch(f.ir.is_nonzero(f.ir.load(64, reported, 8)), done, first);
  f.ir.enter(first);
  f.ir.store(f.ir.i64(1), reported, 8);
  send_event(f, action, sources);
  f.ir.jump(done);
  f.ir.enter(done);
}

void report_failure(Function& f, Helper helper, IrValue result) {
  if (!f.module.plan().check_helpers) return;
  const IrBlock failed = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.compare(Compare::SLess, result, f.ir.i64(0)), failed, done);
  f.ir.enter(failed);
  const FieldSource sources[] = {{.expression = nullptr, .write = [&](const Destination& to) {
                                    f.ir.store(result, to.memory.pointer, 8);
                                  }}};
  warn_once(f, f.module.add_helper_error(helper, f.location()), sources);
  f.ir.jump(done);
  f.ir.enter(done);
}

}  // namespace sonde::codegen
