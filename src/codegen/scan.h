// Going through memory word by word, through several at once, until something is found.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// Gives the word (an i64) of a memory, by its number, at the place that the scan has come to.
using WordOf = std::function<IrValue(std::size_t)>;

struct Scan {
  std::string_view name;  // Of the operation. All scans of one name have the same test.
  std::span<const Memory> memories;
  // An i64 that is not 0 if the step for this word would end the scan. It uses constants only, see DetachedLoop.
  std::function<IrValue(const WordOf&)> test;
  // Looks at the word, whose index in bytes it gets; true (i1) ends the scan.
  std::function<IrValue(const WordOf&, IrValue index)> step;
};

// 8 bytes that are not on the stack, where a scan of more than one block needs them.
[[nodiscard]] Memory scan_place(Function& f, std::uint32_t size);

// Goes through `size` bytes (not 0) until a step ends it; `place` is a scan_place(). What a step leaves should be the same to the verifier whichever word it
// came from: else it follows the code behind the scan once for each.
void scan_words(Function& f, std::uint32_t size, const Scan& scan, const Memory& place);
inline void scan_words(Function& f, std::uint32_t size, const Scan& scan) {
  scan_words(f, size, scan, scan_place(f, size));
}

}  // namespace sonde::codegen
