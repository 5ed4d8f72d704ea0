// One BPF function under construction: where its values live and where its jumps go. A program of the plan, or the body of
// a `for` over a map, which the kernel calls back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "codegen/module.h"
#include "codegen/value.h"
#include "plan/plan.h"

namespace sonde::codegen {

struct CallbackNeeds;

class Function {
 public:
  // A program.
  Function(Module& module, const plan::BpfProgram& program);
  // The body of a loop of `outer`, which must outlive it; see callback.h.
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

  [[nodiscard]] const plan::AttachPoint& attach_point() const {
    return program.attach_points.front();
  }
  [[nodiscard]] const builtins::ProbeKind& kind() const { return *attach_point().kind; }
  // How pointers of an unknown address space are read here.
  [[nodiscard]] Space default_space() const;

  // --- temporaries: valid until the statement ends (release()) ---
  [[nodiscard]] Memory temporary(std::uint32_t size);
  [[nodiscard]] Memory temporary(const types::Type& type) { return temporary(type.size()); }
  struct Mark {
    std::size_t stack = 0;
    std::uint32_t scratch = 0;
  };
  [[nodiscard]] Mark mark() const { return {busy_.size(), scratch_top_}; }
  void release(const Mark& mark);

  // --- scratch variables of the script ---
  // Where the variable lives; made on first use.
  [[nodiscard]] Memory variable(const ast::Variable& variable);
  // Uses `memory` for the variable from now on.
  void place_variable(const ast::Variable& variable, const Memory& memory) {
    variables_[&variable] = memory;
  }

  // --- scratch memory: pages, of which each is an element of a per-CPU array ---
  // To be called at the start of the body: makes the place where the scratch map is looked up if anything needs it. From
  // here on `exit` is a block of the body's own.
  void open_body();
  // Ends the body: what follows runs however the body was left.
  void close_body();
  // Where the prologue leaves; the code behind close_body() begins there.
  [[nodiscard]] IrBlock outer_exit() const { return outer_exit_; }
  [[nodiscard]] bool is_callback() const { return level_ > 0; }
  [[nodiscard]] IrValue scratch_page(std::size_t page);
  // Offset of `size` bytes that stay reserved until the statement ends, for scratch_at() here and in callbacks.
  [[nodiscard]] std::uint32_t reserve_scratch(std::uint32_t size);
  [[nodiscard]] Memory scratch_at(std::uint32_t offset);

  // --- callbacks; see callback.h ---
  // A program: places what its callbacks share with it. To be called when the body is open.
  void prepare(const CallbackNeeds& needs);
  // A program's context and scratch memory, in its stack: what all callbacks get, through the helper that calls them.
  [[nodiscard]] IrValue frame();
  // u64 that is not 0 when a callback has left the program.
  [[nodiscard]] Memory left_flag();
  // Around the code of one turn.
  void open_turn();
  void close_turn();
  // Where to go to end the loop.
  [[nodiscard]] IrBlock stop() const { return stop_; }
  [[nodiscard]] bool leaves() const { return leaves_; }

  // --- memory that a program keeps while it runs: on its stack or, where callbacks must reach it, in scratch memory ---
  struct Kept {
    IrValue stack = nullptr;
    std::uint32_t scratch = 0;
  };
  // To be called by a program after prepare().
  [[nodiscard]] Kept keep(std::uint32_t size);
  [[nodiscard]] Memory kept(const Kept& where);
  // The record of `args` of packet probes, the program's own in callbacks too.
  [[nodiscard]] Kept& packet() { return program_function_->packet_; }

  // What the program decides, an i64; see ContextAccess::returned. To be asked for after keep_verdict().
  void begin_verdict();  // At the program's start, before anything leaves it.
  void keep_verdict();   // After prepare().
  // What the program returns, an i64; where its body has ended.
  [[nodiscard]] IrValue result();
  [[nodiscard]] const Kept& verdict() const { return *program_function_->verdict_; }

  // --- values that a program computes at most once ---
  // Runs `make` at the start of the body, before anything else there, and returns its value, the same for each call.
  [[nodiscard]] IrValue once(IrValue& slot, const std::function<IrValue()>& make);
  IrValue place = nullptr;         // See place_index() in context/context.h.
  IrValue entry_key = nullptr;     // Of a call, see context/entry_values.h.
  IrValue entry_values = nullptr;  // The same.
  IrValue walk_frame = nullptr;    // Stack slot that all walks share, see walk.h.
  IrValue pid_tgid = nullptr;      // See builtin/process.h.
  bool shares_pid_tgid = false;    // The program asks more than once.

  // A jump out of the program with code still to follow: what follows is dead.
  void leave();
  // The same if `condition` holds; the code goes on in `stay`.
  void leave_if(IrValue condition, IrBlock stay);

  // The script's place of the instructions that are made now; see At.
  [[nodiscard]] diag::Location location() const { return location_; }
  void set_location(diag::Location where);

 private:
  struct Slot {
    IrValue pointer = nullptr;
    std::uint32_t size = 0;
  };
  [[nodiscard]] bool may_live_on_stack(std::uint32_t size) const;
  [[nodiscard]] Memory stack_memory(std::uint32_t size);
  [[nodiscard]] Memory scratch_of_variable(std::uint32_t offset);
  void clear_at_start(IrValue pointer, std::uint32_t size);
  [[nodiscard]] Memory scratch_memory(std::uint32_t size);
  [[nodiscard]] std::string_view scratch_group() const;
  [[nodiscard]] bool claims_scratch() const;
  void claim_scratch();
  void store_result();

  // What the callbacks of a program share with it, by offset in the scratch memory.
  struct Shared {
    std::uint32_t left = 0;
    std::map<const ast::Variable*, std::uint32_t> variables;
  };
  // Bytes and scalars on the stack, of which all functions that are active have 512 bytes together.
  struct Budget {
    std::uint32_t bytes = 0;
    std::uint32_t scalars = 0;
  };
  [[nodiscard]] static Budget budget(std::uint32_t depth, std::uint32_t level);

  Function* program_function_;  // The program itself.
  std::uint32_t depth_ = 0;     // Of callbacks inside one another, in all of the program.
  std::uint32_t level_ = 0;     // How many of them are around this one.
  Budget budget_;
  Shared shared_;  // Of the program.
  Kept packet_;
  std::optional<Kept> verdict_;
  IrValue result_ = nullptr;  // What the program returns, where it has a verdict.
  IrValue frame_ = nullptr;
  IrBlock next_ = nullptr;  // Ends a turn.
  IrBlock stop_ = nullptr;  // Ends a turn and the loop.
  bool leaves_ = false;
  diag::Location location_;
  std::vector<Slot> free_;
  std::vector<Slot> busy_;
  std::uint32_t stack_bytes_ = 0;
  std::uint32_t scalars_ = 0;
  std::map<const ast::Variable*, Memory> variables_;
  Ir::Position home_;                // Where the body begins.
  IrBlock once_block_ = nullptr;     // Ends with a jump to what follows in the prologue.
  IrBlock scratch_block_ = nullptr;  // The same.
  IrBlock outer_exit_ = nullptr;     // Where the prologue leaves: nothing is claimed there.
  std::vector<IrValue> scratch_pages_;
  std::vector<std::uint32_t> scratch_elements_;  // Of a program's pages.
  std::uint32_t scratch_top_ = 0;                // Counts through all pages.
  std::uint32_t scratch_floor_ = 0;              // Below it live variables.
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
