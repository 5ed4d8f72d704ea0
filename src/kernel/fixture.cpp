#include "kernel/fixture.h"

#include <algorithm>
#include <cerrno>

#include "base/glob.h"
#include "base/text.h"
#include "kernel/binaries.h"
#include "kernel/c_file.h"
#include "kernel/fixture_programs.h"
#include "kernel/fixture_types.h"
#include "kernel/fixture_usdt.h"
#include "kernel/headers.h"
#include "kernel/trace_format.h"

namespace sonde::kernel {
namespace {

// Texts as an x86_64 kernel 6.18 shows them, without the common fields.
struct EventRow {
  std::string_view category, name, format;
};
constexpr EventRow kEvents[] = {
#define SONDE_FIXTURE_EVENT(category, name, format) {category, name, format},
#include "kernel/fixture_events.def"
};

constexpr std::string_view kUserGroup = "probe_libc";        // Events made with `perf probe`.
constexpr std::string_view kUntypedEvent = "untyped_event";  // BTF does not describe it.

struct FunctionRow {
  std::string_view module, name;
};
constexpr FunctionRow kKernelFunctions[] = {
#define SONDE_FIXTURE_KERNEL_FUNCTION(module, name) {module, name},
#define SONDE_FIXTURE_USER_FUNCTION(file, name, address, size)
#include "kernel/fixture_functions.def"
};
// Static functions of one name, one in the kernel and one in a module.
constexpr std::string_view kSharedFunction = "shared_name";

constexpr std::string_view kInlinedFunction = "always_inlined";  // It has no code of its own.

struct SymbolRow {
  std::string_view name;
  std::uint64_t address;
};
constexpr SymbolRow kKernelSymbols[] = {{"vfs_read", 0xffffffff81234560},
                                        {"jiffies", 0xffffffff82a0b000},
                                        {"runqueues", 0x33e40},
                                        {"__per_cpu_offset", 0xffffffff82100000}};

constexpr std::string_view kProgram = "/bin/prog";
constexpr std::string_view kLibc = "/usr/lib/libc.so.6";
constexpr std::string_view kScript = "/bin/script";  // No ELF file.
// No pattern finds it. Other machines have it too: cases with its static probes are loaded into their kernels.
constexpr std::string_view kPython = "/usr/bin/python3";
struct BinaryRow {
  std::string_view path, name;
  std::uint64_t address, size;
};
// File offsets are 0x1000 less than the addresses, as with a usual linker script.
constexpr std::uint64_t kSegmentShift = 0x1000;
constexpr std::uint64_t kSegmentEnd = 0x9000;
constexpr std::uint64_t kVectorFunction = 0x5200;  // Its first instruction takes no probe.
constexpr BinaryRow kUserFunctions[] = {
#define SONDE_FIXTURE_KERNEL_FUNCTION(module, name)
#define SONDE_FIXTURE_USER_FUNCTION(file, name, address, size) {file, name, address, size},
#include "kernel/fixture_functions.def"
};

class FixtureView final : public View {
 public:
  FixtureView(types::Context& types, const FixtureOptions& options)
      : types_(types), options_(options), facts_(types), programs_(types) {}

  const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) override {
    return find(keyword == types::Record::Keyword::Union ? facts_.unions : facts_.structs, name);
  }
  const types::Type* find_enum(std::string_view name) override { return find(facts_.enums, name); }
  const types::Type* find_typedef(std::string_view name) override {
    return find(facts_.typedefs, name);
  }
  std::optional<EnumConstant> find_enum_constant(std::string_view name) override;
  std::vector<std::string> similar_types(std::string_view name) override;
  bool has_btf() override { return options_.has_btf; }
  std::vector<std::string> type_names(TypeTag tag, std::string_view glob) override;
  std::string type_definition(TypeTag tag, const std::string& name) override;
  // Of the folders that the query names, and of no others.
  Result<std::unique_ptr<Headers>> read_headers(const HeaderQuery& query) override {
    if (!options_.has_compiler) return fail("find clang in PATH", ENOENT);
    return kernel::read_headers(types_, {options_.has_btf, {"-nostdinc"}}, query);
  }

  Result<CompiledFile> compile(const CFileQuery& query) override {
    if (!options_.has_compiler) return fail("find clang in PATH", ENOENT);
    return compile_c_file(types_, options_.arch, query);
  }

