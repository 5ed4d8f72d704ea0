// What a probe finds when it fires: its arguments and result, by type of BPF program. One file per kind of context.
#pragma once

#include "codegen/function.h"
#include "codegen/value.h"

namespace sonde::codegen {

struct ContextAccess {
  // Argument `index` as an i64: arg0, arg1, ...
  IrValue (*argument)(Function& f, std::uint32_t index) = nullptr;
  // The result of the traced function, as an i64 or, where its type is known, a value of that type.
  Value (*result)(Function& f, const types::Type* type) = nullptr;
  // The 8 bytes at a multiple of 8 in the record of `args`, as an i64, where the context itself is not that record.
  IrValue (*slot)(Function& f, std::int64_t offset) = nullptr;
  // Code at the start of each run, which may leave it.
  void (*enter)(Function& f) = nullptr;
  // Code at the start of the body, which may use scratch memory. `probe` is what the body comes from.
  void (*prepare)(Function& f, const ast::Probe& probe) = nullptr;
  // `args`, where the context is not that record.
  Value (*arguments)(Function& f, const types::Type* type) = nullptr;
  // What the program keeps for drop(), and what it returns for what it has kept; null: the same.
  std::uint32_t dropped = 0;
  IrValue (*returned)(Function& f, IrValue verdict) = nullptr;
  // Code for override(), of programs that may do so.
  void (*override)(Function& f, IrValue result) = nullptr;
  // Frames of BPF's own at the start of kernel stacks: the program and what has called it.
  std::uint32_t own_frames = 0;
  // See place_index(); null: the cookie is the index.
  IrValue (*place)(Function& f) = nullptr;
};

// A null member: programs of this type have no such thing, and sema does not let a script use it.
[[nodiscard]] const ContextAccess& context_access(plan::ProgramType type);

// --- one per context of plan/program_types.def ---
[[nodiscard]] ContextAccess nothing_access();
[[nodiscard]] ContextAccess slots_access();  // raw tracepoints
[[nodiscard]] ContextAccess system_call_access();
[[nodiscard]] ContextAccess registers_access();      // kprobes and uprobes: struct pt_regs
[[nodiscard]] ContextAccess trampoline_access();     // fentry and fexit
[[nodiscard]] ContextAccess modify_return_access();  // The same, with a result of its own.
[[nodiscard]] ContextAccess bpf_function_access();   // fentry and fexit of BPF programs
[[nodiscard]] ContextAccess iterator_access();

// The struct seq_file into which the program of an iterator writes what the reader gets.
[[nodiscard]] IrValue iterator_output(Function& f);
[[nodiscard]] ContextAccess lsm_access();  // As modify_return, its result an error number.
// Packets, see packet.h.
[[nodiscard]] ContextAccess xdp_access();
[[nodiscard]] ContextAccess tc_access();
[[nodiscard]] ContextAccess cgroup_skb_access();

// Which of the program's attach points has fired: an i64 that the verifier knows to be less than place_limit(), which is a
// power of two. Only for programs of several.
[[nodiscard]] IrValue place_index(Function& f);
[[nodiscard]] std::size_t place_limit(const Function& f);

// The 8 bytes at `offset` in struct pt_regs, which is the context of kprobes, uprobes and perf events.
[[nodiscard]] IrValue load_register(Function& f, std::uint32_t offset);

// The stack pointer as it stands, or stood, when the traced function has returned; `has_returned`: the context is that of its
// return. Of kprobes and uprobes.
[[nodiscard]] IrValue stack_after_return(Function& f, bool has_returned);

// Argument `index` of a static probe, as its note says where it is; extended to an i64.
[[nodiscard]] IrValue usdt_argument(Function& f, std::uint32_t index);

// `args`: the place of the arguments' record.
[[nodiscard]] Value arguments(Function& f, const types::Type* type);

}  // namespace sonde::codegen
