#include "kernel/live.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bitset>
#include <map>

#include "kernel/bpf_programs.h"
#include "kernel/c_file.h"
#include "kernel/cgroups.h"
#include "kernel/code_file.h"
#include "kernel/debug_info.h"
#include "kernel/elf.h"
#include "kernel/features.h"
#include "kernel/headers.h"
#include "kernel/kallsyms.h"
#include "kernel/kernel_btf.h"
#include "kernel/kernel_functions.h"
#include "kernel/kfunc.h"
#include "kernel/network.h"
#include "kernel/trace_format.h"
#include "kernel/traceable.h"
#include "kernel/tracefs.h"
#include "kernel/trampolines.h"

namespace sonde::kernel {
namespace {

// Delegates, and remembers what a compilation asks more than once.
class LiveView final : public View {
 public:
  LiveView(types::Context& types, const std::string& btf_file, FeatureSet without,
           ProcessScope scope)
      : types_(types), btf_(types, "/sys/kernel/btf", btf_file), has_btf_file_(!btf_file.empty()),
        scope_(std::move(scope)), bpf_programs_(types, btf_), asked_(without) {}

  const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) override {
    return btf_.find_record(name, keyword);
  }
  const types::Type* find_enum(std::string_view name) override { return btf_.find_enum(name); }
  const types::Type* find_typedef(std::string_view name) override {
    return btf_.find_typedef(name);
  }
  std::optional<EnumConstant> find_enum_constant(std::string_view name) override {
    return btf_.find_enum_constant(name);
  }
  std::vector<std::string> similar_types(std::string_view name) override {
    return btf_.similar_types(name);
  }
  bool has_btf() override {
    return has_btf_file_ || ::access("/sys/kernel/btf/vmlinux", F_OK) == 0;
  }
  std::vector<std::string> type_names(TypeTag tag, std::string_view glob) override {
    return btf_.type_names(tag, glob);
  }
  std::string type_definition(TypeTag tag, const std::string& name) override {
    return btf_.type_definition(tag, name);
  }
  Result<std::unique_ptr<Headers>> read_headers(const HeaderQuery& query) override {
    return kernel::read_headers(types_, {has_btf(), kernel_source_arguments(arch())}, query);
  }

  Result<CompiledFile> compile(const CFileQuery& query) override {
    return compile_c_file(types_, arch(), query);
  }

  Result<std::vector<Tracepoint>> tracepoints(std::string_view category,
                                              std::string_view name) override {
    return tracefs_.events(category, name);
  }
  Result<TracepointFormat> tracepoint_format(std::string_view category,
                                             std::string_view name) override;
  bool has_raw_tracepoint(std::string_view category, std::string_view name) override;
  Result<std::vector<std::string>> raw_tracepoints(std::string_view name) override;
  std::optional<Signature> raw_tracepoint_signature(std::string_view name) override {
    return cached(raw_signatures_, std::string(name), [&] { return btf_.raw_tracepoint(name); });
  }
  std::vector<std::string> iterators(std::string_view name) override {
    return btf_.iterators(name);
  }
  std::optional<Signature> iterator_signature(std::string_view name) override {
    return btf_.function("*", "bpf_iter_" + std::string(name));
  }

  Result<std::vector<KernelFunction>> kernel_functions(std::string_view module,
                                                       std::string_view name) override {
    return find_kernel_functions(module, name, btf_, tracefs_);
  }
  std::optional<Signature> function_signature(std::string_view module,
                                              std::string_view name) override {
    return cached(signatures_, std::string(module) + ":" + std::string(name),
                  [&] { return btf_.function(module, name); });
  }
  std::string why_not_traceable(std::string_view name) override {
    return kernel::why_not_traceable(name, btf_, tracefs_);
  }
  Result<std::vector<std::string>> injectable_functions() override {
    if (!has(plan::Feature::ErrorInjection)) return std::vector<std::string>{};
    return kernel::injectable_functions();
  }
  bool kernel_call_allowed(const plan::BpfProgram& program, const std::string& name) override {
    const plan::AttachPoint& point = program.attach_points.front();
    return cached(kernel_calls_,
                  fmt::format("{} {} {} {} {} {}", program.row().name, program.section,
                              program.entry_arguments != 0, point.target, point.bpf_program, name),
                  [&] { return kernel::kernel_call_allowed(program, name); });
  }
  std::optional<KernelFunction> function_around(std::uint64_t address) override {
    KernelSymbols symbols;
    const auto found = symbols.resolve(address);
    if (!found) return std::nullopt;
    return KernelFunction{std::string(found->module.empty() ? "vmlinux" : found->module),
                          std::string(found->name)};
  }
  Result<std::vector<BpfFunction>> bpf_functions(std::string_view program,
                                                 std::string_view name) override {
    return bpf_programs_.functions(program, name);
  }
  std::optional<Signature> bpf_function_signature(const BpfFunction& function) override {
    return bpf_programs_.signature(function);
  }
  bool refuses_fentry() override {
    if (!refuses_fentry_) refuses_fentry_ = refuses_trampolines();
    return *refuses_fentry_;
  }
  std::string function_list_flaw() override { return kernel::function_list_flaw(tracefs_); }
  std::optional<std::uint64_t> symbol_address(std::string_view name) override {
    return kernel_symbol_address(name);
  }

