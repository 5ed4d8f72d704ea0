// top(): the words of types::TopWord, then counters and their keys.
#pragma once

#include "ast/ast.h"
#include "codegen/value.h"
#include "codegen/words.h"

namespace sonde::codegen {

// The key that a call gives, and how much it weighs.
struct TopKey {
  Memory bytes;  // Whole words.
  IrValue hash = nullptr;
  IrValue weight = nullptr;  // An i64, not negative.
};
[[nodiscard]] TopKey emit_top_key(Function& f, ast::Call& call, const types::Type& type);

void add_top(const Words& words, IrValue pointer, const TopKey& key, const types::Type& type);

}  // namespace sonde::codegen
