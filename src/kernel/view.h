// Everything that the compiler asks of the host, behind one interface: the live view reads this machine, the fixture
// view of the tests holds made-up facts. Nothing else in the compiler looks at the host.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/demangle.h"
#include "kernel/usdt.h"
#include "plan/c_object.h"
#include "plan/manifest.h"
#include "plan/system_calls.h"
#include "plan/target.h"
#include "types/type.h"

namespace sonde::kernel {

struct Tracepoint {
  std::string category;
  std::string name;
};

struct TracepointFormat {
  std::uint64_t id = 0;  // For perf_event_open.
  const types::Type* args =
      nullptr;  // Record (Arguments); offsets count from the start of the raw event record, i.e.
                // of the context of a tracepoint program. The 4 common fields are left out.
};

struct Signature {
  // Record (Arguments): field i is parameter i. Each takes one 8-byte slot of the context, or two if it is a struct of
  // more than 8 bytes (Linux 6.1). `size` is that of all slots: where the result lies behind them.
  const types::Type* args = nullptr;
  const types::Type* result = nullptr;  // Null for void.
  std::string module;                   // Whose BTF describes it: "vmlinux" or a module's name.
};

struct KernelFunction {
  std::string module;  // "vmlinux" or a module's name.
  std::string name;
};

// A function of a BPF program.
struct BpfFunction {
  std::uint32_t program = 0;  // The kernel's id.
  std::string name;           // In the program's BTF.
};

// Which keyword a type is named with.
enum class TypeTag : std::uint8_t { Struct, Union, Enum };

struct UserFunction {
  std::string name;               // The symbol.
  std::string source_name;        // As demangle(); the same as `name` if it is not mangled.
  std::uint64_t address = 0;      // Virtual, as in the symbol table.
  std::uint64_t file_offset = 0;  // What uprobes want.
  std::uint64_t size = 0;
};

// Whether an instruction begins at a place in the code of a program.
struct InstructionStart {
  enum class Answer : std::uint8_t { Yes, No, Unknown } answer = Answer::Yes;
  // If it is No: of the instruction around the place, how far before it begins and how far behind the next one does.
  std::uint32_t back = 0;
  std::uint32_t forth = 0;
};

struct NetworkInterface {
  std::string name;
  bool has_link_header =
      true;  // Its packets begin with an Ethernet header; those of tunnels may be bare IP.
};

struct BinaryFile {
  std::string name;  // Path as those see it who use the file; in the names of probes.
  std::string
      path;  // The same file as we open it: in /proc/PID/root if that is another mount namespace.
};

// C that a script includes or that only a C compiler understands, see View::read_headers().
struct HeaderQuery {
  // Definitions and lines for the preprocessor; line markers say where an error is.
  std::string text;
  std::string quote_folder;                  // Where `#include "..."` looks first; may be empty.
  std::vector<std::string> include_folders;  // -I
  std::vector<std::string> include_files;    // --include
  // Identifiers of the script: the replacements of those that are macros are wanted, and types if any of them is one.
  std::vector<std::string> names;
};

// What the compiler complains about.
struct HeaderProblem {
  struct Place {
    std::string file;  // As a line marker or the compiler names it.
    std::uint32_t line = 0;
    std::uint32_t column = 0;  // 0 if it names none.
  };
  Place place;
  std::vector<Place> included_from;  // The outermost first.
  std::string text;
};

// Types by name, without keyword; null if the name is unknown. Records come incomplete and complete themselves on use.
class NamedTypes {
 public:
  virtual ~NamedTypes() = default;
  virtual const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) = 0;
  virtual const types::Type* find_enum(std::string_view name) = 0;
  virtual const types::Type* find_typedef(std::string_view name) = 0;  // The type behind it.
  struct EnumConstant {
    const types::Type* type = nullptr;
    std::uint64_t value = 0;
  };
  virtual std::optional<EnumConstant> find_enum_constant(std::string_view name) = 0;
  // Names of structs, unions, enums or typedefs that are close to `name`, best first.
  virtual std::vector<std::string> similar_types(std::string_view name) = 0;
};

// A place in the source of a program.
struct SourceLine {
  std::string file;          // Its last parts are enough: "parse.c", "src/parse.c".
  std::uint32_t line = 0;    // From 1.
  std::uint32_t column = 0;  // From 1; 0 for the whole line.
};

// An instruction that begins a statement.
struct SourcePlace {
  std::uint64_t address = 0;      // Virtual.
  std::uint64_t file_offset = 0;  // What uprobes want.
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // 0 if the compiler does not tell.
};

struct SourcePlaces {
  std::vector<SourcePlace> places;  // By address: a line may have several.
  std::vector<std::string>
      files;  // Those that the name fits; with more than one there are no places.
  // What a mistaken script may have meant.
  std::vector<std::string> other_files;
  std::vector<std::uint32_t> columns;        // Of the line, if it has code.
  std::vector<std::uint32_t> nearest_lines;  // That have code, if it has none.
};