  // The inode of the folder (5.5).
  std::optional<std::uint64_t> cgroup_id(const std::string& path) override {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
    return status.st_ino;
  }

  Result<std::vector<std::string>> cgroups() override { return find_cgroups(); }

  Result<std::vector<NetworkInterface>> network_interfaces() override {
    return kernel::network_interfaces();
  }

  bool has_traced_processes() override { return !scope_.pids.empty() || !scope_.program.empty(); }
  Result<std::vector<BinaryFile>> find_binaries(std::string_view pattern) override {
    return kernel::find_binaries(pattern, scope_);
  }
  Result<std::vector<UserFunction>> source_functions(
      const std::string& path, std::string_view pattern,
      std::optional<SourceLanguage> language) override;
  std::string_view probe_obstacle(const std::string& path, std::uint64_t file_offset) override {
    return code_file(path).obstacle(file_offset);
  }
  InstructionStart instruction_start(const std::string& path, std::uint64_t file_offset) override {
    const auto symbols = binary(path);
    if (!symbols) return {InstructionStart::Answer::Unknown};
    return code_file(path).start(**symbols, file_offset);
  }
  std::optional<plan::ProgramSymbol> program_symbol(const std::string& path,
                                                    std::uint64_t file_offset,
                                                    std::string_view name) override {
    const auto symbols = binary(path);
    return symbols ? (*symbols)->program_symbol(file_offset, name) : std::nullopt;
  }
  Result<std::vector<UsdtProbe>> usdt_probes(const std::string& path) override {
    return read_usdt_probes(path, arch());
  }
  Result<std::vector<UserFunction>> user_functions(const std::string& path,
                                                   std::string_view name) override;
  Result<std::optional<std::uint64_t>> file_offset(const std::string& path,
                                                   std::uint64_t address) override;
  Result<std::shared_ptr<const plan::UserSignature>> user_signature(
      const std::string& path, std::uint64_t pc, std::string_view symbol) override;
  NamedTypes* program_types(const std::string& path) override;
  Result<SourcePlaces> source_places(const std::string& path, const SourceLine& line) override;
  std::vector<std::string> inlined_into(const std::string& path,
                                        std::string_view function) override;

  bool has(plan::Feature feature) override;
  plan::Arch arch() override {
#if defined(__x86_64__)
    return plan::Arch::X86_64;
#elif defined(__aarch64__)
    return plan::Arch::Aarch64;
#endif
  }
  std::uint32_t possible_cpus() override {
    return kernel::possible_cpus().value_or(PossibleCpus{1, 1}).count;
  }

 private:
  template <class Map, class Make>
  static typename Map::mapped_type cached(Map& map, std::string key, Make&& make) {
    const auto [slot, is_new] = map.try_emplace(std::move(key));
    if (is_new) slot->second = make();
    return slot->second;
  }
  Result<ElfSymbols*> binary(const std::string& path);
  const CodeFile& code_file(const std::string& path) {
    return code_files_.try_emplace(path, path, arch()).first->second;
  }
  const Result<std::unique_ptr<DebugInfo>>& debug_info(const std::string& path);