  Result<std::vector<Tracepoint>> tracepoints(std::string_view category,
                                              std::string_view name) override;
  Result<TracepointFormat> tracepoint_format(std::string_view category,
                                             std::string_view name) override;
  bool has_raw_tracepoint(std::string_view category, std::string_view) override {
    return category != "syscalls" && category != kUserGroup;
  }
  Result<std::vector<std::string>> raw_tracepoints(std::string_view name) override {
    std::vector<std::string> names;
    if (glob_match(name, kUntypedEvent)) names.emplace_back(kUntypedEvent);
    for (const auto& [key, signature] : facts_.raw_tracepoints) {
      if (glob_match(name, key)) names.push_back(key);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::optional<Signature> raw_tracepoint_signature(std::string_view name) override {
    return signature(facts_.raw_tracepoints, name);
  }
  std::vector<std::string> iterators(std::string_view name) override {
    std::vector<std::string> names;
    for (const auto& [key, signature] : facts_.iterators) {
      if (glob_match(name, key) && options_.has_btf) names.push_back(key);
    }
    return names;
  }
  std::optional<Signature> iterator_signature(std::string_view name) override {
    return signature(facts_.iterators, name);
  }

  Result<std::vector<KernelFunction>> kernel_functions(std::string_view module,
                                                       std::string_view name) override;
  std::optional<Signature> function_signature(std::string_view module,
                                              std::string_view name) override {
    const bool in_kernel = module.empty() || glob_match(module, "vmlinux");
    if (!in_kernel && name != kSharedFunction) return std::nullopt;
    return signature(facts_.functions, name);
  }
  std::string why_not_traceable(std::string_view name) override {
    return name == kInlinedFunction ? "the compiler has inlined it everywhere" : "";
  }
  Result<std::vector<std::string>> injectable_functions() override {
    return std::vector<std::string>{"do_nanosleep", "should_failslab", "vfs_write"};
  }
  bool kernel_call_allowed(const plan::BpfProgram& program, const std::string& name) override {
    return program.type == plan::ProgramType::Fentry && name == "bpf_fixture_call";
  }
  std::optional<KernelFunction> function_around(std::uint64_t address) override {
    const bool is_known = address >> 8U == kKernelSymbols[0].address >> 8U;
    return is_known ? std::optional(KernelFunction{"vmlinux", "vfs_read"}) : std::nullopt;
  }
  Result<std::vector<BpfFunction>> bpf_functions(std::string_view program,
                                                 std::string_view name) override {
    return FixturePrograms::bpf_functions(program, name);
  }
  std::optional<Signature> bpf_function_signature(const BpfFunction& function) override {
    return signature(facts_.functions, function.name);
  }
  bool refuses_fentry() override { return options_.refuses_fentry; }
  std::string function_list_flaw() override { return {}; }
  std::optional<std::uint64_t> cgroup_id(const std::string& path) override {
    return path == "/sys/fs/cgroup/system.slice" ? std::optional(4242) : std::nullopt;
  }
  std::optional<std::uint64_t> symbol_address(std::string_view name) override {
    for (const SymbolRow& row : kKernelSymbols) {
      if (row.name == name) return row.address;
    }
    return std::nullopt;
  }
  Result<std::vector<std::string>> cgroups() override {
    const std::string root = "/sys/fs/cgroup";
    return std::vector<std::string>{root, root + "/system.slice",
                                    root + "/system.slice/ssh.service", root + "/user.slice"};
  }
  Result<std::vector<NetworkInterface>> network_interfaces() override {
    return std::vector<NetworkInterface>{{"lo"}, {"eth0"}, {"eth1"}, {"wg0", false}};
  }

  bool has_traced_processes() override { return options_.has_process; }
  Result<std::vector<BinaryFile>> find_binaries(std::string_view pattern) override;
  Result<std::vector<UsdtProbe>> usdt_probes(const std::string& path) override {
    if (path == kScript) return fail("read " + path + ": not an ELF file");
    return fixture_usdt_probes(path, arch());
  }
  Result<std::vector<UserFunction>> source_functions(
      const std::string& path, std::string_view pattern,
      std::optional<SourceLanguage> language) override;
  std::string_view probe_obstacle(const std::string& path, std::uint64_t file_offset) override {
    const bool is_vector_code = path == kLibc && file_offset == kVectorFunction - kSegmentShift;
    return is_vector_code ? "the kernel cannot place a probe on this instruction" : "";
  }
  InstructionStart instruction_start(const std::string&, std::uint64_t file_offset) override {
    return FixturePrograms::instruction_start(file_offset);
  }
  std::optional<plan::ProgramSymbol> program_symbol(const std::string& path, std::uint64_t offset,
                                                    std::string_view name) override {
    return path == kProgram ? FixturePrograms::symbol(offset, name) : std::nullopt;
  }
  Result<std::vector<UserFunction>> user_functions(const std::string& path,
                                                   std::string_view name) override;
  Result<std::optional<std::uint64_t>> file_offset(const std::string& path,
                                                   std::uint64_t address) override;
  Result<std::shared_ptr<const plan::UserSignature>> user_signature(
      const std::string& path, std::uint64_t pc, std::string_view symbol) override;
  NamedTypes* program_types(const std::string& path) override {
    return path == kProgram ? &programs_ : nullptr;
  }
  Result<SourcePlaces> source_places(const std::string& path, const SourceLine& line) override {
    if (path != kProgram) return no_debug_info(path);
    return FixturePrograms::source_places(line);
  }
  std::vector<std::string> inlined_into(const std::string& path,
                                        std::string_view function) override {
    return path == kProgram ? FixturePrograms::inlined_into(function) : std::vector<std::string>{};
  }

  bool has(plan::Feature feature) override {
    return !options_.missing_features[static_cast<std::size_t>(feature)];
  }
  plan::Arch arch() override { return options_.arch; }
  std::uint32_t possible_cpus() override { return 4; }

 private:
  const std::map<std::string, const types::Type*, std::less<>>& tagged(TypeTag tag) const {
    if (tag == TypeTag::Enum) return facts_.enums;
    return tag == TypeTag::Union ? facts_.unions : facts_.structs;
  }
  static std::unexpected<Error> no_debug_info(const std::string& path) {
    return fail(path + " has no debug information", 0,
                "compile it with -g, or install its debug symbols");
  }
  template <class Table>
  static const types::Type* find(const Table& table, std::string_view name) {
    const auto known = table.find(name);
    return known != table.end() ? known->second : nullptr;
  }
  template <class Table>
  static std::optional<Signature> signature(const Table& table, std::string_view name) {
    const auto known = table.find(name);
    return known != table.end() ? std::optional(known->second) : std::nullopt;
  }

  types::Context& types_;
  FixtureOptions options_;
  FixtureTypes facts_;
  FixturePrograms programs_;
  std::map<std::string, TracepointFormat> formats_;
};

std::optional<View::EnumConstant> FixtureView::find_enum_constant(std::string_view name) {
  for (const auto& [key, type] : facts_.enums) {
    for (const auto& [constant, value] : type->enumeration()->values) {
      if (constant == name) return EnumConstant{type, value};
    }
  }
  return std::nullopt;
}

std::vector<std::string> FixtureView::similar_types(std::string_view name) {
  std::vector<std::string> names;
  for (const auto* table : {&facts_.structs, &facts_.unions, &facts_.enums, &facts_.typedefs}) {
    for (const auto& [key, type] : *table) names.push_back(key);
  }
  return nearest(name, names);
}

std::vector<std::string> FixtureView::type_names(TypeTag tag, std::string_view glob) {
  std::vector<std::string> names;
  for (const auto& [name, type] : tagged(tag)) {
    if (glob_match(glob, name)) names.push_back(name);
  }
  return names;
}

std::string FixtureView::type_definition(TypeTag tag, const std::string& name) {
  const types::Type* type = find(tagged(tag), name);
  if (type == nullptr) return {};
  std::string text = type->name() + " {\n";
  if (type->is_record()) {
    type->record()->complete();
    for (const types::Field& field : type->record()->fields)
      text += "\t" + types::declaration(field) + ";\n";
  } else {
    for (const auto& [constant, value] : type->enumeration()->values)
      text += "\t" + constant + " = " + std::to_string(value) + ",\n";
  }
  return text + "};";
}

Result<std::vector<Tracepoint>> FixtureView::tracepoints(std::string_view category,
                                                         std::string_view name) {
  if (!options_.has_tracefs) {
    return fail("read /sys/kernel/tracing/events", EACCES, "tracing needs root: try sudo");
  }
  std::vector<Tracepoint> found;
  for (const EventRow& row : kEvents) {
    if (glob_match(category, row.category) && glob_match(name, row.name)) {
      found.push_back({std::string(row.category), std::string(row.name)});
    }
  }
  return found;
}

Result<TracepointFormat> FixtureView::tracepoint_format(std::string_view category,
                                                        std::string_view name) {
  const auto listed = tracepoints(category, name);
  if (!listed) return std::unexpected(listed.error());
  const auto row = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const EventRow& event) {
    return event.category == category && event.name == name;
  });
  const std::string key = std::string(category) + ":" + std::string(name);
  if (row == std::end(kEvents)) return fail("read the format of " + key, ENOENT);
  if (const auto known = formats_.find(key); known != formats_.end()) return known->second;
  const auto record = [&](std::string_view type, types::Record::Keyword keyword) {
    return find_record(type, keyword);
  };
  const TypeNames names{.lazy_record = record,
                        .record = record,
                        .enumeration = [&](std::string_view type) { return find_enum(type); },
                        .type_alias = [&](std::string_view type) { return find_typedef(type); }};
  auto format = parse_trace_format(row->format, category, name, types_, names);
  if (format) formats_.emplace(key, *format);
  return format;
}

Result<std::vector<KernelFunction>> FixtureView::kernel_functions(std::string_view module,
                                                                  std::string_view name) {
  std::vector<KernelFunction> found;
  for (const FunctionRow& row : kKernelFunctions) {
    if (glob_match(module.empty() ? "*" : module, row.module) && glob_match(name, row.name))
      found.push_back({std::string(row.module), std::string(row.name)});
  }
  return found;
}

Result<std::vector<BinaryFile>> FixtureView::find_binaries(std::string_view pattern) {
  std::vector<BinaryFile> found;
  for (const std::string_view path : {kProgram, kLibc, kScript, kPython}) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const bool matches = is_glob(pattern)
                             ? (path == kProgram || path == kLibc) && glob_match(pattern, path)
                             : pattern == path || is_library_name(file, pattern) || pattern == file;
    if (matches) found.push_back({std::string(path), std::string(path)});
  }
  if (!found.empty() || is_glob(pattern)) return found;
  return fail("find program or library " + std::string(pattern), ENOENT);
}

