// The builtins and probe kinds as data. Help, the man pages, completion and every stage read the same rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sonde::builtins {

// What a script may use in probes of a kind.
enum Capability : std::uint32_t {
  kNone = 0,
  kArgN = 1U << 0,    // arg0, arg1, ...
  kArgs = 1U << 1,    // args.NAME
  kRetval = 1U << 2,  // retval
  kFunc = 1U << 3,    // func
  kCurrentTask =
      1U
      << 4,  // pid, comm, ... are those of the traced thread (the others run in whatever was on the CPU).
  kUserSpace =
      1U << 5,  // Arguments and results are a user program's: numbers cast to pointers point there.
  kRegisters = 1U << 6,  // The CPU's registers: reg(), usermode.
  // The kernel tells who runs on the CPU: pid, comm, stacks. All kinds offer it but those with kNoThread.
  kThread = 1U << 7,
  kNoThread = 1U << 8,
  kPacket = 1U << 9,       // The program decides on a packet: drop(), pass().
  kPermission = 1U << 10,  // The program decides on what somebody asks for: deny().
  // Interrupts are on while such a program runs: the kernel can get memory for it.
  kInterruptible = 1U << 11,
  kAlone = 1U << 12,           // No other program of the script runs meanwhile.
  kKernelFunction = 1U << 13,  // Attached to a function of the kernel.
  kTypedPointers = 1U << 14,   // The verifier knows what arguments point to: path().
  kReadThrough = 1U << 15,     // Runs when sonde reads it, once for each object.
  // Not those of BuiltinFlag.
  kTrial = 1U << 17,      // Run by --test or --bench alone.
  kExclusive = 1U << 18,  // A place takes one program of the kind.
  kOverride = 1U << 20,   // The program may decide what the function returns: override().
  // It does so as a program of another type, whose result is the function's, unless that is 0.
  kModifiesReturn = 1U << 21,
};

enum FunctionFlag : std::uint32_t {
  // kNone: an ordinary function with a value.
  kAggregation = 1U << 8,   // Only as the value of a map assignment.
  kVoid = 1U << 9,          // No value: a statement.
  kUnsafe = 1U << 10,       // Needs --unsafe.
  kCompileTime = 1U << 11,  // Folded to a literal by sema; codegen never sees it.
  kEffect = 1U << 13,       // Called for more than its value, which may be left unused.
  kAsksThread = 1U << 14,   // Only in probes of kinds with the capability kThread.
  kDecides =
      1U << 12,  // A question about a type: branches wait for its answer, see sema/comptime.cpp.
  // Sets what becomes of the packet, of what somebody asks for, or of the call.
  kVerdict = 1U << 17,
  kLeaves = 1U << 18,     // What follows may not be reached.
  kKeepsText = 1U << 15,  // Of a text that is known, alone, it makes the same text.
};

// Of functions and variables.
enum BuiltinFlag : std::uint32_t {
  kAsksPid = 1U << 16,     // Its code needs the id of the process or thread.
  kNeedsChild = 1U << 19,  // Only with -c.
};
inline constexpr std::uint32_t kBuiltinFlags = std::uint32_t{kAsksPid} | std::uint32_t{kNeedsChild};

// Rows combine them.
constexpr std::uint32_t operator|(Capability a, BuiltinFlag b) {
  return std::uint32_t{a} | std::uint32_t{b};
}
constexpr std::uint32_t operator|(FunctionFlag a, BuiltinFlag b) {
  return std::uint32_t{a} | std::uint32_t{b};
}

enum class VariableType : std::uint8_t { U32, U64, I64, Comm, Dynamic };

enum class ProbeKindId : std::uint8_t {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) Id,
#include "builtins/probe_kinds.def"
};

enum class VariableId : std::uint8_t {
#define SONDE_VARIABLE(Id, name, type, capability, kernel, doc) Id,
#include "builtins/variables.def"
};

enum class FunctionId : std::uint8_t {
#define SONDE_FUNCTION(Id, name, min, max, flags, kernel, signature, doc) Id,
#include "builtins/functions.def"
};

struct ProbeKind {
  ProbeKindId id;
  std::string_view name;
  std::string_view aliases;  // Comma separated, may be empty.
  std::uint32_t capabilities;
  std::string_view min_kernel;
  std::string_view doc;  // First line: the forms of its attach points.
  [[nodiscard]] bool has(Capability capability) const { return (capabilities & capability) != 0; }
};

struct Variable {
  VariableId id;
  std::string_view name;
  VariableType type;
  std::uint32_t capability;  // What the probe kind must offer.
  std::uint32_t flags;
  std::string_view min_kernel;
  std::string_view doc;
  [[nodiscard]] bool is(BuiltinFlag flag) const { return (flags & flag) != 0; }
};

struct Function {
  FunctionId id;
  std::string_view name;
  std::uint32_t min_arguments;
  std::uint32_t max_arguments;
  std::uint32_t flags;
  std::string_view min_kernel;
  std::string_view signature;
  std::string_view doc;
  [[nodiscard]] bool is(FunctionFlag flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool is(BuiltinFlag flag) const { return (flags & flag) != 0; }
};

[[nodiscard]] std::span<const ProbeKind> probe_kinds();
[[nodiscard]] std::span<const Variable> variables();
[[nodiscard]] std::span<const Function> functions();

// Null if there is none. Probe kinds are found by name or alias.
[[nodiscard]] const ProbeKind* find_probe_kind(std::string_view name);
[[nodiscard]] const Variable* find_variable(std::string_view name);
[[nodiscard]] const Function* find_function(std::string_view name);

[[nodiscard]] inline const ProbeKind& probe_kind(ProbeKindId id) {
  return probe_kinds()[static_cast<std::size_t>(id)];
}

}  // namespace sonde::builtins