// Types and macros that a compiler found. Pointers in its records are of no address space.
class Headers {
 public:
  virtual ~Headers() = default;
  // As in NamedTypes.
  virtual const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) = 0;
  virtual const types::Type* find_enum(std::string_view name) = 0;
  virtual const types::Type* find_typedef(std::string_view name) = 0;
  using EnumConstant = NamedTypes::EnumConstant;
  virtual std::optional<EnumConstant> find_enum_constant(std::string_view name) = 0;
  // Who completes records that are only declared; not owned.
  virtual void set_fallback(types::RecordSource* fallback) = 0;

  std::map<std::string, std::string, std::less<>>
      macros;  // Of the names asked for: what they stand for, fully replaced.
  std::vector<HeaderProblem> problems;  // With any, nothing else is known.
};

// A C file to compile for BPF, see View::compile().
struct CFileQuery {
  std::string path;  // As messages and debug information name it.
  std::string text;
  std::string quote_folder;                  // Where `#include "..."` looks first; may be empty.
  std::vector<std::string> include_folders;  // -I
};

struct CompiledFile {
  std::vector<HeaderProblem> problems;  // With any, nothing else is known.
  plan::CObject object;
  std::unique_ptr<Headers>
      types;  // What its BTF describes; to be kept as long as the object is used.
  std::vector<std::string> programs;  // Functions with a section of their own, as libbpf wants it.
  std::string license;                // Of its section "license", "" without.
};

// As NamedTypes it knows the kernel's types (BTF).
class View : public NamedTypes {
 public:
  // --- types ---
  // False if the kernel describes no types at all.
  virtual bool has_btf() = 0;
  // Names of types that match the glob, of the kernel and its modules, sorted.
  virtual std::vector<std::string> type_names(TypeTag tag, std::string_view glob) = 0;
  // The definition as C: "struct NAME {", a line for each member, "};". "" if there is none.
  virtual std::string type_definition(TypeTag tag, const std::string& name) = 0;

  // --- C headers ---
  // Runs a C compiler. Fails with ENOENT if there is none; what it says about the text is in `problems`.
  virtual Result<std::unique_ptr<Headers>> read_headers(const HeaderQuery& query) = 0;
  // The same for a file that a script imports.
  virtual Result<CompiledFile> compile(const CFileQuery& query) = 0;

  // --- tracepoints ---
  // All that match both globs, sorted. Fails if tracefs cannot be read.
  virtual Result<std::vector<Tracepoint>> tracepoints(std::string_view category,
                                                      std::string_view name) = 0;
  virtual Result<TracepointFormat> tracepoint_format(std::string_view category,
                                                     std::string_view name) = 0;
  // True if the event is also a raw tracepoint of the same name, to which a program that does not look at its arguments
  // attaches in 0.1 ms and from which it detaches at once (a perf tracepoint takes 70 ms to let go). The others are made
  // by other means than a tracepoint of their own: from system call tables, by ftrace itself, or by users.
  virtual bool has_raw_tracepoint(std::string_view category, std::string_view name) = 0;
  // Number of the system call of an event of category "syscalls", see plan/system_calls.h.
  [[nodiscard]] std::optional<std::uint32_t> system_call(std::string_view event) {
    return plan::syscall_number(event, arch());
  }
  // Raw tracepoints by name, from BTF (btf_trace_*) or, without BTF, from tracefs.
  virtual Result<std::vector<std::string>> raw_tracepoints(std::string_view name) = 0;
  // Arguments of a raw tracepoint (slots of its context); nullopt if BTF does not know it.
  virtual std::optional<Signature> raw_tracepoint_signature(std::string_view name) = 0;

  // --- iterators ---
  // Kinds of objects that the kernel hands to programs one by one ("task"), by a glob, sorted; none without BTF.
  virtual std::vector<std::string> iterators(std::string_view name) = 0;
  // The fields of its context; nullopt if there is no such iterator.
  virtual std::optional<Signature> iterator_signature(std::string_view name) = 0;