Result<std::vector<UserFunction>> FixtureView::user_functions(const std::string& path,
                                                              std::string_view name) {
  if (path == kScript) {
    return fail("read " + path + ": not an ELF file", 0,
                "a probe needs a program or a shared library");
  }
  if (path != kProgram && path != kLibc) return fail("open " + path, ENOENT);
  std::vector<UserFunction> found;
  for (const BinaryRow& row : kUserFunctions) {
    if (row.path != path || !glob_match(name, row.name)) continue;
    found.push_back({std::string(row.name), demangle(row.name), row.address,
                     row.address - kSegmentShift, row.size});
  }
  return found;
}

Result<std::vector<UserFunction>> FixtureView::source_functions(
    const std::string& path, std::string_view pattern, std::optional<SourceLanguage> language) {
  auto all = user_functions(path, "*");
  if (!all) return std::unexpected(all.error());
  std::erase_if(*all, [&](const UserFunction& function) {
    const auto source = source_name(function.name);
    return !source || (language && source->language != *language) ||
           !matches_source_name(pattern, *source);
  });
  return all;
}

Result<std::optional<std::uint64_t>> FixtureView::file_offset(const std::string& path,
                                                              std::uint64_t address) {
  if (path != kProgram && path != kLibc) return fail("open " + path, ENOENT);
  if (address < kSegmentShift || address >= kSegmentEnd) return std::optional<std::uint64_t>();
  return address - kSegmentShift;
}

Result<std::shared_ptr<const plan::UserSignature>> FixtureView::user_signature(
    const std::string& path, std::uint64_t pc, std::string_view symbol) {
  if (path != kProgram) return no_debug_info(path);
  for (const BinaryRow& row : kUserFunctions) {
    if (row.path != path || pc < row.address || pc >= row.address + row.size) continue;
    if (auto signature = programs_.signature(row.name, pc == row.address)) return signature;
  }
  return fail("the debug information of " + path + " does not describe '" + std::string(symbol) +
              "'");
}

}  // namespace

std::unique_ptr<View> make_fixture_view(types::Context& types, const FixtureOptions& options) {
  return std::make_unique<FixtureView>(types, options);
}

}  // namespace sonde::kernel
