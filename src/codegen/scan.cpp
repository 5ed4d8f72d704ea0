#include "codegen/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "codegen/loop.h"

namespace sonde::codegen {
namespace {

constexpr std::uint32_t kScanBlock = plan::kScannedBytes;
constexpr std::uint32_t kWord = 8;
constexpr std::uint64_t kNowhere = ~0ULL;

// Widest unit in which `size` more bytes at this alignment can be moved.
std::uint32_t unit_for(std::uint32_t size, std::uint32_t align) {
  std::uint32_t unit = kWord;
  while (unit > size || unit > align) unit /= 2;
  return unit;
}

// The `size` bytes (fewer than 8) of a memory as a word whose other bytes are 0x01.
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

WordOf words_at(Function& f, std::span<const Memory> memories, IrValue index) {
  return [&f, memories, index](std::size_t number) {
    const Memory& memory = memories[number];
    return f.ir.load(64, f.ir.offset(memory.pointer, index), std::min(memory.align, kWord));
  };
}

void take_step(Function& f, IrBlock finished, const Scan& scan, const WordOf& word, IrValue index) {
  const IrBlock next = f.ir.block();
  f.ir.branch(scan.step(word, index), finished, next);
  f.ir.enter(next);
}

// The bytes from `begin`, fewer than a block. The last word overlaps the one before it: what it says of those bytes has been
// said already.
void scan_rest(Function& f, std::uint32_t begin, std::uint32_t end, IrBlock finished,
               const Scan& scan) {
  if (end < kWord) {
    const WordOf word = [&](std::size_t number) {
      return short_word(f, scan.memories[number], end);
    };
    return take_step(f, finished, scan, word, f.ir.i64(0));
  }
  for (; begin + kWord <= end; begin += kWord) {
    const IrValue index = f.ir.i64(begin);
    take_step(f, finished, scan, words_at(f, scan.memories, index), index);
  }
  if (begin == end) return;
  const std::uint32_t last = end - kWord;
  const WordOf word = [&](std::size_t number) {
    const Memory part = at(f.ir, scan.memories[number], last);
    return f.ir.load(64, part.pointer, part.align);
  };
  take_step(f, finished, scan, word, f.ir.i64(last));
}

// The block that begins at `begin`, word by word.
void scan_block(Function& f, IrValue begin, IrBlock finished, const Scan& scan) {
  counted_loop(f, kScanBlock, kWord, [&](IrValue offset, IrBlock) {
    const IrValue index = f.ir.binary(Op::Add, begin, offset);
    take_step(f, finished, scan, words_at(f, scan.memories, index), index);
  });
}

// All scans of the same kind share the code.
std::string shared_name(std::uint32_t size, const Scan& scan) {
  std::string name = fmt::format("{}_{}", scan.name, size);
  const auto is_aligned = [](const Memory& memory) { return memory.align >= kWord; };
  if (std::ranges::all_of(scan.memories, is_aligned)) return name;
  for (const Memory& memory : scan.memories) name += fmt::format("_{}", memory.align);
  return name;
}

// Where the first block but block 0 begins that has a word for which the test is not 0: kNowhere, or an i64 of which the verifier
// knows nothing.
IrValue find_block(Function& f, std::uint32_t size, const Scan& scan, const Memory& place) {
  Ir& ir = f.ir;
  std::vector<IrValue> pointers = {place.pointer};
  for (const Memory& memory : scan.memories) pointers.push_back(memory.pointer);
  const DetachedLoop loop{
      .turns = size / kScanBlock - 1, .pointers = pointers, .name = shared_name(size, scan)};
  ir.store(ir.i64(kNowhere), place.pointer, kWord);
  detached_loop(f, loop, [&](const Turn& turn) {
    std::vector<Memory> seen;
    for (std::size_t i = 0; i < scan.memories.size(); ++i)
      seen.push_back({turn.pointers[i + 1], scan.memories[i].align});
    const IrValue begin = ir.binary(Op::Mul, ir.add(turn.index, 1), ir.i64(kScanBlock));
    IrValue any = ir.i64(0);
    for (std::uint32_t offset = 0; offset < kScanBlock; offset += kWord)
      any = ir.binary(Op::Or, any, scan.test(words_at(f, seen, ir.add(begin, offset))));
    const IrBlock found = ir.block();
    const IrBlock next = ir.block();
    ir.branch(ir.is_nonzero(any), found, next);
    ir.enter(found);
    ir.store(begin, turn.pointers[0], kWord);
    ir.jump(turn.stop);
    ir.enter(next);
  });
  return ir.opaque(ir.load(64, place.pointer, kWord, Volatile::Yes));
}

}  // namespace

Memory scan_place(Function& f, std::uint32_t size) {
  return size >= 2 * kScanBlock ? f.hidden(kWord) : Memory{};
}

// Most texts are short: the first block costs no call. The verifier follows each turn of a loop, a million instructions in all, so
// the rest is a detached loop; where there is none, one branch for a block keeps the walk short.
void scan_words(Function& f, std::uint32_t size, const Scan& scan, const Memory& place) {
  Ir& ir = f.ir;
  SONDE_CHECK(size > 0);
  const IrBlock finished = ir.block();
  if (size >= kScanBlock) scan_block(f, ir.i64(0), finished, scan);
  if (size >= 2 * kScanBlock) {
    const IrValue begin = find_block(f, size, scan, place);
    const IrBlock found = ir.block();
    const IrBlock rest = ir.block();
    ir.branch(ir.compare(Compare::ULess, begin, ir.i64(size - kScanBlock + 1)), found, rest);
    ir.enter(found);
    scan_block(f, begin, finished, scan);
    ir.jump(finished);
    ir.enter(rest);
  }
  if (size % kScanBlock != 0) scan_rest(f, size / kScanBlock * kScanBlock, size, finished, scan);
  ir.jump(finished);
  ir.enter(finished);
}

}  // namespace sonde::codegen
