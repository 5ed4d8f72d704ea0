// Iterators: the context is an array of u64, the fields of struct bpf_iter__NAME: `meta`, then what is iterated over.
#include "base/check.h"
#include "codegen/access.h"
#include "codegen/context/context.h"

namespace sonde::codegen {
namespace {

constexpr std::uint32_t kMeta = 0;

const types::Field& field(Function& f, std::size_t index) {
  const types::Type* args = f.attach_point().args;
  SONDE_CHECK(args != nullptr && index < args->record()->fields.size());
  return args->record()->fields[index];
}

IrValue load_slot(Function& f, const types::Field& from) {
  return f.ir.load(64, f.ir.offset(f.context, std::int64_t{from.offset}), 8, Volatile::Yes);
}

// Behind the last object the kernel runs the program once more, with no object.
void leave_at_end(Function& f) {
  const IrBlock next = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(load_slot(f, field(f, 1))), next, f.exit);
  f.ir.enter(next);
}

// One byte for each object: a reader that asks for few bytes gets few objects at a time, and can empty the ring in between.
void tell_reader(Function& f) {
  f.ir.call(Helper::SeqWrite, {iterator_output(f), f.module.zeros(1), f.ir.i64(1)});
}

void enter(Function& f) {
  leave_at_end(f);
  if (!f.program.row().has(plan::kWritesText)) tell_reader(f);
}

}  // namespace

// The verifier knows the type of the pointers: plain loads.
IrValue iterator_output(Function& f) {
  const types::Field& meta = field(f, kMeta);
  const auto sequence = meta.type->element()->record()->find_field("seq");
  SONDE_CHECK(sequence.has_value());
  const IrValue pointer = f.ir.to_pointer(load_slot(f, meta));
  const IrValue place = f.ir.offset(pointer, std::int64_t{sequence->field.offset});
  return f.ir.load(64, place, 8, Volatile::Yes);
}

ContextAccess iterator_access() { return {.enter = enter}; }

}  // namespace sonde::codegen
