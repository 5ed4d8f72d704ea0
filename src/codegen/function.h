// One BPF function under construction: where its values live and where its jumps go. A program of the plan, or the body of
// a loop, which the kernel calls back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "ast/ast.h"
#include "codegen/gap.h"
#include "codegen/kept.h"
#include "codegen/module.h"
#include "codegen/scratch.h"
#include "codegen/stack_memory.h"
#include "codegen/value.h"
#include "plan/plan.h"

namespace sonde::codegen {

// What a program and its callbacks share, each at its offset in the scratch memory.
struct SharedPlaces {
  std::uint32_t depth = 0;  // Of callbacks inside one another; 0: there are none.
  std::uint32_t call = 0;   // u64, see share_call() of context/entry_values.h.
  std::uint32_t left = 0;   // u64 that is not 0 when a callback has left the program.
  std::map<const ast::Variable*, std::uint32_t> variables;
  Kept packet;   // The record of `args` of packet probes.
  Kept verdict;  // An i64, see ContextAccess::returned; of programs that decide.
};

class Function {
 public:
  // A program.
  Function(Module& module, const plan::BpfProgram& program);
  // The body of a loop of `outer`, which must outlive it, with the frame that it is handed; see callback.h.
  Function(Function& outer, IrValue frame);
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;

  Module& module;
  Ir& ir;
  const plan::BpfProgram& program;
  IrValue context = nullptr;  // Of the BPF program; a callback gets it from the program's frame.
  IrBlock exit = nullptr;     // Where `return` goes.

  struct Loop {
    IrBlock break_target = nullptr;
    IrBlock continue_target = nullptr;
  };
  std::vector<Loop> loops;
  IrValue result = nullptr;  // u64 in which a program that decides puts its verdict.
  IrValue test_result =
      nullptr;  // Global u64 that `return` sets, null where nobody looks: see plan::kReturnsVerdict.

  Stack stack;
  Scratch scratch;
  // Of the program; callbacks see the same.
  SharedPlaces& shared;

  [[nodiscard]] const plan::AttachPoint& attach_point() const {
    return program.attach_points.front();
  }
  [[nodiscard]] const builtins::ProbeKind& kind() const { return *attach_point().kind; }
  // How pointers of an unknown address space are read here.
  [[nodiscard]] Space default_space() const;

  // To be called when what comes first is made: the places for what later code wants to find at the start of the body. From
  // here on `exit` is a block of the body's own.
  void open_body();
  // Ends the body of a program: what follows runs however the body was left. `last` makes the last code that may use the
  // body's memory.
  void close_body(const std::function<void()>& last);
  // Where the prologue leaves; the code behind close_body() begins there.
  [[nodiscard]] IrBlock outer_exit() const { return outer_exit_; }

  // --- temporaries: valid until the statement ends (release()) ---
  [[nodiscard]] Memory temporary(std::uint32_t size);
  [[nodiscard]] Memory temporary(const types::Type& type) { return temporary(type.size()); }
  // One that is not on the stack. The verifier knows nothing of what is read back from it, also not on which turn of a loop it was
  // written: so code behind the loop is not followed once for each turn.
  [[nodiscard]] Memory hidden(std::uint32_t size) { return scratch.at(scratch.reserve(size)); }
  struct Mark {
    std::size_t stack = 0;
    std::uint32_t scratch = 0;
  };
  [[nodiscard]] Mark mark() const { return {stack.mark(), scratch.mark()}; }
  void release(const Mark& mark);

  // Where a variable of the script lives; made on first use.
  [[nodiscard]] Memory variable(const ast::Variable& variable);

  // Stack that all detached loops of a function share (see loop.h): of this one, or of one that is made on its behalf.
  [[nodiscard]] IrValue loop_frame(std::uint32_t size);

  // Takes the stack of a part of the program that has been made: only one of them runs.
  void take_over(Function& part);

  // What callbacks are handed, see callback.h. A program makes it on first use.
  IrValue frame = nullptr;
  [[nodiscard]] bool is_callback() const { return level_ > 0; }
  [[nodiscard]] std::uint32_t level() const { return level_; }  // How many callbacks are around it.

  // --- values that a program computes at most once ---
  // Runs `make` at the start of the body, before anything else there, and returns its value, the same for each call.
  [[nodiscard]] IrValue once(IrValue& slot, const std::function<IrValue()>& make);
  IrValue place = nullptr;         // See place_index() in context/context.h.
  IrValue entry_key = nullptr;     // Of a call, see context/entry_values.h.
  IrValue entry_values = nullptr;  // The same.
  IrValue pid_tgid = nullptr;      // See builtin/process.h.
  bool shares_pid_tgid = false;    // The program asks more than once.

  // A jump out of the program with code still to follow: what follows is dead.
  void leave();
  // The same if `condition` holds; the code goes on in `stay`.
  void leave_if(IrValue condition, IrBlock stay);
  // Whether there is such a jump.
  [[nodiscard]] bool leaves() const { return leaves_; }

  // The script's place of the instructions that are made now; see At.
  [[nodiscard]] diag::Location location() const { return location_; }
  void set_location(diag::Location where);

 private:
  [[nodiscard]] Memory place_variable(const ast::Variable& variable);
  void clear_at_start(IrValue pointer, std::uint32_t size);

  SharedPlaces own_shared_;
  std::uint32_t level_ = 0;  // How many callbacks are around this one.
  bool leaves_ = false;
  diag::Location location_;
  std::map<const ast::Variable*, Memory> variables_;
  std::map<const llvm::Function*, IrValue> loop_frames_;
  Gap start_;                     // Of the body.
  IrBlock outer_exit_ = nullptr;  // Behind what close_body() gives back.
};

// Instructions made while it lives come from `where`.
class At {
 public:
  At(Function& function, diag::Location where) : function_(function), before_(function.location()) {
    function.set_location(where);
  }
  ~At() { function_.set_location(before_); }
  At(const At&) = delete;
  At& operator=(const At&) = delete;

 private:
  Function& function_;
  diag::Location before_;
};

}  // namespace sonde::codegen
