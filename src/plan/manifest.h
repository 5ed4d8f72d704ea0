// What the runtime must know of a compiled script: plain data, no AST, no LLVM. Together with the BPF object it is the
// Program; it can be kept, moved and run by a process that has no compiler.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/tables.h"
#include "diag/source.h"
#include "plan/object_names.h"
#include "plan/program_types.h"
#include "plan/target.h"
#include "plan/task_filter.h"
#include "plan/usdt.h"
#include "types/format.h"
#include "types/type.h"

namespace sonde::plan {

// Turns of one call of bpf_loop() (BPF_MAX_LOOPS in include/linux/bpf.h).
inline constexpr std::uint64_t kMaxLoopTurns = std::uint64_t{1} << 23;
inline constexpr std::uint32_t kMaxStackDepth = 127;  // sysctl kernel.perf_event_max_stack

// --- maps of the script ---
struct Map {
  enum class Kind : std::uint8_t {
    Array,        // Scalar value: one element, see kScalarHeader.
    PerCpuArray,  // Scalar aggregation.
    Hash,         //
    PerCpuHash,   // Keyed aggregation.
    LruHash,      //
    LruPerCpuHash,
  };
  std::string name;  // "@", "@reads"
  std::string
      bpf_name;  // Name in the object: "map_reads"; at most 15 bytes are seen by the kernel.
  Kind kind = Kind::Hash;
  const types::Type* key = nullptr;  // Null for a scalar map.
  const types::Type* value = nullptr;
  std::uint32_t max_entries = 1;
  bool allocates_late =
      false;  // Elements take memory when they are first written (BPF_F_NO_PREALLOC).
  // Exact intervals: what programs write to and what is being printed are apart. A scalar map has two elements then, one with
  // keys a second map in the object, of the name second_name().
  bool has_generations = false;
  bool adds_up = false;  // Integers that programs only add to: those of two generations make a sum.
  diag::Location declared;  // First use.
  [[nodiscard]] bool is_scalar() const { return key == nullptr; }
  [[nodiscard]] bool is_per_cpu() const {
    return kind == Kind::PerCpuArray || kind == Kind::PerCpuHash || kind == Kind::LruPerCpuHash;
  }
  [[nodiscard]] std::string second_name() const { return "new_" + bpf_name.substr(4); }
  // Bytes of one element's value, of one CPU if it is per CPU.
  [[nodiscard]] std::uint32_t value_size() const;
};
// The largest value that a program can make in memory: the kernel allocates memory per CPU in pieces of 32 KiB at most
// (PCPU_MIN_UNIT_SIZE), and sonde takes 8 bytes of that.
inline constexpr std::uint32_t kMaxTemporary = 32768 - 8;

// What goes through the bytes of a string makes turns in the program itself up to here, above it by bpf_loop() if there is one.
inline constexpr std::uint32_t kWalkedBytes = 16;
// The same for what goes through words.
inline constexpr std::uint32_t kScannedBytes = 64;

// A scalar map is an array of one element whose value is {u64 is_set; value}, padded as in C: an array cannot say "no
// value yet".
inline constexpr std::uint32_t kScalarHeader = 8;
inline std::uint32_t Map::value_size() const {
  return is_scalar() ? (kScalarHeader + value->size() + 7) / 8 * 8 : value->size();
}

// --- probes ---
// Where a probe in a program finds a value. Registers are offsets in struct pt_regs.
struct ArgumentPlace {
  std::vector<std::uint32_t> registers;  // Hold 8 bytes of it each, the lowest first.
  // Without registers: it lies in the program's memory, this many bytes behind where a register points.
  std::uint32_t base = 0;
  std::int64_t offset = 0;
  bool operator==(const ArgumentPlace&) const = default;
};

// What debug information says of a function of a program, at one of its instructions.
struct UserSignature {
  // Record (Arguments) of those that can be read, in whole multiples of 8 bytes each, as a copy of `args` is laid out.
  const types::Type* args = nullptr;
  std::vector<ArgumentPlace> places;  // By field of `args`.
  struct Missing {
    std::string name;
    std::string reason;  // "it is passed in ..."
  };
  std::vector<Missing> missing;          // Parameters that `args` does not have.
  std::vector<types::Field> parameters;  // All of them, for listings.
  const types::Type* result = nullptr;   // Null for void and for what cannot be read.
  ArgumentPlace result_place;
  std::string result_problem;  // Why it cannot be read.
  std::string result_text;     // "struct request *", "void"
};

// Memory under observation.
struct Watch {
  std::uint64_t address = 0;  // Unless it comes from an argument.
  // The function's argument that gives the address, -1 for none; `target` and `symbol` name the function then.
  int argument = -1;
  std::uint32_t length = 0;  // Bytes.
  std::uint32_t access = 0;  // HW_BREAKPOINT_R, _W, _X of linux/hw_breakpoint.h, joined.
  bool is_user = false;      // Memory of a process.
  bool is_async = false;  // The process is not stopped while its memory is put under observation.
};

enum class Direction : std::uint8_t { Ingress, Egress };

// One place to which a program is attached. Filled in by resolve.
// A symbol of the program that a probe is in, for uaddr().
struct ProgramSymbol {
  std::uint64_t distance =
      0;  // From the instruction that the probe sits on, in bytes, modulo 2^64.
  std::optional<std::uint64_t> address;  // If the program is always loaded to the same place.
  std::uint64_t size = 0;                // Bytes; 0 if unknown.
  bool operator==(const ProgramSymbol&) const = default;
};

struct AttachPoint {
  const builtins::ProbeKind* kind = nullptr;
  std::string name;    // Full: "tracepoint:sched:sched_switch"; the builtin `probe`.
  std::string target;  // Tracepoint category, kernel module, path of the binary; may be empty.
  // Rawtracepoint: the module whose BTF describes it, empty for the kernel itself.
  // Event or function; the builtin `func`. Software, hardware: the event's name. Iter: the function that BTF describes it by.
  // Usdt: PROVIDER:NAME.
  std::string symbol;
  std::uint64_t event_id = 0;  // Tracepoint: perf event id. Software, hardware: PERF_COUNT_*.
  std::uint64_t offset =
      0;  // Uprobe, usdt: file offset of the instruction. Kprobe: offset from the symbol.
  std::uint64_t period =
      0;  // Profile, interval: ns between events, or 0 with `frequency`. Software, hardware: event count.
  std::uint64_t frequency = 0;  // Profile, interval: events per second.
  bool has_raw =
      false;  // Tracepoint: also a raw tracepoint, see kernel::View::has_raw_tracepoint().
  // Tracepoint of category syscalls: the system call's number, if raw_syscalls' event serves the probe as well.
  std::optional<std::uint32_t> system_call;
  // Kprobe: of the instruction, where the script gives that; 0 otherwise. `symbol` is the function there, if one is known.
  std::uint64_t address = 0;
  // Fentry, fexit: kernel's id of the BPF program that has the function; 0: the kernel has.
  std::uint32_t bpf_program = 0;
  // Packet probes: packets begin with an Ethernet header; which way they go.
  bool has_link_header = true;
  Direction direction = Direction::Ingress;
  // Usdt: file offset of the counter that tells the program that somebody traces; 0 if it has none.
  std::uint64_t semaphore = 0;
  std::vector<UsdtArgument> usdt_arguments;  // Usdt: arg0, arg1, ...
  const types::Type* args =
      nullptr;  // Record (keyword Arguments): type of `args`; null if unknown or none.
  const types::Type* retval = nullptr;  // Typed result (fexit); null means uint64.
  std::string
      pin;  // Iter: path of the file that the iterator is pinned to; empty: it is read once.
  std::optional<Watch> watch;  // Watchpoint.
  // Uprobe, uretprobe: what is known of `args` and `retval`, if the script uses them; null otherwise.
  std::shared_ptr<const UserSignature> user;
  std::map<std::string, ProgramSymbol>
      symbols;              // Uprobe, uretprobe, usdt: those that uaddr() names; set by sema.
  std::string why_untyped;  // Why `user` is null although the script wants it.
  diag::Location location;  // In the script.
};

// Where an address points that the script makes of a number: into user space if the arguments of the probe are a user
// program's, as those of uprobes and system calls are.
[[nodiscard]] types::AddressSpace default_space(const AttachPoint& point);

// Of kernel functions: of a module's.
[[nodiscard]] inline bool in_module(const AttachPoint& point) {
  return !point.target.empty() && point.target != "vmlinux";
}

// One BPF program: the code of one probe for one or more attach points that it can serve without change.
struct BpfProgram {
  std::string name;  // ELF function name, e.g. "p0_sched_switch".
  std::string
      section;  // As libbpf wants it, e.g. "raw_tp", "tp_btf/sched_switch", "fentry/vfs_read".
  ProgramType type = ProgramType::RawTracepoint;
  bool is_return = false;                  // kretprobe, uretprobe, fexit
  std::vector<AttachPoint> attach_points;  // All of one kind.
  // At returns: bit N is set if the program wants argN as it was at the entry. A second program, the keeper, is attached to
  // the same places in the same order, at the entry, and keeps those values in the map of this name until the return.
  std::uint32_t entry_arguments = 0;
  std::string entry_map;
  bool is_keeper = false;
  // At the entry of a function whose argument is watched: the action that it sends, see ActionKind::Watch. It is a keeper too:
  // attached before the others, and no probe of its own.
  int watch_action = -1;
  // Code that is no program of the kernel by itself, but a part of another one, which runs it at the entry of the calls at whose
  // return that one runs, see both_ends.h: indexes into Manifest::programs. Both have the same places in the same order.
  int part_of = -1;
  int entry_part = -1;

