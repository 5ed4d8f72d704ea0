#include "codegen/compare.h"

#include <algorithm>
#include <cstring>

#include "codegen/access.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/scan.h"
#include "codegen/strings.h"

namespace sonde::codegen {
namespace {

// Up to here a text that is known is compared without a loop.
constexpr std::uint32_t kUnrolledBytes = 64;
constexpr std::uint32_t kWord = 8;

// Widest unit in which `size` more bytes at this alignment can be moved.
std::uint32_t unit_for(std::uint32_t size, std::uint32_t align) {
  std::uint32_t unit = kWord;
  while (unit > size || unit > align) unit /= 2;
  return unit;
}

// 0x80 in each byte of `word` that is 0, and perhaps in bytes above the lowest of these.
IrValue zero_bytes(Ir& ir, IrValue word) {
  const IrValue below = ir.binary(Op::Sub, word, ir.i64(0x0101010101010101));
  const IrValue high = ir.binary(Op::And, below, ir.i64(0x8080808080808080));
  return ir.binary(Op::And, high, ir.binary(Op::Xor, word, ir.i64(~0ULL)));
}

// All bits up to and with the lowest one of `bits`; all bits if it is 0.
IrValue up_to_lowest(Ir& ir, IrValue bits) { return ir.binary(Op::Xor, bits, ir.add(bits, ~0ULL)); }

// What differs between two texts of which word 0 decides how far they are compared.
struct Difference {
  IrValue bits;  // 0: nothing.
  IrValue ends;  // Not 0 if word 0 has a NUL.
};

// The first `size` bytes of `text` and the zeros behind it against those at `memory`: no literal is loaded.
IrValue equals_short_text(Function& f, const Memory& memory, std::string_view text,
                          std::uint32_t size) {
  IrValue all = f.ir.i64(0);
  for (std::uint32_t offset = 0; offset < size;) {
    const Memory part = at(f.ir, memory, offset);
    const std::uint32_t unit = unit_for(size - offset, part.align);
    std::uint64_t word = 0;  // Little-endian, as the target.
    if (offset < text.size()) {
      std::memcpy(&word, text.data() + offset, std::min<std::size_t>(unit, text.size() - offset));
    }
    const IrValue loaded = f.ir.resize(f.ir.load(unit * 8, part.pointer, unit), 64, false);
    all = f.ir.binary(Op::Or, all, f.ir.binary(Op::Xor, loaded, f.ir.i64(word)));
    offset += unit;
  }
  return f.ir.logical_not(f.ir.is_nonzero(all));
}

IrValue equals_text(Function& f, ast::Expression& expression, std::string_view text,
                    std::uint32_t limit) {
  auto compared = static_cast<std::uint32_t>(text.size()) + 1;
  if (limit != 0) compared = std::min(compared, limit);
  // Does not fit, so it cannot be there.
  if (compared > expression.type->visible_size()) return f.ir.boolean(false);
  const Memory memory = emit_in_memory(f, expression);
  if (compared <= kUnrolledBytes) return equals_short_text(f, memory, text, compared);
  const Memory literal{f.module.literal(std::string(text) + '\0'), 8};
  return bytes_equal(f, literal, memory, compared);
}

// Goes on as long as the words are the same and the first has no NUL; true if it came to an end without a difference. `compare`
// says what differs, and where the first ends.
IrValue equal_words(Function& f, std::string_view name, std::span<const Memory> texts,
                    std::uint32_t size, const Memory& place,
                    const std::function<Difference(IrValue, IrValue)>& compare) {
  Ir& ir = f.ir;
  const IrValue difference = ir.stack_scalar(64);
  ir.store(ir.i64(0), difference, 8);
  const auto test = [&](const WordOf& word) {
    const IrValue x = word(0);
    return ir.binary(Op::Or, ir.binary(Op::Xor, x, word(1)), zero_bytes(ir, x));
  };
  const auto step = [&](const WordOf& word, IrValue) {
    const auto [bits, ends] = compare(word(0), word(1));
    ir.store(bits, difference, 8);
    return ir.is_nonzero(ir.binary(Op::Or, bits, ends));
  };
  scan_words(f, size, {.name = name, .memories = texts, .test = test, .step = step}, place);
  return ir.logical_not(ir.is_nonzero(ir.load(64, difference, 8)));
}

}  // namespace

IrValue text_equal(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  Ir& ir = f.ir;
  const Memory texts[] = {a, b};
  return equal_words(
      f, "text", texts, size, scan_place(f, size), [&](IrValue x, IrValue y) -> Difference {
        const IrValue ends = zero_bytes(ir, x);
        return {ir.binary(Op::And, ir.binary(Op::Xor, x, y), up_to_lowest(ir, ends)), ends};
      });
}

// As text_equal(), but what the prefix's NUL meets does not matter.
IrValue begins_with(Function& f, const Memory& text, const Memory& prefix, std::uint32_t size,
                    const Memory& place) {
  Ir& ir = f.ir;
  const Memory texts[] = {prefix, text};
  return equal_words(f, "text", texts, size, place, [&](IrValue x, IrValue y) -> Difference {
    const IrValue ends = zero_bytes(ir, x);
    const IrValue lowest = ir.binary(Op::And, ends, ir.binary(Op::Sub, ir.i64(0), ends));
    const IrValue before = ir.add(ir.binary(Op::LShr, lowest, ir.i64(7)), ~0ULL);
    return {ir.binary(Op::And, ir.binary(Op::Xor, x, y), before), ends};
  });
}

IrValue bytes_order(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  Ir& ir = f.ir;
  if (size == 0) return ir.i64(0);
  const Memory texts[] = {a, b};
  const IrValue result = ir.stack_scalar(64);
  ir.store(ir.i64(0), result, 8);
  const auto test = [&](const WordOf& word) { return ir.binary(Op::Xor, word(0), word(1)); };
  const auto step = [&](const WordOf& word, IrValue) {
    const IrValue x = word(0);
    const IrValue y = word(1);
    const IrValue differs = ir.compare(Compare::NotEqual, x, y);
    // The first byte, which decides, is the lowest one of a word.
    const IrValue less = ir.compare(Compare::ULess, ir.byte_swap(x), ir.byte_swap(y));
    const IrValue order = ir.select(less, ir.i64(~0ULL), ir.i64(1));
    ir.store(ir.select(differs, order, ir.i64(0)), result, 8);
    return differs;
  };
  scan_words(f, size, {.name = "bytes", .memories = texts, .test = test, .step = step});
  return ir.load(64, result, 8);
}

IrValue bytes_equal(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  if (size == 0) return f.ir.boolean(true);
  const Memory texts[] = {a, b};
  const IrValue difference = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), difference, 8);
  const auto test = [&](const WordOf& word) { return f.ir.binary(Op::Xor, word(0), word(1)); };
  const auto step = [&](const WordOf& word, IrValue) {
    const IrValue differs = test(word);
    f.ir.store(differs, difference, 8);
    return f.ir.is_nonzero(differs);
  };
  scan_words(f, size, {.name = "bytes", .memories = texts, .test = test, .step = step});
  return f.ir.logical_not(f.ir.is_nonzero(f.ir.load(64, difference, 8)));
}

