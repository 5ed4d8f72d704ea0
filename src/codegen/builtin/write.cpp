// skboutput() and write_user().
#include <string>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/convert.h"
#include "codegen/event.h"
#include "codegen/map_ops.h"
#include "codegen/strings.h"
#include "plan/packets.h"

namespace sonde::codegen::function {
namespace {

constexpr std::uint64_t kCurrentCpu = 0xffffffff;  // BPF_F_CURRENT_CPU
constexpr std::uint32_t kPacketLengthShift = 32;   // BPF_F_CTXLEN_MASK

IrValue lesser(Function& f, IrValue a, IrValue b) {
  return f.ir.select(f.ir.compare(Compare::ULess, a, b), a, b);
}

// Bytes that the packet holds.
IrValue packet_length(Function& f, const Value& packet) {
  const types::Type* record = packet.type->element();
  const auto found = record->record()->find_field("len");
  SONDE_CHECK(found.has_value());
  const Place place = dereference(f, packet, record);
  return to_number(f, load(f, move(place, found->field.offset, found->field.type)));
}

}  // namespace

// The kernel copies a packet's first bytes behind the record: user space leaves out those in front of the offset.
Value emit_SkbOutput(Function& f, const FunctionUse& use) {
  Ir& ir = f.ir;
  const plan::Action& action = f.module.action(use.call.action);
  const Value packet = emit(f, *use.call.arguments[1]);
  const IrValue wanted = to_number(f, emit(f, *use.call.arguments[2]));
  const IrValue held = packet_length(f, packet);
  const IrValue offset = lesser(f, to_number(f, emit(f, *use.call.arguments[3])), held);
  const IrValue room = ir.binary(Op::Sub, held, offset);
  const IrValue length = ir.binary(Op::Add, offset, lesser(f, wanted, room));
  const IrValue copied = lesser(f, length, ir.i64(plan::kMostPacketBytes));

  const Memory record = f.temporary(action.size);
  write_header(f, record, use.call.action);
  const IrValue fields[] = {ir.call(Helper::KtimeGetBootNs, {}), length, offset};
  for (std::size_t i = 0; i < action.fields.size(); ++i)
    ir.store(fields[i], at(ir, record, action.fields[i].offset).pointer, 8);
  const IrValue flags = ir.binary(Op::Or, ir.binary(Op::Shl, copied, ir.i64(kPacketLengthShift)),
                                  ir.i64(kCurrentCpu));
  const IrValue result = ir.call(Helper::SkbOutput, {packet.scalar, f.module.packets(), flags,
                                                     record.pointer, ir.i64(action.size)});
  const IrBlock lost = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.compare(Compare::SLess, result, ir.i64(0)), lost, done);
  ir.enter(lost);
  count_loss(f, static_cast<std::uint32_t>(plan::Lost::Events));
  ir.jump(done);
  ir.enter(done);
  return number(f, use.call.type, result);
}

Value emit_WriteUser(Function& f, const FunctionUse& use) {
  Ir& ir = f.ir;
  const Value pointer = emit(f, *use.call.arguments[0]);
  ast::Expression& value = *use.call.arguments[1];
  Memory bytes;
  std::uint32_t size = 0;
  if (const auto text = constant_text(value)) {
    size = static_cast<std::uint32_t>(text->size()) + 1;
    bytes = {f.module.literal(std::string(*text) + '\0'), 8};
  } else {
    const types::Type* target = pointer.type->element();
    size = target->size();
    bytes = f.temporary(*target);
    store(f, emit(f, value), {bytes, target, Fill::Any});
  }
  const IrValue result = ir.call(
      Helper::ProbeWriteUser, {ir.resize(pointer.scalar, 64, false), bytes.pointer, ir.i64(size)});
  report_failure(f, Helper::ProbeWriteUser, result);
  const IrValue is_written = ir.compare(Compare::Equal, result, ir.i64(0));
  return scalar_value(use.call.type, is_written);
}

}  // namespace sonde::codegen::function
