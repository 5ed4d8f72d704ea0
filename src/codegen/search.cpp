#include "codegen/search.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "codegen/access.h"
#include "codegen/compare.h"
#include "codegen/strings.h"
#include "codegen/walk.h"

namespace sonde::codegen {
namespace {

constexpr std::uint32_t kWord = 8;

Memory word(Ir& ir, const Memory& state, std::uint32_t index) { return at(ir, state, 8 * index); }
IrValue get(Ir& ir, const Memory& slot) { return ir.load(64, slot.pointer, 8); }
void set(Ir& ir, const Memory& slot, IrValue value) { ir.store(value, slot.pointer, 8); }
IrValue is_zero(Ir& ir, IrValue value) { return ir.logical_not(ir.is_nonzero(value)); }

// Goes on behind this if `condition` does not hold.
void stop_if(Ir& ir, IrValue condition, IrBlock stop) {
  const IrBlock next = ir.block();
  ir.branch(condition, stop, next);
  ir.enter(next);
}

// The last 8 bytes of a walk, the latest one on top. No byte is NUL: what has not come yet matches nothing.
IrValue push_window(Ir& ir, const Memory& window, IrValue byte) {
  const IrValue older = ir.binary(Op::LShr, get(ir, window), ir.i64(8));
  const IrValue latest = ir.binary(Op::Shl, ir.resize(byte, 64, false), ir.i64(56));
  const IrValue moved = ir.binary(Op::Or, older, latest);
  set(ir, window, moved);
  return moved;
}

std::uint64_t first_word(std::string_view text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data(), std::min<std::size_t>(text.size(), kWord));
  return bytes;
}

// The text that is looked for.
struct Needle {
  std::uint32_t capacity = 0;
  Memory memory;             // Zeros behind its NUL.
  IrValue length = nullptr;  // i64
  IrValue word = nullptr;    // Its first 8 bytes.
  bool is_known = false;
};

Needle make_needle(Function& f, ast::Expression& expression) {
  Ir& ir = f.ir;
  Needle needle;
  if (const auto text = constant_text(expression)) {
    needle.is_known = true;
    needle.capacity = static_cast<std::uint32_t>(text->size()) + 1;
    needle.memory = {f.module.literal(std::string(*text) + std::string(kWord, '\0')), 8};
    needle.length = ir.i64(text->size());
    needle.word = ir.i64(first_word(*text));
    return needle;
  }
  needle.capacity = expression.type->capacity();
  const Memory given = emit_in_memory(f, expression);
  const std::uint32_t size = std::max(needle.capacity, 2 * kWord);
  needle.memory = f.temporary(size);
  zero(f, needle.memory, size);
  probe_read_string(f, Space::Kernel, needle.memory, ir.i64(needle.capacity),
                    ir.to_integer(given.pointer));
  needle.length = string_length(f, needle.memory, needle.capacity);
  needle.word = ir.load(64, needle.memory.pointer, 8);
  return needle;
}

// Slots of the state of find_text().
enum : std::uint32_t {
  kWindow,
  kFound,
  kNeedleWord,
  kNeedleShift,
  kNeedleBytes,
  kRestPlace,
  kFindWords
};

// How many bytes of the needle are compared in the window, and by how much the window is moved for that.
struct Head {
  IrValue word;
  IrValue shift;
  IrValue bytes;
};

Head head_of(Ir& ir, const Needle& needle) {
  const IrValue most = ir.i64(kWord);
  const IrValue is_short = ir.compare(Compare::ULess, needle.length, most);
  const IrValue bytes = ir.select(is_short, needle.length, most);
  const IrValue bits = ir.binary(Op::Mul, bytes, ir.i64(8));
  const IrValue shift = ir.binary(Op::And, ir.binary(Op::Sub, ir.i64(64), bits), ir.i64(63));
  return {needle.word, shift, bytes};
}

// The needle's bytes behind the first 8 against what follows in the text.
IrValue rest_matches(Function& f, const WalkTurn& turn, const Memory& rest, IrValue copy,
                     std::uint32_t size) {
  Ir& ir = f.ir;
  const Memory to{copy, 8};
  ir.store(ir.integer(8, 0), to.pointer, 1);
  const IrValue behind =
      ir.add(ir.binary(Op::Add, ir.to_integer(turn.text.pointer), turn.index), 1);
  probe_read_string(f, Space::Kernel, to, ir.i64(size), behind);
  return begins_with(f, to, rest, size, word(ir, turn.state, kRestPlace));
}

}  // namespace

