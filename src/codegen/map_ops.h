// Reading and writing the script's maps.
#pragma once

#include <functional>

#include "ast/ast.h"
#include "codegen/expression.h"
#include "codegen/function.h"

namespace sonde::codegen {

[[nodiscard]] const plan::Map& map_of(const Function& f, const ast::MapAccess& access);

// A map, and which of its generations is used; see plan::Map::has_generations.
struct MapUse {
  int map = -1;
  IrValue generation = nullptr;  // i64; null if it has one only, and of scalars.
  IrValue pointer = nullptr;     // In callbacks: the map that the kernel goes through.
};
// The generation that programs use now. It is read once for what must meet in one of them.
[[nodiscard]] MapUse use_of(Function& f, int map);
// Calls a helper that takes the map first.
IrValue call_on_map(Function& f, Helper helper, const MapUse& use,
                    std::initializer_list<IrValue> arguments);

// Writes the key's bytes, as helpers want them; for a scalar map the index, which is the generation. `key` is null for a scalar map.
[[nodiscard]] Memory emit_key(Function& f, const plan::Map& map, ast::Expression* key);

// Address of the key's value, null if the map has no such key. For a scalar map the address of its element, header included;
// it is never null, but the verifier wants to see that checked.
[[nodiscard]] IrValue lookup(Function& f, const MapUse& use, const Memory& key);
[[nodiscard]] IrValue lookup(Function& f, int map, const Memory& key);
// Runs `then(address of the key's value)` once; the value is made (all zeros) if it is not there. If the map is full, that is
// counted and `then` does not run. For a scalar map the address is that behind the header, which is marked as set.
void with_value(Function& f, int map, const Memory& key, const std::function<void(IrValue)>& then);

// Runs `then(pointer)` if `pointer` is not null.
template <class Then>
void if_not_null(Function& f, IrValue pointer, Then&& then) {
  const IrBlock found = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(pointer), found, done);
  f.ir.enter(found);
  then(pointer);
  f.ir.jump(done);
  f.ir.enter(done);
}

// Reads `@m`, `@m[k]`: zeros if it is not there. Aggregations are merged over all CPUs.
[[nodiscard]] Value read_map(Function& f, ast::MapAccess& access);
void assign_map(Function& f, ast::MapAccess& access, ast::Expression& value);
// `@m op= value`; the new value is of no interest.
void update_map(Function& f, ast::MapAccess& access, ast::BinaryOp op, ast::Expression& value,
                diag::Location where);
// `@m++` and the like: adds `amount`. Returns the value before, or null if it is not wanted.
IrValue increment_map(Function& f, ast::MapAccess& access, std::int64_t amount, bool is_wanted);
// Removes a key, or forgets the value of a scalar map. True if it was there.
[[nodiscard]] IrValue delete_key(Function& f, int map, ast::Expression* key);
[[nodiscard]] IrValue has_key(Function& f, int map, ast::Expression* key);
// Number of keys, as an i64.
[[nodiscard]] IrValue count_keys(Function& f, int map);

// Counts one more loss in a slot of plan::kLostMap.
void count_loss(Function& f, std::uint32_t slot);
void count_loss(Function& f, IrValue slot);

}  // namespace sonde::codegen
