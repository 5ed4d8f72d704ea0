#include "codegen/strings.h"

#include <algorithm>
#include <cstring>

#include "codegen/access.h"
#include "codegen/loop.h"

namespace sonde::codegen {
namespace {

// Widest unit in which `size` more bytes at this alignment can be moved.
std::uint32_t unit_for(std::uint32_t size, std::uint32_t align) {
  std::uint32_t unit = 8;
  while (unit > size || unit > align) unit /= 2;
  return unit;
}

std::uint64_t word_at(std::string_view bytes, std::uint32_t offset, std::uint32_t unit) {
  std::uint64_t word = 0;  // Little-endian, as the target.
  if (offset < bytes.size()) {
    std::memcpy(&word, bytes.data() + offset, std::min<std::size_t>(unit, bytes.size() - offset));
  }
  return word;
}

// Zero if the first `size` bytes at `memory` are those of `text` followed by zeros.
IrValue difference(Function& f, const Memory& memory, std::string_view text, std::uint32_t size) {
  IrValue all = f.ir.i64(0);
  for (std::uint32_t offset = 0; offset < size;) {
    const Memory part = at(f.ir, memory, offset);
    const std::uint32_t unit = unit_for(size - offset, part.align);
    const IrValue loaded = f.ir.resize(f.ir.load(unit * 8, part.pointer, unit), 64, false);
    const IrValue differs = f.ir.binary(Op::Xor, loaded, f.ir.i64(word_at(text, offset, unit)));
    all = f.ir.binary(Op::Or, all, differs);
    offset += unit;
  }
  return all;
}

IrValue equals_text(Function& f, ast::Expression& expression, std::string_view text,
                    std::uint32_t limit) {
  const std::uint32_t capacity = expression.type->size();
  auto compared = static_cast<std::uint32_t>(text.size()) + 1;
  if (limit != 0) compared = std::min(compared, limit);
  if (compared > capacity) return f.ir.boolean(false);  // Does not fit, so it cannot be there.
  const Memory memory = emit_in_memory(f, expression);
  return f.ir.logical_not(f.ir.is_nonzero(difference(f, memory, text, compared)));
}

// Leaves a loop if `condition` holds, with `value` in `slot`.
void leave_if(Function& f, IrBlock out, IrValue condition, IrValue slot, IrValue value) {
  const IrBlock leave = f.ir.block();
  const IrBlock stay = f.ir.block();
  f.ir.branch(condition, leave, stay);
  f.ir.enter(leave);
  f.ir.store(value, slot, 8);
  f.ir.jump(out);
  f.ir.enter(stay);
}

IrValue memory_equal(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  const IrValue result = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(1), result, 8);
  counted_loop(f, size, 1, [&](IrValue index, IrBlock out) {
    const IrValue x = f.ir.load(8, f.ir.offset(a.pointer, index), 1);
    const IrValue y = f.ir.load(8, f.ir.offset(b.pointer, index), 1);
    leave_if(f, out, f.ir.compare(Compare::NotEqual, x, y), result, f.ir.i64(0));
    leave_if(f, out, f.ir.logical_not(f.ir.is_nonzero(x)), result, f.ir.i64(1));
  });
  return f.ir.is_nonzero(f.ir.load(64, result, 8));
}

}  // namespace

void store_literal(Function& f, std::string_view text, const Destination& to) {
  const std::uint32_t capacity = to.type->capacity();
  text = text.substr(0, std::min<std::size_t>(text.size(), capacity - 1));
  // Behind the first word that ends in zeros the rest need not be written for itself.
  const auto used =
      static_cast<std::uint32_t>(std::min<std::size_t>((text.size() + 8) / 8 * 8, capacity));
  if (used > kInlineBytes) {
    copy(f, to.memory,
         {f.module.literal(std::string(text) + std::string(used - text.size(), '\0')), 8}, used);
  } else {
    for (std::uint32_t offset = 0; offset < used;) {
      const Memory part = at(f.ir, to.memory, offset);
      const std::uint32_t unit = unit_for(used - offset, part.align);
      f.ir.store(f.ir.integer(unit * 8, word_at(text, offset, unit)), part.pointer, unit);
      offset += unit;
    }
  }
  zero(f, at(f.ir, to.memory, used), capacity - used);
}

void store_string(Function& f, const Place& from, const Destination& to) {
  if (from.access != types::FieldAccess::Direct)
    return store_string(f, follow_data_loc(f, from), to);
  const std::uint32_t available = from.type->size();
  const std::uint32_t capacity = to.type->capacity();
  const bool is_string = from.type->is_string();
  const bool may_copy = from.space == Space::Bpf && is_string && available <= capacity &&
                        (to.fill == Fill::Any || from.is_zero_filled);
  if (may_copy && available <= kInlineBytes / 4) {
    copy(f, to.memory, memory(f, from), available);
    if (to.fill == Fill::Zero) zero(f, at(f.ir, to.memory, available), capacity - available);
    return;
  }
  if (to.fill == Fill::Zero) zero(f, to.memory, capacity);
  f.ir.store(f.ir.integer(8, 0), to.memory.pointer,
             1);  // What a failed read leaves: the empty string.
  // An array of characters need not hold a NUL: never read beyond it. The helper puts one at the end of what it reads.
  const std::uint32_t limit =
      is_string || available == 0 ? capacity : std::min(capacity, available + 1);
  const Space space = from.space == Space::User ? Space::User : Space::Kernel;
  probe_read_string(f, space, to.memory, f.ir.i64(limit), address(f, from));
}

std::optional<std::string_view> constant_text(const ast::Expression& expression) {
  if (const auto* literal = ast::as<ast::StringLiteral>(&expression)) return literal->value;
  if (const auto* parameter = ast::as<ast::PositionalParameter>(&expression)) {
    if (parameter->type->is_string()) return parameter->text;
  }
  if (const auto* call = ast::as<ast::Call>(&expression); call != nullptr && call->name == "str") {
    if (call->arguments.size() == 1) return constant_text(*call->arguments[0]);
  }
  return std::nullopt;
}

IrValue strings_equal(Function& f, ast::Expression& a, ast::Expression& b, std::uint32_t limit) {
  if (const auto text = constant_text(b)) return equals_text(f, a, *text, limit);
  if (const auto text = constant_text(a)) return equals_text(f, b, *text, limit);
  const Memory left = emit_in_memory(f, a);
  const Memory right = emit_in_memory(f, b);
  std::uint32_t size = std::min(a.type->size(), b.type->size());
  if (limit != 0) size = std::min(size, limit);
  return memory_equal(f, left, right, size);
}

IrValue string_length(Function& f, const Memory& memory, std::uint32_t capacity) {
  const IrValue result = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(capacity), result, 8);
  counted_loop(f, capacity, 1, [&](IrValue index, IrBlock out) {
    const IrValue byte = f.ir.load(8, f.ir.offset(memory.pointer, index), 1);
    leave_if(f, out, f.ir.logical_not(f.ir.is_nonzero(byte)), result, index);
  });
  return f.ir.load(64, result, 8);
}

}  // namespace sonde::codegen
