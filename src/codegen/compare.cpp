#include "codegen/compare.h"

#include <algorithm>
#include <cstring>

#include "codegen/access.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/loop.h"
#include "codegen/strings.h"

namespace sonde::codegen {
namespace {

// Up to here a text that is known is compared without a loop.
constexpr std::uint32_t kUnrolledBytes = 64;
// The verifier follows each turn of a loop, a million instructions in all, and keeps at most 8,192 branches in mind. With one
// branch for 64 bytes dozens of operations on strings of 16 KiB fit into a program.
constexpr std::uint32_t kBlock = 64;
constexpr std::uint32_t kWord = 8;
constexpr std::uint32_t kScratchBytes = 72;  // Temporaries of this size are never on the stack.

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

// The `size` bytes (fewer than 8) at `offset` as a word whose other bytes are 0x01.
IrValue short_word(Function& f, const Memory& memory, std::uint32_t size) {
  IrValue word = f.ir.i64(0x0101010101010101 << (size * 8));
  for (std::uint32_t offset = 0; offset < size;) {
    const Memory part = at(f.ir, memory, offset);
    const std::uint32_t unit = unit_for(size - offset, part.align);
    const IrValue loaded = f.ir.resize(f.ir.load(unit * 8, part.pointer, unit), 64, false);
    const IrValue placed = f.ir.binary(Op::Shl, loaded, f.ir.i64(offset * 8ULL));
    word = f.ir.binary(Op::Or, word, placed);
    offset += unit;
  }
  return word;
}

// Gives the word of a memory at one index.
struct WordAt {
  Function& f;
  IrValue index;
  IrValue operator()(const Memory& memory) const {
    return f.ir.load(64, f.ir.offset(memory.pointer, index), std::min(memory.align, kWord));
  }
};

// How a scan goes through words. Both functions get a way to load the word of a memory.
template <class Test, class Step>
struct Scan {
  Test test;  // An i64 that is not 0 if the step for this word ends the scan.
  Step step;  // Looks at the word, whose index it gets too; true (i1) ends the scan.
};

template <class Step, class Make>
void take_step(Function& f, IrBlock finished, const Step& step, const Make& make, IrValue index) {
  const IrBlock next = f.ir.block();
  f.ir.branch(step(make, index), finished, next);
  f.ir.enter(next);
}

// The bytes from `begin`, fewer than a block. The last word overlaps the one before it: what it says of those bytes has been
// said already.
template <class Step>
void scan_rest(Function& f, std::uint32_t begin, std::uint32_t end, IrBlock finished,
               const Step& step) {
  if (end < kWord) {
    const auto make = [&](const Memory& memory) { return short_word(f, memory, end); };
    return take_step(f, finished, step, make, f.ir.i64(0));
  }
  for (; begin + kWord <= end; begin += kWord) {
    take_step(f, finished, step, WordAt{f, f.ir.i64(begin)}, f.ir.i64(begin));
  }
  if (begin == end) return;
  const std::uint32_t last = end - kWord;
  const auto make = [&](const Memory& memory) {
    const Memory part = at(f.ir, memory, last);
    return f.ir.load(64, part.pointer, part.align);
  };
  take_step(f, finished, step, make, f.ir.i64(last));
}

// Goes through `size` bytes (not 0), block by block, until a step ends it.
template <class Test, class Step>
void for_each_word(Function& f, std::uint32_t size, const Scan<Test, Step>& scan) {
  const IrBlock finished = f.ir.block();
  const std::uint32_t blocks = size / kBlock * kBlock;
  if (blocks > 0) {
    const IrBlock found = f.ir.block();
    const IrValue place = f.ir.stack_scalar(64);
    counted_loop(f, blocks, kBlock, [&](IrValue begin, IrBlock) {
      IrValue any = f.ir.i64(0);
      for (std::uint32_t offset = 0; offset < kBlock; offset += kWord) {
        any = f.ir.binary(Op::Or, any, scan.test(WordAt{f, f.ir.add(begin, offset)}));
      }
      f.ir.store(begin, place, 8);
      const IrBlock next = f.ir.block();
      f.ir.branch(f.ir.is_nonzero(any), found, next);
      f.ir.enter(next);
    });
    scan_rest(f, blocks, size, finished, scan.step);
    f.ir.jump(finished);
    f.ir.enter(found);
    const IrValue begin = f.ir.load(64, place, 8);
    counted_loop(f, kBlock, kWord, [&](IrValue offset, IrBlock) {
      const IrValue index = f.ir.binary(Op::Add, begin, offset);
      take_step(f, finished, scan.step, WordAt{f, index}, index);
    });
  } else {
    scan_rest(f, 0, size, finished, scan.step);
  }
  f.ir.jump(finished);
  f.ir.enter(finished);
}

// The same number, of which the verifier does not know any more on which turn of a loop it was found. Else it would walk through
// all the code that follows once for each turn.
IrValue forget(Function& f, IrValue number) {
  const Memory slot = f.temporary(kScratchBytes);
  f.ir.store(number, slot.pointer, 8);
  return f.ir.load(64, slot.pointer, 8, Volatile::Yes);
}

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

}  // namespace

IrValue text_equal(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  const IrValue difference = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), difference, 8);
  const auto test = [&](const auto& make) {
    const IrValue x = make(a);
    return f.ir.binary(Op::Or, f.ir.binary(Op::Xor, x, make(b)), zero_bytes(f.ir, x));
  };
  const auto step = [&](const auto& make, IrValue) {
    const IrValue x = make(a);
    const IrValue ends = zero_bytes(f.ir, x);
    const IrValue differs =
        f.ir.binary(Op::And, f.ir.binary(Op::Xor, x, make(b)), up_to_lowest(f.ir, ends));
    f.ir.store(differs, difference, 8);
    return f.ir.is_nonzero(f.ir.binary(Op::Or, differs, ends));
  };
  for_each_word(f, size, Scan{test, step});
  return f.ir.logical_not(f.ir.is_nonzero(f.ir.load(64, difference, 8)));
}

