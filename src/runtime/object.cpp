#include "runtime/object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "base/check.h"
#include "kernel/tracing_target.h"
#include "plan/both_ends.h"
#include "runtime/elf_symbol.h"
#include "runtime/kernel_calls.h"
#include "runtime/libbpf_log.h"
#include "runtime/log_buffers.h"
#include "runtime/privilege.h"
#include "runtime/reported.h"
#include "runtime/verifier.h"

namespace sonde::runtime {
namespace {

using plan::ProgramType;

// The sections of programs that are bound to a target: "tp_btf+", ...
std::set<std::string> bound_sections() {
  std::set<std::string> sections;
#define SONDE_PROGRAM_TYPE(Id, name, section, return_section, kernel_type, attach_type, context, \
                           scratch, traits, result, kernel)                                      \
  if (plan::program_type(ProgramType::Id).is_bound()) sections.insert(section "+");
#include "plan/program_types.def"
  return sections;
}

// Takes the sections of programs of types TRACING and LSM away from libbpf, which would parse vmlinux BTF for them: it
// sees another type until the moment of loading, when the hook puts the true one and the BTF id into place.
class TracingSections {
 public:
  TracingSections() {
    keep_one_handler();
    LIBBPF_OPTS(libbpf_prog_handler_opts, options, .cookie = reinterpret_cast<long>(this),
                .prog_prepare_load_fn = prepare);
    for (const std::string& section : bound_sections()) {
      const int id = ::libbpf_register_prog_handler(section.c_str(), BPF_PROG_TYPE_RAW_TRACEPOINT,
                                                    static_cast<bpf_attach_type>(0), &options);
      if (id >= 0) handlers_.push_back(id);
    }
  }
  ~TracingSections() {
    for (const int id : handlers_) ::libbpf_unregister_prog_handler(id);
  }
  TracingSections(const TracingSections&) = delete;
  TracingSections& operator=(const TracingSections&) = delete;

  Result<void> add(const plan::BpfProgram& program, bpf_program* loaded) {
    auto target = targets_.find(program);
    if (!target) return std::unexpected(target.error());
    const plan::ProgramTypeRow& row = program.row();
    ::bpf_program__set_expected_attach_type(loaded, static_cast<bpf_attach_type>(row.attach_type));
    programs_[program.name] = {*target, static_cast<bpf_prog_type>(row.kernel_type)};
    return {};
  }

  Result<void> bind_calls(bpf_program* program) { return bind_kernel_calls(program, targets_); }

 private:
  // libbpf before 1.3 goes on using its list of handlers after it has freed it with the last one: a second object in one
  // process would crash. So one handler, for a section that no program has, stays.
  static void keep_one_handler() {
    static const int kept = ::libbpf_register_prog_handler(
        "sonde_none", BPF_PROG_TYPE_UNSPEC, static_cast<bpf_attach_type>(0), nullptr);
    static_cast<void>(kept);
  }

  static int prepare(bpf_program* program, bpf_prog_load_opts* options, long cookie) {
    const auto& self = *reinterpret_cast<TracingSections*>(cookie);
    const auto found = self.programs_.find(::bpf_program__name(program));
    if (found == self.programs_.end()) return -EINVAL;
    const kernel::TracingTarget& target = found->second.target;
    ::bpf_program__set_type(program, found->second.type);
    options->attach_btf_id = target.btf_id;
    if (target.module_btf >= 0) {
      options->attach_btf_obj_fd = static_cast<__u32>(target.module_btf);
    }
    if (target.program >= 0) options->attach_prog_fd = static_cast<__u32>(target.program);
    return 0;
  }