  // --- kernel functions ---
  // Functions that kprobes or fentry may try; `module` is a glob too ("*" or "" for all).
  virtual Result<std::vector<KernelFunction>> kernel_functions(std::string_view module,
                                                               std::string_view name) = 0;
  // From vmlinux or module BTF; nullopt if BTF does not know the function.
  virtual std::optional<Signature> function_signature(std::string_view module,
                                                      std::string_view name) = 0;
  // Why no probe can sit on the function `name`, which somebody asked for: "it is marked notrace", ... "" if nothing is known
  // against it.
  virtual std::string why_not_traceable(std::string_view name) = 0;
  // Functions that are marked for error injection (ALLOW_ERROR_INJECTION), sorted. Fails if the kernel does not tell.
  virtual Result<std::vector<std::string>> injectable_functions() = 0;
  // Whether programs of this type, bound to this target, may call the kernel's function (a kfunc); `program` needs no code.
  virtual bool kernel_call_allowed(const plan::BpfProgram& program, const std::string& name) = 0;
  // The function around an address of the kernel's code; nullopt if it is unknown or hidden.
  virtual std::optional<KernelFunction> function_around(std::uint64_t address) = 0;
  // Functions of loaded BPF programs to which others can be attached, by globs over the kernel's id of the program ("123") and
  // the function's name; by id. Fails without privileges.
  virtual Result<std::vector<BpfFunction>> bpf_functions(std::string_view program,
                                                         std::string_view name) = 0;
  // From the program's own BTF; nullopt if that does not describe it.
  virtual std::optional<Signature> bpf_function_signature(const BpfFunction& function) = 0;
  // Whether fentry and fexit are of no use although the kernel has them, see refuses_trampolines().
  virtual bool refuses_fentry() = 0;
  // Why kernel_functions() may leave out or show too much; "" if it is exact.
  virtual std::string function_list_flaw() = 0;
  // Address from /proc/kallsyms; nullopt if unknown or hidden.
  virtual std::optional<std::uint64_t> symbol_address(std::string_view name) = 0;

  // Id of the cgroup (version 2) whose folder is `path`; nullopt if there is no such folder.
  virtual std::optional<std::uint64_t> cgroup_id(const std::string& path) = 0;

  // Folders of all cgroups (version 2), that of the root first. Fails with ENOENT if there is no such hierarchy.
  virtual Result<std::vector<std::string>> cgroups() = 0;

  // --- the network ---
  // Interfaces of the network namespace that sonde runs in, in the kernel's order.
  virtual Result<std::vector<NetworkInterface>> network_interfaces() = 0;

  // --- user programs ---
  // Whether some are chosen (-p, -c).
  virtual bool has_traced_processes() = 0;
  // The program ("bash" by PATH, a path as it is) or library ("libc", "libc.so.6" by ld.so's rules); as the traced processes
  // see it if there are any. With a glob what these processes have mapped as code ("*" is all of it), or, if it is a path and
  // no process is chosen, files; may be none. By name.
  virtual Result<std::vector<BinaryFile>> find_binaries(std::string_view pattern) = 0;
  // Defined functions of the symbol tables that match the glob, one per address and name.
  virtual Result<std::vector<UserFunction>> user_functions(const std::string& path,
                                                           std::string_view name) = 0;
  // The same by the names of the source, see matches_source_name(); of all languages if none is given.
  virtual Result<std::vector<UserFunction>> source_functions(
      const std::string& path, std::string_view pattern,
      std::optional<SourceLanguage> language) = 0;
  // Why the kernel can place no probe on the instruction at this offset of the file; empty if it can or nothing is known.
  virtual std::string_view probe_obstacle(const std::string& path, std::uint64_t file_offset) = 0;
  // What no symbol and no frame information leads to is Unknown.
  virtual InstructionStart instruction_start(const std::string& path,
                                             std::uint64_t file_offset) = 0;
  // A variable or function by its symbol, as one sees it whose probe is on the instruction at this offset of the file; nullopt if
  // the program has none of that name.
  virtual std::optional<plan::ProgramSymbol> program_symbol(const std::string& path,
                                                            std::uint64_t file_offset,
                                                            std::string_view name) = 0;
  // Static probes, as read_usdt_probes().
  virtual Result<std::vector<UsdtProbe>> usdt_probes(const std::string& path) = 0;
  // File offset of a virtual address of the binary; nullopt outside its executable segments.
  virtual Result<std::optional<std::uint64_t>> file_offset(const std::string& path,
                                                           std::uint64_t address) = 0;

  // --- debug information of user programs; large, and opened only when asked ---
  // Arguments and result of the function around virtual address `pc` when it runs the instruction there; `symbol` is its
  // name in the symbol table. Fails, with words for the user, if they are not described.
  virtual Result<std::shared_ptr<const plan::UserSignature>> user_signature(
      const std::string& path, std::uint64_t pc, std::string_view symbol) = 0;
  // The types of the program; null if it has no debug information. Owned by the view.
  virtual NamedTypes* program_types(const std::string& path) = 0;
  // Fails if the program has no debug information.
  virtual Result<SourcePlaces> source_places(const std::string& path, const SourceLine& line) = 0;
  // Functions into which the compiler has copied the body of `function`, leaving no other; empty if that is not so.
  virtual std::vector<std::string> inlined_into(const std::string& path,
                                                std::string_view function) = 0;

  // --- the machine ---
  // Asked lazily: a script that needs no feature never opens BTF.
  virtual bool has(plan::Feature feature) = 0;
  virtual plan::Arch arch() = 0;
  virtual std::uint32_t possible_cpus() = 0;
};

}  // namespace sonde::kernel