// As text_equal(), but what the prefix's NUL meets does not matter.
IrValue begins_with(Function& f, const Memory& text, const Memory& prefix, std::uint32_t size) {
  Ir& ir = f.ir;
  const IrValue difference = ir.stack_scalar(64);
  ir.store(ir.i64(0), difference, 8);
  const auto test = [&](const auto& make) {
    const IrValue x = make(prefix);
    return ir.binary(Op::Or, ir.binary(Op::Xor, x, make(text)), zero_bytes(ir, x));
  };
  const auto step = [&](const auto& make, IrValue) {
    const IrValue x = make(prefix);
    const IrValue ends = zero_bytes(ir, x);
    const IrValue lowest = ir.binary(Op::And, ends, ir.binary(Op::Sub, ir.i64(0), ends));
    const IrValue before = ir.add(ir.binary(Op::LShr, lowest, ir.i64(7)), ~0ULL);
    const IrValue differs = ir.binary(Op::And, ir.binary(Op::Xor, x, make(text)), before);
    ir.store(differs, difference, 8);
    return ir.is_nonzero(ir.binary(Op::Or, differs, ends));
  };
  for_each_word(f, size, Scan{test, step});
  return ir.logical_not(ir.is_nonzero(ir.load(64, difference, 8)));
}

IrValue bytes_order(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  Ir& ir = f.ir;
  if (size == 0) return ir.i64(0);
  const IrValue result = ir.stack_scalar(64);
  ir.store(ir.i64(0), result, 8);
  const auto test = [&](const auto& make) { return ir.binary(Op::Xor, make(a), make(b)); };
  const auto step = [&](const auto& make, IrValue) {
    const IrValue x = make(a);
    const IrValue y = make(b);
    const IrValue differs = ir.compare(Compare::NotEqual, x, y);
    // The first byte, which decides, is the lowest one of a word.
    const IrValue less = ir.compare(Compare::ULess, ir.byte_swap(x), ir.byte_swap(y));
    const IrValue order = ir.select(less, ir.i64(~0ULL), ir.i64(1));
    ir.store(ir.select(differs, order, ir.i64(0)), result, 8);
    return differs;
  };
  for_each_word(f, size, Scan{test, step});
  return ir.load(64, result, 8);
}

IrValue bytes_equal(Function& f, const Memory& a, const Memory& b, std::uint32_t size) {
  if (size == 0) return f.ir.boolean(true);
  const IrValue difference = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), difference, 8);
  const auto test = [&](const auto& make) { return f.ir.binary(Op::Xor, make(a), make(b)); };
  const auto step = [&](const auto& make, IrValue) {
    const IrValue differs = test(make);
    f.ir.store(differs, difference, 8);
    return f.ir.is_nonzero(differs);
  };
  for_each_word(f, size, Scan{test, step});
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

IrValue string_length(Function& f, const Memory& memory, std::uint32_t capacity) {
  const IrValue result = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(capacity), result, 8);
  const auto test = [&](const auto& make) { return zero_bytes(f.ir, make(memory)); };
  const auto step = [&](const auto& make, IrValue index) {
    const IrValue ends = test(make);
    // The lowest of these bits, moved to the start of its byte: multiplied with the bytes 0 to 7 it brings its number on top.
    const IrValue lowest = f.ir.binary(Op::And, ends, f.ir.binary(Op::Sub, f.ir.i64(0), ends));
    const IrValue unit = f.ir.binary(Op::LShr, lowest, f.ir.i64(7));
    const IrValue moved = f.ir.binary(Op::Mul, unit, f.ir.i64(0x0001020304050607));
    const IrValue bytes = f.ir.binary(Op::LShr, moved, f.ir.i64(56));
    const IrValue found = f.ir.is_nonzero(ends);
    const IrValue length = f.ir.binary(Op::Add, index, bytes);
    f.ir.store(f.ir.select(found, length, f.ir.i64(capacity)), result, 8);
    return found;
  };
  for_each_word(f, capacity, Scan{test, step});
  const IrValue length = f.ir.load(64, result, 8);
  return capacity <= kBlock ? length : forget(f, length);
}

}  // namespace sonde::codegen