  [[nodiscard]] const ProgramTypeRow& row() const { return program_type(type); }
  // The function or event that the program is bound to, empty if there is none.
  [[nodiscard]] std::string_view bound_to() const {
    return row().is_bound() ? std::string_view(section).substr(section.find('/') + 1)
                            : std::string_view{};
  }
};

// --- events ---
// Every record starts with this header; fields follow at their offsets.
struct RecordHeader {
  std::uint32_t action = 0;  // Index into Manifest::actions.
  std::uint32_t cpu = 0;
};

enum class ActionKind : std::uint8_t {
#define SONDE_ACTION(Id, delivery) Id,
#include "plan/actions.def"
};

// Which rings carry an action's records.
enum class Delivery : std::uint8_t {
  Events,   // kRingMap. If that is full the record is lost, and counted.
  Kept,     // As Events, but if that is full it goes through kKeptMap, which events cannot fill.
  Control,  // kControlMap, which is looked at first.
  Packets,  // kPacketMap
};
[[nodiscard]] constexpr Delivery delivery(ActionKind kind) {
  constexpr Delivery kDeliveries[] = {
#define SONDE_ACTION(Id, delivery) Delivery::delivery,
#include "plan/actions.def"
  };
  return kDeliveries[static_cast<std::size_t>(kind)];
}

struct EventField {
  std::uint32_t offset = 0;  // From the start of the record, header included.
  const types::Type* type = nullptr;
  bool is_literal = false;  // A text that stands in the script itself.
};

struct Settings {
  enum class Unstable : std::uint8_t { Error, Warn, Enable };