  std::vector<int> handlers_;
  kernel::TracingTargets targets_;
  struct Bound {
    kernel::TracingTarget target;
    bpf_prog_type type;
  };
  std::map<std::string, Bound> programs_;
};

Result<void> patch_constants(bpf_object* object, const std::string& elf,
                             const plan::Constants& constants) {
  const auto global = find_elf_global(elf, plan::kConstants);
  if (!global) return {};  // No program asks for one.
  bpf_map* map = ::bpf_object__find_map_by_name(object, global->section.c_str());
  std::size_t size = 0;
  const void* initial = map == nullptr ? nullptr : ::bpf_map__initial_value(map, &size);
  if (initial == nullptr || global->offset + sizeof constants > size) {
    return fail("find " + std::string(plan::kConstants) + " in the BPF object");
  }
  std::string bytes(static_cast<const char*>(initial), size);
  std::memcpy(bytes.data() + global->offset, &constants, sizeof constants);
  const int status = ::bpf_map__set_initial_value(map, bytes.data(), size);
  if (status != 0) return fail("set the constants of the BPF object", -status);
  return {};
}

using Refusals = std::map<std::size_t, Error>;  // By the program's index.

struct Attempt {
  const plan::Program& program;
  const LoadOptions& options;
  Refusals& refusals;
  TracingSections tracing;
  LogBuffers logs;
};

bool may_leave_out(const plan::Manifest& manifest, const plan::BpfProgram& program) {
  return manifest.settings.missing_probes != plan::Settings::MissingProbes::Error &&
         program.row().is_bound();
}

// Programs of imported C files are nobody's.
void leave_foreign_out(bpf_object* object, const plan::Manifest& manifest) {
  std::set<std::string_view> own;
  for (const plan::BpfProgram& program : manifest.programs) own.insert(program.name);
  for (const plan::BpfProgram& watcher : manifest.watchers) own.insert(watcher.name);
  bpf_program* program = nullptr;
  while ((program = ::bpf_object__next_program(object, program)) != nullptr) {
    if (!own.contains(::bpf_program__name(program))) ::bpf_program__set_autoload(program, false);
  }
}

Result<void> prepare(bpf_object* object, Attempt& attempt) {
  const plan::Manifest& manifest = attempt.program.manifest;
  for (std::size_t i = 0; i < manifest.programs.size(); ++i) {
    const plan::BpfProgram& program = manifest.programs[i];
    if (program.part_of >= 0) continue;
    bpf_program* loaded = ::bpf_object__find_program_by_name(object, program.name.c_str());
    if (loaded == nullptr) return fail("find program " + program.name + " in the BPF object");
    const plan::ProgramTypeRow& type =
        plan::program_type(used_type(program, attempt.options.multi_uprobes));
    if (program.row().is_bound()) {
      auto added =
          attempt.refusals.contains(i) ? Result<void>{} : attempt.tracing.add(program, loaded);
      if (!added && !may_leave_out(manifest, program)) return added;
      if (!added) attempt.refusals.emplace(i, added.error());
      if (attempt.refusals.contains(i)) {
        ::bpf_program__set_autoload(loaded, false);
        continue;
      }
    } else {
      ::bpf_program__set_type(loaded, static_cast<bpf_prog_type>(type.kernel_type));
      const std::uint32_t attach =
          plan::runs_at_both_ends(program) ? plan::kKprobeSession : type.attach_type;
      ::bpf_program__set_expected_attach_type(loaded, static_cast<bpf_attach_type>(attach));
    }
    if (plan::runs_at_both_ends(program)) {
      if (auto bound = attempt.tracing.bind_calls(loaded); !bound) return bound;
    }
    attempt.logs.attach(loaded, attempt.options.verifier_log != nullptr);
  }
  leave_foreign_out(object, manifest);
  for (const plan::BpfProgram& watcher : manifest.watchers) {
    bpf_program* loaded = ::bpf_object__find_program_by_name(object, watcher.name.c_str());
    if (loaded == nullptr) return fail("find program " + watcher.name + " in the BPF object");
    if (watcher.row().is_bound()) {
      if (auto added = attempt.tracing.add(watcher, loaded); !added) return added;
    }
    attempt.logs.attach(loaded, attempt.options.verifier_log != nullptr);
  }
  return patch_constants(object, attempt.program.elf, attempt.options.constants);
}

// Before 5.11 maps and programs count against RLIMIT_MEMLOCK. True if the limit could be raised.
bool raise_memlock() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  return ::setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0;
}

// True if the program can be done without; the next attempt does.
bool leave_out(const plan::Manifest& manifest, const std::string& name, int code,
               Refusals& refusals) {
  for (std::size_t i = 0; i < manifest.programs.size(); ++i) {
    const plan::BpfProgram& program = manifest.programs[i];
    if (program.name != name || !may_leave_out(manifest, program)) continue;
    return refusals.emplace(i, Error{"BPF_PROG_LOAD", code, ""}).second;
  }
  return false;
}

// A program that was refused before the verifier looked at it, by type or target. False if `name` is unknown.
bool report_refusal(const plan::Program& program, const std::string& name, int code,
                    diag::Emitter& emitter) {
  for (const plan::BpfProgram& candidate : program.manifest.programs) {
    if (candidate.name != name || candidate.attach_points.empty()) continue;
    const plan::AttachPoint& point = candidate.attach_points.front();
    const bool is_function = candidate.row().has(plan::kBindsFunction);
    std::string hint;
    if (code == EPERM) hint = "kernel lockdown, or missing privilege";
    if (code == EPERM && is_function) {
      hint = "this kernel does not let BPF programs into its functions (lockdown, or built so)";
    }
    emitter
        .emit(diag::kinds::ProbeNotTraceable, point.location, point.name,
              Error{"BPF_PROG_LOAD", code, ""}.message())
        .hint(std::move(hint));
    return true;
  }
  return false;
}