  types::Context& types_;
  KernelBtf btf_;
  bool has_btf_file_;
  ProcessScope scope_;
  Tracefs tracefs_;
  std::map<std::string, TracepointFormat> formats_;
  std::map<std::string, std::optional<Signature>> raw_signatures_;
  std::map<std::string, std::optional<Signature>> signatures_;
  std::map<std::string, bool> kernel_calls_;
  std::optional<bool> refuses_fentry_;
  BpfPrograms bpf_programs_;
  std::map<std::string, ElfSymbols> binaries_;
  std::map<std::string, CodeFile> code_files_;
  std::map<std::string, Result<std::unique_ptr<DebugInfo>>> debug_infos_;
  std::bitset<plan::kFeatureCount> asked_;  // What is asked and not in features_ is missing.
  std::bitset<plan::kFeatureCount> features_;
};

Result<TracepointFormat> LiveView::tracepoint_format(std::string_view category,
                                                     std::string_view name) {
  const std::string key = std::string(category) + ":" + std::string(name);
  if (const auto known = formats_.find(key); known != formats_.end()) return known->second;
  const auto text = tracefs_.format(category, name);
  if (!text) return std::unexpected(text.error());
  using Keyword = types::Record::Keyword;
  const TypeNames names{
      .lazy_record = [&](std::string_view type,
                         Keyword keyword) { return btf_.lazy_record(type, keyword); },
      .record = [&](std::string_view type,
                    Keyword keyword) { return btf_.find_record(type, keyword); },
      .enumeration = [&](std::string_view type) { return btf_.find_enum(type); },
      .type_alias = [&](std::string_view type) { return btf_.find_typedef(type); }};
  auto format = parse_trace_format(*text, category, name, types_, names);
  if (format) formats_.emplace(key, *format);
  return format;
}

bool LiveView::has_raw_tracepoint(std::string_view category, std::string_view name) {
  // System-call events are made from raw_syscalls' two; bpf_trace's one fires while BPF programs must not run.
  constexpr std::string_view kOthers[] = {"syscalls", "ftrace", "bpf_trace"};
  const bool is_other =
      std::find(std::begin(kOthers), std::end(kOthers), category) != std::end(kOthers);
  return !is_other && !tracefs_.is_dynamic(category, name);
}

Result<std::vector<std::string>> LiveView::raw_tracepoints(std::string_view name) {
  if (btf_.vmlinux() != nullptr) return btf_.raw_tracepoints(name);
  const auto events = tracefs_.events("*", name);
  if (!events) return std::unexpected(events.error());
  std::vector<std::string> names;
  for (const Tracepoint& event : *events) {
    if (has_raw_tracepoint(event.category, event.name)) names.push_back(event.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<ElfSymbols*> LiveView::binary(const std::string& path) {
  if (const auto known = binaries_.find(path); known != binaries_.end()) return &known->second;
  auto symbols = ElfSymbols::open(path);
  if (!symbols) return std::unexpected(symbols.error());
  return &binaries_.emplace(path, std::move(*symbols)).first->second;
}

Result<std::vector<UserFunction>> LiveView::user_functions(const std::string& path,
                                                           std::string_view name) {
  const auto symbols = binary(path);
  if (!symbols) return std::unexpected(symbols.error());
  return (*symbols)->find(name);
}

Result<std::vector<UserFunction>> LiveView::source_functions(
    const std::string& path, std::string_view pattern, std::optional<SourceLanguage> language) {
  const auto symbols = binary(path);
  if (!symbols) return std::unexpected(symbols.error());
  return (*symbols)->find_by_source(pattern, language);
}

Result<std::optional<std::uint64_t>> LiveView::file_offset(const std::string& path,
                                                           std::uint64_t address) {
  const auto symbols = binary(path);
  if (!symbols) return std::unexpected(symbols.error());
  return (*symbols)->file_offset(address);
}

const Result<std::unique_ptr<DebugInfo>>& LiveView::debug_info(const std::string& path) {
  const auto known = debug_infos_.find(path);
  if (known != debug_infos_.end()) return known->second;
  return debug_infos_.emplace(path, DebugInfo::open(path, types_)).first->second;
}

Result<std::shared_ptr<const plan::UserSignature>> LiveView::user_signature(
    const std::string& path, std::uint64_t pc, std::string_view symbol) {
  const auto& info = debug_info(path);
  if (!info) return std::unexpected(info.error());
  auto signature = (*info)->function(pc, symbol);
  if (!signature) {
    return fail(fmt::format("the debug information of {} does not describe '{}'", path, symbol));
  }
  return std::make_shared<const plan::UserSignature>(std::move(*signature));
}

NamedTypes* LiveView::program_types(const std::string& path) {
  const auto& info = debug_info(path);
  return info ? &(*info)->types() : nullptr;
}

Result<SourcePlaces> LiveView::source_places(const std::string& path, const SourceLine& line) {
  const auto& info = debug_info(path);
  if (!info) return std::unexpected(info.error());
  const auto symbols = binary(path);
  if (!symbols) return std::unexpected(symbols.error());
  SourcePlaces found = (*info)->lines(line);
  std::erase_if(found.places, [&](SourcePlace& place) {
    const auto offset = (*symbols)->file_offset(place.address);
    place.file_offset = offset.value_or(0);
    return !offset;
  });
  return found;
}

std::vector<std::string> LiveView::inlined_into(const std::string& path,
                                                std::string_view function) {
  const auto& info = debug_info(path);
  return info ? (*info)->inlined_into(function) : std::vector<std::string>{};
}

bool LiveView::has(plan::Feature feature) {
  const auto index = static_cast<std::size_t>(feature);
  if (!asked_[index]) {
    asked_.set(index);
    features_[index] = kernel_has(feature, btf_);
  }
  return features_[index];
}

}  // namespace

std::unique_ptr<View> make_live_view(types::Context& types, const std::string& btf_file,
                                     FeatureSet without, ProcessScope scope) {
  return std::make_unique<LiveView>(types, btf_file, without, std::move(scope));
}

}  // namespace sonde::kernel