// The first of two operands. The second may write or delete what the first lies in.
Memory first_operand(Function& f, ast::Expression& first, ast::Expression& second) {
  if (!has_effect(second)) return emit_in_memory(f, first);
  const Memory copy = f.temporary(*first.type);
  store(f, emit(f, first), {copy, first.type, Fill::Any});
  return copy;
}

IrValue strings_equal(Function& f, ast::Expression& a, ast::Expression& b, std::uint32_t limit) {
  if (const auto text = constant_text(b)) return equals_text(f, a, *text, limit);
  if (const auto text = constant_text(a)) return equals_text(f, b, *text, limit);
  const Memory left = first_operand(f, a, b);
  const Memory right = emit_in_memory(f, b);
  std::uint32_t size = std::min(a.type->visible_size(), b.type->visible_size());
  if (limit != 0) size = std::min(size, limit);
  return text_equal(f, left, right, size);
}

// By way of memory, which makes it the same number to the verifier whichever word it was found in. Two words are not worth that.
IrValue string_length(Function& f, const Memory& memory, std::uint32_t capacity) {
  Ir& ir = f.ir;
  const bool is_hidden = capacity > 2 * kWord;
  const IrValue result = is_hidden ? f.hidden(kWord).pointer : ir.stack_scalar(64);
  ir.store(ir.i64(capacity), result, 8);
  const auto test = [&](const WordOf& word) { return zero_bytes(ir, word(0)); };
  const auto step = [&](const WordOf& word, IrValue index) {
    const IrValue ends = test(word);
    // The lowest of these bits, moved to the start of its byte: multiplied with the bytes 0 to 7 it brings its number on top.
    const IrValue lowest = ir.binary(Op::And, ends, ir.binary(Op::Sub, ir.i64(0), ends));
    const IrValue unit = ir.binary(Op::LShr, lowest, ir.i64(7));
    const IrValue moved = ir.binary(Op::Mul, unit, ir.i64(0x0001020304050607));
    const IrValue bytes = ir.binary(Op::LShr, moved, ir.i64(56));
    const IrValue found = ir.is_nonzero(ends);
    const IrValue length = ir.binary(Op::Add, index, bytes);
    ir.store(ir.select(found, length, ir.i64(capacity)), result, 8);
    return found;
  };
  scan_words(f, capacity, {.name = "length", .memories = {&memory, 1}, .test = test, .step = step});
  return ir.load(64, result, 8, is_hidden ? Volatile::Yes : Volatile::No);
}

}  // namespace sonde::codegen