// A map that the kernel did not make. False if it is none of the script's.
bool report_map(const plan::Program& program, const std::string& name, int code,
                diag::Emitter& emitter) {
  for (const plan::Map& map : program.manifest.maps) {
    if (map.bpf_name != name && (!map.has_generations || map.second_name() != name)) continue;
    std::string hint;
    if (code == ENOMEM || code == E2BIG) {
      const std::uint32_t key = map.is_scalar() ? 0 : map.key->size();
      hint = fmt::format(
          "it has room for {} keys of {} bytes with values of {}{}: lower max_map_keys, or declare "
          "it with less: let {} = hash(1000);",
          map.max_entries, key, map.value->size(), map.is_per_cpu() ? " for each CPU" : "",
          map.name);
    }
    emitter.emit(diag::kinds::MapNotCreated, map.declared, map.name, std::strerror(code))
        .hint(std::move(hint));
    return true;
  }
  return false;
}

Result<bpf_object*> open_object(const plan::Program& program, Attempt& attempt,
                                const LibbpfLog& log) {
  LIBBPF_OPTS(bpf_object_open_opts, open_options, .object_name = "sonde");
  bpf_object* object =
      ::bpf_object__open_mem(program.elf.data(), program.elf.size(), &open_options);
  if (object == nullptr) {
    return fail("open the BPF object", errno, log.last_warning());
  }
  if (auto prepared = prepare(object, attempt); !prepared) {
    ::bpf_object__close(object);
    return std::unexpected(prepared.error());
  }
  return object;
}

}  // namespace

ProgramType used_type(const plan::BpfProgram& program, bool multi_uprobes) {
  const bool by_perf = program.type == ProgramType::UprobeMulti && !multi_uprobes;
  return by_perf ? ProgramType::Uprobe : program.type;
}

Result<Object> Object::load(const plan::Program& program, const diag::Sources& sources,
                            const LoadOptions& options, diag::Emitter& emitter) {
  LibbpfLog log(options.libbpf_log != nullptr);
  // libbpf would probe whether the limit matters; we raise it only if it turns out to.
  ::libbpf_set_memlock_rlim(0);
  Refusals refusals;
  bool raised = false;
  while (true) {
    Attempt attempt{
        program, options, refusals, {}, LogBuffers(program.manifest.settings.log_bytes)};
    auto opened = open_object(program, attempt, log);
    if (!opened) return std::unexpected(opened.error());
    const int status = ::bpf_object__load(*opened);
    const int code = -status;
    if (options.verifier_log != nullptr) *options.verifier_log = attempt.logs.all();
    if (options.libbpf_log != nullptr) *options.libbpf_log = log.text();
    Object object(*opened);
    if (status == 0) {
      object.refusals_ = std::move(refusals);
      if (auto found = object.find_parts(program); !found) return std::unexpected(found.error());
      return object;
    }
    if (report_map(program, log.failed_map(), code, emitter)) return reported();
    const std::string failed = log.failed_program();
    if (!failed.empty() && !attempt.logs.log(failed).empty()) {
      report_rejection(program, failed, attempt.logs.log(failed), code, sources, emitter);
      return reported();
    }
    if (code == EPERM && !std::exchange(raised, true) && raise_memlock()) continue;
    if (leave_out(program.manifest, failed, code, refusals)) continue;
    if (report_refusal(program, failed, code, emitter)) return reported();
    if (code == EPERM) return missing_privilege();
    return fail("load the BPF object", code, log.last_warning());
  }
}

Result<void> Object::find_parts(const plan::Program& program) {
  for (const plan::BpfProgram& wanted : program.manifest.programs) {
    const bpf_program* loaded = ::bpf_object__find_program_by_name(object_, wanted.name.c_str());
    programs_.push_back(loaded == nullptr ? -1 : ::bpf_program__fd(loaded));
  }
  for (const plan::BpfProgram& wanted : program.manifest.watchers) {
    watchers_.push_back(
        ::bpf_program__fd(::bpf_object__find_program_by_name(object_, wanted.name.c_str())));
  }
  auto data = ObjectData::map(object_, program.elf);
  if (!data) return std::unexpected(data.error());
  data_ = std::move(*data);
  return {};
}

Object::Object(Object&& other) noexcept
    : object_(std::exchange(other.object_, nullptr)), programs_(std::move(other.programs_)),
      watchers_(std::move(other.watchers_)), refusals_(std::move(other.refusals_)),
      data_(std::move(other.data_)) {}

Object::~Object() {
  if (object_ != nullptr) ::bpf_object__close(object_);
}

const Error* Object::refusal(std::size_t index) const {
  const auto found = refusals_.find(index);
  return found == refusals_.end() ? nullptr : &found->second;
}

int Object::map(std::string_view name) const {
  const bpf_map* map = ::bpf_object__find_map_by_name(object_, std::string(name).c_str());
  return map == nullptr ? -1 : ::bpf_map__fd(map);
}

std::uint64_t Object::missed_runs() const {
  std::uint64_t sum = 0;
  for (const int program : programs_) {
    bpf_prog_info info{};
    std::uint32_t size = sizeof info;
    if (program >= 0 && ::bpf_obj_get_info_by_fd(program, &info, &size) == 0)
      sum += info.recursion_misses;
  }
  return sum;
}

}  // namespace sonde::runtime
