// A thin layer over LLVM's IRBuilder: what BPF code is made of, without LLVM's headers. Most of this folder includes only
// this; the few files that see LLVM itself take ten times as long to compile.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "codegen/helpers.h"

namespace llvm {
class BasicBlock;
class DILocation;
class Function;
class LLVMContext;
class Value;
}  // namespace llvm

namespace sonde::codegen {

using IrValue = llvm::Value*;
using IrBlock = llvm::BasicBlock*;

// Integer operations. BPF v3 has no signed division: see arithmetic.h.
enum class Op : std::uint8_t { Add, Sub, Mul, UDiv, URem, And, Or, Xor, Shl, LShr, AShr };

enum class Compare : std::uint8_t {
  Equal,
  NotEqual,
  ULess,
  ULessEqual,
  UGreater,
  UGreaterEqual,
  SLess,
  SLessEqual,
  SGreater,
  SGreaterEqual,
};

// Whether the compiler may merge, drop or resize a load. Loads from a program's context and of patched constants must stay
// as they are: the verifier takes only certain offsets and sizes.
enum class Volatile : bool { No, Yes };

class Ir {
 public:
  explicit Ir(llvm::LLVMContext& context);
  ~Ir();
  Ir(const Ir&) = delete;
  Ir& operator=(const Ir&) = delete;

  // --- constants ---
  [[nodiscard]] IrValue integer(std::uint32_t bits, std::uint64_t value);
  [[nodiscard]] IrValue i64(std::uint64_t value) { return integer(64, value); }
  [[nodiscard]] IrValue i32(std::uint32_t value) { return integer(32, value); }
  [[nodiscard]] IrValue boolean(bool value) { return integer(1, value ? 1 : 0); }
  [[nodiscard]] IrValue null_pointer();

  // --- computation ---
  [[nodiscard]] IrValue binary(Op op, IrValue a, IrValue b);
  [[nodiscard]] IrValue add(IrValue a, std::uint64_t constant);
  [[nodiscard]] IrValue compare(Compare how, IrValue a, IrValue b);
  // `a` (integer or pointer) is not 0.
  [[nodiscard]] IrValue is_nonzero(IrValue a);
  [[nodiscard]] IrValue logical_not(IrValue boolean);
  [[nodiscard]] IrValue select(IrValue condition, IrValue a, IrValue b);
  // Cuts or extends to `bits`.
  [[nodiscard]] IrValue resize(IrValue value, std::uint32_t bits, bool is_signed);
  [[nodiscard]] std::uint32_t bits_of(IrValue value) const;
  [[nodiscard]] IrValue to_pointer(IrValue integer);
  [[nodiscard]] IrValue to_integer(IrValue pointer);
  [[nodiscard]] IrValue byte_swap(IrValue value);
  // Number of leading zero bits; the width if `value` is 0. No branches.
  [[nodiscard]] IrValue leading_zeros(IrValue value);
  // `value`, of which LLVM knows nothing any more: a bound check behind it stays where the verifier wants to see it.
  [[nodiscard]] IrValue opaque(IrValue value);

  // --- memory; `align` is what is known of the address, in bytes ---
  [[nodiscard]] IrValue offset(IrValue pointer, std::int64_t bytes);
  [[nodiscard]] IrValue offset(IrValue pointer, IrValue bytes);
  [[nodiscard]] IrValue load(std::uint32_t bits, IrValue pointer, std::uint32_t align,
                             Volatile is_volatile = Volatile::No);
  [[nodiscard]] IrValue load_pointer(IrValue pointer);
  void store(IrValue value, IrValue pointer, std::uint32_t align);
  void atomic_add(IrValue pointer, IrValue value);
  // The same with the value before as the result, which costs more.
  [[nodiscard]] IrValue atomic_fetch_add(IrValue pointer, IrValue value);
  // Sets the u64 to `value` and gives what was there (5.12).
  [[nodiscard]] IrValue atomic_exchange(IrValue pointer, IrValue value);
  // Sets the u64 to `value` if it is `expected`; gives what was there (5.12).
  [[nodiscard]] IrValue atomic_compare_exchange(IrValue pointer, IrValue expected, IrValue value);
  // No access to memory is moved across it by the compiler.
  void compiler_barrier();
  // Code with different marks is not merged into one.
  void mark(std::uint32_t number);
  // BPF has no memcpy() and memset(): these become single loads and stores, so keep `size` under kInlineBytes.
  void copy_inline(IrValue to, std::uint32_t to_align, IrValue from, std::uint32_t from_align,
                   std::uint32_t size);
  void zero_inline(IrValue to, std::uint32_t align, std::uint32_t size);
  // On the stack of the function, wherever the insertion point is; 8-byte aligned.
  [[nodiscard]] IrValue stack_slot(std::uint32_t size);
  // A stack variable of `bits`, set to zero at the function's start, which the optimiser keeps in a register if it can.
  [[nodiscard]] IrValue stack_scalar(std::uint32_t bits);

  // --- calls ---
  // The result is an i64, or a pointer if the helper returns one. Arguments are widened to 64 bits.
  IrValue call(Helper helper, std::span<const IrValue> arguments);
  IrValue call(Helper helper, std::initializer_list<IrValue> arguments) {
    return call(helper, std::span(arguments.begin(), arguments.size()));
  }

  // Calls a function of the module. The result is an i64.
  IrValue call_function(IrValue function, std::span<const IrValue> arguments);
  IrValue call_function(IrValue function, std::initializer_list<IrValue> arguments) {
    return call_function(function, std::span(arguments.begin(), arguments.size()));
  }

  // --- control flow ---
  // A new block of the current function, placed behind the current block.
  [[nodiscard]] IrBlock block();
  [[nodiscard]] IrBlock current() const;
  void enter(IrBlock block);
  // Does nothing if the current block has its end already.
  void jump(IrBlock target);
  void branch(IrValue condition, IrBlock then_block, IrBlock else_block);
  // Goes back to the head of a loop. Before 6.2 the kernel takes a back edge of a jump only (visit_insn() in
  // kernel/bpf/verifier.c), and LLVM may lay the end of a loop's body in front of its head, with no jump between them: so the
  // edge is made conditional, on what LLVM does not know to be always true. Better is a loop with its condition at the end.
  void jump_back(IrBlock head, IrBlock out);
  void ret(IrValue value);
  [[nodiscard]] IrValue phi(IrValue a, IrBlock from_a, IrValue b, IrBlock from_b);
  // Where the jump at the end of `block` goes.
  [[nodiscard]] IrBlock end_target(IrBlock block) const;
  // Takes the jump at the end of `block` away, to make another.
  void remove_end(IrBlock block);

  // --- functions ---
  // Starts a function: its entry block is current, debug locations are off.
  void begin_function(llvm::Function* function);
  [[nodiscard]] llvm::Function* function() const;
  [[nodiscard]] IrValue parameter(std::uint32_t index);
  struct State;
  // Where instructions go and which place they come from; give it back to continue there.
  struct Position {
    llvm::Function* function = nullptr;
    IrBlock block = nullptr;
    llvm::DILocation* location = nullptr;
  };
  [[nodiscard]] Position position() const;
  void restore(const Position& position);

  [[nodiscard]] State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// Copies and fills above this go through a helper.
inline constexpr std::uint32_t kInlineBytes = 256;

}  // namespace sonde::codegen
