// Scratch memory: what does not fit on the stack. Pages, of which each is an element of a per-CPU array that programs share.
//
// Programs that cannot interrupt each other on a CPU share elements. The kernel runs at most one program of perf tracepoints,
// kprobes and perf events at a time on a CPU (bpf_prog_active); of the others only a second run of the same program is kept out.
// Programs of uprobes may be preempted by another task's, shared element or not.
#pragma once

#include <cstdint>
#include <vector>

#include "codegen/gap.h"
#include "codegen/module.h"
#include "codegen/stack_memory.h"
#include "codegen/value.h"

namespace sonde::codegen {

class Scratch {
 public:
  // Of a program. `stack` must outlive it, and is of the same function.
  Scratch(Module& module, Stack& stack, const plan::BpfProgram& program);
  // Of a callback that runs while `outer` does: what is reserved there stays so.
  Scratch(Scratch& outer, Stack& stack);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // To be called before all else, where the pages are to be looked up. `exit` ends the function's code; `without` is behind
  // close(): where a run goes that gets no memory.
  void open(IrBlock exit, IrBlock without);
  // A callback: the first page, which it is given.
  void adopt(IrValue first_page) { pages_.push_back(first_page); }
  // Behind `exit`.
  void close();

  // Offset of `size` bytes, reserved until release(), for at() here and in callbacks.
  [[nodiscard]] std::uint32_t reserve(std::uint32_t size);
  [[nodiscard]] Memory at(std::uint32_t offset);
  // The same, made where the pages are: for code that may stand in a branch, and is not the only one that uses the address.
  [[nodiscard]] Memory at_start(std::uint32_t offset);
  [[nodiscard]] IrValue first_page() { return page(0); }

  [[nodiscard]] std::uint32_t mark() const { return top_; }
  void release(std::uint32_t mark);
  // What is reserved now stays reserved.
  void keep() { floor_ = top_; }

 private:
  [[nodiscard]] IrValue page(std::size_t index);
  void look_up(std::size_t index);
  [[nodiscard]] bool is_claimed() const;
  void claim();

  Module& module_;
  Ir& ir_;
  Stack& stack_;
  const plan::BpfProgram& program_;
  Scratch* outer_ = nullptr;  // Of the program, for a callback.
  Gap gap_;
  IrBlock exit_ = nullptr;
  IrBlock without_ = nullptr;
  std::vector<IrValue> pages_;
  std::vector<std::uint32_t> elements_;  // Of a program's pages.
  std::uint32_t top_ = 0;                // Counts through all pages.
  std::uint32_t floor_ = 0;              // Below it nothing is released.
};

}  // namespace sonde::codegen