IrValue find_text(Function& f, ast::Expression& haystack, ast::Expression& needle_expression) {
  Ir& ir = f.ir;
  const Memory text = emit_in_memory(f, haystack);
  const std::uint32_t capacity = haystack.type->capacity();
  const Needle needle = make_needle(f, needle_expression);
  const Head head = head_of(ir, needle);
  const Memory state = f.hidden(8 * kFindWords);
  set(ir, word(ir, state, kWindow), ir.i64(0));
  set(ir, word(ir, state, kFound), ir.i64(~0ULL));
  set(ir, word(ir, state, kNeedleWord), head.word);
  set(ir, word(ir, state, kNeedleShift), head.shift);
  set(ir, word(ir, state, kNeedleBytes), head.bytes);
  const bool is_long = needle.capacity > kWord + 1;
  const std::uint32_t rest_size =
      is_long ? std::min(needle.capacity, std::max(capacity, kWord + 2)) - kWord : 0;
  std::vector<IrValue> pointers;
  if (is_long) {
    pointers = {at(ir, needle.memory, kWord).pointer, f.hidden(rest_size).pointer};
  }
  walk_text(f, text, capacity, state, pointers, [&](const WalkTurn& turn) {
    const auto known = [&](IrValue constant, std::uint32_t slot) {
      return needle.is_known ? constant : get(ir, word(ir, turn.state, slot));
    };
    stop_if(ir, is_zero(ir, turn.byte), turn.stop);
    const IrValue window = push_window(ir, word(ir, turn.state, kWindow), turn.byte);
    const IrValue shift = ir.binary(Op::And, known(head.shift, kNeedleShift), ir.i64(63));
    const IrValue seen = ir.binary(Op::LShr, window, shift);
    const IrBlock candidate = ir.block();
    const IrBlock go_on = ir.block();
    ir.branch(ir.compare(Compare::Equal, seen, known(head.word, kNeedleWord)), candidate, go_on);
    ir.enter(candidate);
    if (is_long) {
      const Memory rest{turn.pointers[0], 8};
      const IrBlock found = ir.block();
      ir.branch(rest_matches(f, turn, rest, turn.pointers[1], rest_size), found, go_on);
      ir.enter(found);
    }
    const IrValue end = ir.add(turn.index, 1);
    set(ir, word(ir, turn.state, kFound), ir.binary(Op::Sub, end, known(head.bytes, kNeedleBytes)));
    ir.jump(turn.stop);
    ir.enter(go_on);
  });
  const IrValue found = get(ir, word(ir, state, kFound));
  return ir.select(is_zero(ir, needle.length), ir.i64(0), found);
}

