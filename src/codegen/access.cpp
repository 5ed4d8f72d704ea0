#include "codegen/access.h"

#include <algorithm>

#include "base/check.h"
#include "codegen/context/context.h"
#include "codegen/event.h"
#include "codegen/strings.h"

namespace sonde::codegen {
namespace {

// More single loads and stores than this are slower than the call of a helper.
constexpr std::uint32_t kInlineMoves = 32;

IrValue load_context(Function& f, const Place& place, std::uint32_t bits) {
  if (!f.program.row().has(plan::kSlotContext)) {
    const IrValue pointer = f.ir.offset(place.base, place.offset);
    return f.ir.load(bits, pointer, place.type->alignment(), Volatile::Yes);
  }
  const std::int64_t slot = place.offset / 8 * 8;
  const ContextAccess& access = context_access(f.program.type);
  IrValue whole = access.slot != nullptr
                      ? access.slot(f, slot)
                      : f.ir.load(64, f.ir.offset(place.base, slot), 8, Volatile::Yes);
  if (place.offset != slot) {
    whole =
        f.ir.binary(Op::LShr, whole, f.ir.i64(static_cast<std::uint64_t>(place.offset - slot) * 8));
  }
  return f.ir.resize(whole, bits, false);
}

// A null pointer reads as 0, as it does with the read helpers. The verifier wants the check where it knows that a pointer
// may be null, and drops it where it knows that it is not.
IrValue load_trusted(Function& f, const Place& place, std::uint32_t bits) {
  const IrBlock read = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrBlock from = f.ir.current();
  f.ir.branch(f.ir.is_nonzero(place.base), read, done);
  f.ir.enter(read);
  const IrValue pointer = f.ir.offset(f.ir.to_pointer(place.base), place.offset);
  const IrValue loaded = f.ir.load(bits, pointer, bits / 8);
  f.ir.jump(done);
  f.ir.enter(done);
  return f.ir.phi(f.ir.integer(bits, 0), from, loaded, read);
}

// The verifier takes no arithmetic on a pointer that may be null; LLVM must not bring it in front of the check. What a null
// pointer's object holds is read from the address 0, which fails.
IrValue address_in_object(Function& f, const Place& place) {
  if (place.offset == 0) return place.base;
  const IrBlock move = f.ir.block();
  const IrBlock done = f.ir.block();
  const IrBlock from = f.ir.current();
  f.ir.branch(f.ir.is_nonzero(place.base), move, done);
  f.ir.enter(move);
  const IrValue moved = f.ir.add(f.ir.opaque(place.base), static_cast<std::uint64_t>(place.offset));
  f.ir.jump(done);
  f.ir.enter(done);
  return f.ir.phi(f.ir.i64(0), from, moved, move);
}

IrValue load_bits(Function& f, const Place& place, std::uint32_t bits) {
  switch (place.space) {
    case Space::Bpf: return f.ir.load(bits, memory(f, place).pointer, place.align);
    case Space::Context: return load_context(f, place, bits);
    case Space::Trusted: return load_trusted(f, place, bits);
    case Space::Kernel:
    case Space::User: {
      const Memory slot = f.temporary(8);
      probe_read(f, place.space, slot, f.ir.i64(bits / 8), address(f, place));
      return f.ir.load(bits, slot.pointer, 8);
    }
  }
  SONDE_UNREACHABLE();
}

// The bits of a bit field, sign-extended if its type is signed.
IrValue extract(Function& f, IrValue unit, const types::BitField& field, bool is_signed) {
  const std::uint32_t bits = f.ir.bits_of(unit);
  const std::uint32_t above = bits - field.shift - field.width;
  const IrValue up = f.ir.binary(Op::Shl, unit, f.ir.integer(bits, above));
  return f.ir.binary(is_signed ? Op::AShr : Op::LShr, up, f.ir.integer(bits, bits - field.width));
}

}  // namespace

void zero(Function& f, const Memory& to, std::uint32_t size) {
  if (size == 0) return;
  if (size <= kInlineBytes) {
    f.ir.zero_inline(to.pointer, to.align, size);
  } else {
    // Reading a bad kernel address zeroes the destination, without a fault: the address is checked first.
    f.ir.call(Helper::ProbeReadKernel, {to.pointer, f.ir.i64(size), f.ir.i64(0)});
  }
}

void copy(Function& f, const Memory& to, const Memory& from, std::uint32_t size) {
  if (size == 0) return;
  const std::uint32_t unit = std::min({to.align, from.align, 8U});
  if (size / unit <= kInlineMoves && size <= kInlineBytes) {
    f.ir.copy_inline(to.pointer, to.align, from.pointer, from.align, size);
  } else {
    f.ir.call(Helper::ProbeReadKernel, {to.pointer, f.ir.i64(size), from.pointer});
  }
}

IrValue probe_read(Function& f, Space space, const Memory& to, IrValue size, IrValue address) {
  const Helper helper = space == Space::User ? Helper::ProbeReadUser : Helper::ProbeReadKernel;
  const IrValue result = f.ir.call(helper, {to.pointer, size, address});
  report_failure(f, helper, result);
  return result;
}

IrValue probe_read_string(Function& f, Space space, const Memory& to, IrValue size,
                          IrValue address) {
  const Helper helper =
      space == Space::User ? Helper::ProbeReadUserStr : Helper::ProbeReadKernelStr;
  const IrValue result = f.ir.call(helper, {to.pointer, size, address});
  report_failure(f, helper, result);
  return result;
}

IrValue address(Function& f, const Place& place) {
  if (place.space == Space::Trusted) return address_in_object(f, place);
  const bool is_pointer = place.space == Space::Bpf || place.space == Space::Context;
  const IrValue base = is_pointer ? f.ir.to_integer(place.base) : place.base;
  return f.ir.add(base, static_cast<std::uint64_t>(place.offset));
}

Memory memory(Function& f, const Place& place) {
  SONDE_CHECK(place.space == Space::Bpf);
  return {f.ir.offset(place.base, place.offset), place.align};
}

Space space_of(Function& f, const types::Type& pointer) {
  switch (pointer.address_space()) {
    case types::AddressSpace::Kernel: return Space::Kernel;
    case types::AddressSpace::User: return Space::User;
    case types::AddressSpace::Unknown: return f.default_space();
  }
  SONDE_UNREACHABLE();
}

Place dereference(Function& f, const Value& pointer, const types::Type* pointee) {
  SONDE_CHECK(pointer.is_scalar());
  Place place;
  place.type = pointee;
  place.base = pointer.scalar;
  place.space = pointer.is_trusted ? Space::Trusted : space_of(f, *pointer.type);
  return place;
}

Place move(const Place& place, std::int64_t bytes, const types::Type* type) {
  Place moved = place;
  moved.type = type;
  moved.offset += bytes;
  moved.bit_field.reset();
  moved.access = types::FieldAccess::Direct;
  moved.is_zero_filled = false;
  while (bytes % moved.align != 0) moved.align /= 2;
  return moved;
}

Place move(Function& f, const Place& place, IrValue bytes, const types::Type* type) {
  Place moved = move(place, 0, type);
  switch (place.space) {
    case Space::Bpf:
      moved.base = f.ir.offset(place.base, bytes);
      moved.align = std::min(place.align, type->alignment());
      break;
    case Space::Context:
    case Space::Trusted:
      // The verifier takes constant offsets only here; the read helpers take any address.
      moved.base = f.ir.binary(Op::Add, address(f, place), bytes);
      moved.offset = 0;
      moved.space = Space::Kernel;
      break;
    case Space::Kernel:
    case Space::User: moved.base = f.ir.binary(Op::Add, place.base, bytes); break;
  }
  return moved;
}

Place follow_data_loc(Function& f, const Place& place) {
  const IrValue location = f.ir.load(32, f.ir.offset(place.base, place.offset), 4, Volatile::Yes);
  IrValue offset = f.ir.resize(f.ir.binary(Op::And, location, f.ir.i32(0xffff)), 64, false);
  if (place.access == types::FieldAccess::RelDataLoc) {
    offset = f.ir.add(offset, static_cast<std::uint64_t>(place.offset) + 4);
  }
  Place data = move(place, 0, place.type);
  data.base = f.ir.binary(Op::Add, f.ir.to_integer(place.base), offset);
  data.offset = 0;
  data.space = Space::Kernel;
  return data;
}

Value load(Function& f, const Place& place) {
  if (place.access != types::FieldAccess::Direct) {
    const Place data = follow_data_loc(f, place);
    // A pointer to the data, which lies in the event's record.
    if (place.type->is_pointer()) return scalar_value(place.type, address(f, data));
    return load(f, data);
  }
  if (!place.type->is_scalar()) return memory_value(place.type, place);
  IrValue loaded = load_bits(f, place, place.type->size() * 8);
  if (place.bit_field) loaded = extract(f, loaded, *place.bit_field, place.type->is_signed());
  if (place.type->is(types::TypeKind::Bool)) loaded = f.ir.is_nonzero(loaded);
  Value value = scalar_value(place.type, loaded);
  const bool is_typed = place.space == Space::Trusted ||
                        (place.space == Space::Context && f.program.row().has(plan::kTypedContext));
  value.is_trusted = is_typed && place.type->is_pointer() && place.type->element()->is_record() &&
                     place.type->address_space() != types::AddressSpace::User;
  return value;
}

void read(Function& f, const Place& place, const Memory& to) {
  if (place.access != types::FieldAccess::Direct) return read(f, follow_data_loc(f, place), to);
  const std::uint32_t size = place.type->size();
  if (place.space == Space::Bpf) return copy(f, to, memory(f, place), size);
  const Space space = place.space == Space::User ? Space::User : Space::Kernel;
  if (place.type->is_string()) {
    // Its end is nearer than its capacity says, and behind it there may be nothing to read.
    store_string(f, place, {to, place.type, Fill::Any});
  } else {
    probe_read(f, space, to, f.ir.i64(size), address(f, place));
  }
}

Memory in_memory(Function& f, const Place& place) {
  if (place.space == Space::Bpf) return memory(f, place);
  const Memory to = f.temporary(place.type->size());
  read(f, place, to);
  return to;
}

}  // namespace sonde::codegen