  std::uint32_t log_bytes = 1U << 24;  // Of the verifier's log, for each program.
  std::uint32_t max_bpf_progs = 1024;
  std::uint32_t max_cat_bytes = 10240;
  std::uint32_t max_map_keys = 4096;
  std::uint32_t max_probes = 1024;
  std::uint32_t max_strlen = 1024;      // Capacity of str() and buf() without a length, bytes.
  std::uint32_t ring_bytes = 1U << 22;  // Power of two, multiple of the page size.
  bool print_maps_on_exit = true;
  types::StackMode stack_mode = types::StackMode::Bpftrace;
  enum class MapsBy : std::uint8_t { Value, Key } print_maps_by = MapsBy::Value;
  bool print_maps_descending = false;
  // Whether control characters in traced texts are shown as \xNN: Auto does so on a terminal.
  enum class Escape : std::uint8_t { Auto, Always, Never } escape_controls = Escape::Auto;
  bool json_full = false;            // JSON output says more than bpftrace's.
  std::uint32_t max_stacks = 65536;  // Of each of the two maps.
  bool show_debug_info = true;       // Files, lines and inlined functions in stacks.
  bool json_stack_frames = false;    // JSON has stacks as arrays of frames instead of text.
  bool cpp_demangle = true;
  std::string str_trunc_trailer = "..";
  std::string license = "GPL";
  std::uint32_t on_stack_limit = 32;  // Bytes.
  enum class MissingProbes : std::uint8_t {
    Error,
    Warn,
    Ignore
  } missing_probes = MissingProbes::Error;
  // What bpftrace calls unstable is as stable as the rest here, so nothing warns unless the script asks for it.
  Unstable unstable_addr = Unstable::Enable;
  Unstable unstable_import = Unstable::Enable;
  Unstable unstable_macro = Unstable::Enable;
  Unstable unstable_map_decl = Unstable::Enable;
};

struct Action {
  ActionKind kind = ActionKind::Printf;
  std::uint32_t size = sizeof(RecordHeader);  // Bytes of the whole record, a multiple of 8.
  std::vector<EventField> fields;
  int map = -1;  // Index into Manifest::maps.
  // PrintMap: what becomes of the values that are printed. All but Kept only of maps that have generations.
  enum class Printed : std::uint8_t { Kept, Removed, Zeroed } printed = Printed::Kept;
  // Of those that are not kept: prints of one block, which are done at once, have the same number.
  int together = -1;
  std::optional<Settings::MapsBy> by;  // PrintMap: unlike the settings.
  std::optional<bool> descending;
  int format = -1;   // Index into Manifest::formats.
  int program = -1;  // Index into Manifest::programs.
  int point = -1;    // Index into its attach points.
  std::string text;  // Separator of join, name of a failed helper.
  diag::Location location;
};

struct Format {
  std::string text;
  std::vector<types::FormatPiece> pieces;  // Empty for strftime formats.
};

struct Manifest {
  std::shared_ptr<types::Context> types;  // Owns every Type below.
  std::vector<Map> maps;
  std::vector<BpfProgram> programs;  // In script order.
  std::vector<Action> actions;
  std::vector<Format> formats;
  Settings settings;
  TaskFilter filter;
  std::vector<BpfProgram> watchers;  // Of sonde's own, see add_watchers().
  bool uses_stacks =
      false;  // kStackMap exists, and kDeepStackMap if stack_depth is above kShortStack.
  std::uint32_t stack_depth = kMaxStackDepth;
  bool stacks_allocate_late =
      false;                        // As Map::allocates_late; of all maps for stacks and kExecMap.
  bool names_user_code = false;     // The script has user stacks or usym(); kExecMap exists.
  std::uint32_t scratch_bytes = 0;  // Set by codegen.
};

// Adds programs that learn of processes: of new and ended ones for TaskFilter::follows, of execve() for user code that is to be
// named. They run whether paused or not.
void add_watchers(Manifest& manifest);

// Object and manifest: the result of the compiler, the input of the runtime.
struct Program {
  std::string elf;
  Manifest manifest;
};

}  // namespace sonde::plan