namespace {

// Slots of the state of find_piece().
enum : std::uint32_t { kPieceWindow, kCount, kWanted, kBegin, kEnd, kPieceWords };

// Counts separators up to the one numbered kWanted; kBegin and kEnd are then around the piece in front of it.
void walk_pieces(Function& f, const Memory& text, std::uint32_t capacity, const Memory& state,
                 std::string_view separator) {
  Ir& ir = f.ir;
  set(ir, word(ir, state, kPieceWindow), ir.i64(0));
  set(ir, word(ir, state, kCount), ir.i64(0));
  set(ir, word(ir, state, kBegin), ir.i64(0));
  set(ir, word(ir, state, kEnd), ir.i64(capacity));
  const std::uint64_t shift = 64 - 8 * separator.size();
  walk_text(f, text, capacity, state, {}, [&](const WalkTurn& turn) {
    stop_if(ir, is_zero(ir, turn.byte), turn.stop);
    const Memory window = word(ir, turn.state, kPieceWindow);
    const IrValue seen = ir.binary(Op::LShr, push_window(ir, window, turn.byte), ir.i64(shift));
    const IrBlock separated = ir.block();
    const IrBlock go_on = ir.block();
    ir.branch(ir.compare(Compare::Equal, seen, ir.i64(first_word(separator))), separated, go_on);
    ir.enter(separated);
    set(ir, window, ir.i64(0));
    const IrValue behind = ir.add(turn.index, 1);
    const IrValue count = get(ir, word(ir, turn.state, kCount));
    const IrBlock last = ir.block();
    const IrBlock more = ir.block();
    ir.branch(ir.compare(Compare::Equal, count, get(ir, word(ir, turn.state, kWanted))), last,
              more);
    ir.enter(last);
    set(ir, word(ir, turn.state, kEnd), ir.add(behind, 0 - separator.size()));
    ir.jump(turn.stop);
    ir.enter(more);
    set(ir, word(ir, turn.state, kCount), ir.add(count, 1));
    set(ir, word(ir, turn.state, kBegin), behind);
    ir.jump(go_on);
    ir.enter(go_on);
  });
}

}  // namespace

Piece find_piece(Function& f, const Memory& text, std::uint32_t capacity,
                 std::string_view separator, const PieceIndex& index) {
  Ir& ir = f.ir;
  const Memory state = f.hidden(8 * kPieceWords);
  const Memory wanted = word(ir, state, kWanted);
  set(ir, wanted, index.value);
  if (index.may_be_negative) {
    // From the end: first all pieces are counted.
    const IrBlock from_end = ir.block();
    const IrBlock from_start = ir.block();
    ir.branch(ir.compare(Compare::SLess, index.value, ir.i64(0)), from_end, from_start);
    ir.enter(from_end);
    walk_pieces(f, text, capacity, state, separator);
    const IrValue pieces = ir.add(get(ir, word(ir, state, kCount)), 1);
    set(ir, wanted, ir.binary(Op::Add, pieces, index.value));
    ir.jump(from_start);
    ir.enter(from_start);
  }
  walk_pieces(f, text, capacity, state, separator);
  const IrValue is_there =
      ir.compare(Compare::Equal, get(ir, word(ir, state, kCount)), get(ir, wanted));
  const IrValue begin = get(ir, word(ir, state, kBegin));
  const IrValue end = get(ir, word(ir, state, kEnd));
  const IrValue is_last = ir.compare(Compare::Equal, end, ir.i64(capacity));
  const IrValue length = ir.select(is_last, end, ir.binary(Op::Sub, end, begin));
  return {begin, ir.select(is_there, length, ir.i64(0)), is_last};
}

IrValue glob_matches(Function& f, const Memory& text, std::uint32_t capacity,
                     const ByteGlob& glob) {
  Ir& ir = f.ir;
  const std::string_view table(reinterpret_cast<const char*>(glob.accepts.data()),
                               sizeof glob.accepts);
  const IrValue accepts = f.module.literal(table);
  const Memory state = f.hidden(8);
  set(ir, state, ir.i64(1));
  walk_text(f, text, capacity, state, {}, [&](const WalkTurn& turn) {
    stop_if(ir, is_zero(ir, turn.byte), turn.stop);
    const IrValue entry =
        ir.binary(Op::Mul, ir.resize(turn.byte, 64, false), ir.i64(sizeof(std::uint64_t)));
    const IrValue accepted = ir.load(64, ir.offset(accepts, entry), 8);
    const IrValue before = get(ir, turn.state);
    const IrValue taken = ir.binary(Op::And, before, accepted);
    const IrValue kept = ir.binary(Op::And, before, ir.i64(glob.stars));
    const IrValue after = ir.binary(Op::Or, ir.binary(Op::Shl, taken, ir.i64(1)), kept);
    set(ir, turn.state, after);
    stop_if(ir, is_zero(ir, after), turn.stop);
  });
  const IrValue last = ir.binary(Op::LShr, get(ir, state), ir.i64(glob.length));
  return ir.is_nonzero(ir.binary(Op::And, last, ir.i64(1)));
}

}  // namespace sonde::codegen
