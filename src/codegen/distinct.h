// distinct(): HyperLogLog, with as many registers as types::kDistinctRegisters.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

// 64 bits of hash of a value, the same for equal integers of any width and equal texts of any capacity.
[[nodiscard]] IrValue emit_hash(Function& f, ast::Expression& expression);

// 64 bits of hash of `size` bytes, whole words: types::hash_words().
[[nodiscard]] IrValue hash_words(Function& f, const Memory& words, std::uint32_t size);

// A value with this hash was seen.
void add_distinct(Function& f, IrValue registers, IrValue hash);

}  // namespace sonde::codegen
