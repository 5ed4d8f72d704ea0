#include "kernel/bpf_programs.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/bpf.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/glob.h"

namespace sonde::kernel {
namespace {

// The BTF object with this id, as the program was loaded with it.
Result<std::string> read_btf(std::uint32_t id) {
  const OwnedFd fd(::bpf_btf_get_fd_by_id(id));
  if (!fd.valid()) return fail_errno("open the BTF of a BPF program");
  std::string bytes;
  for (int pass = 0; pass < 2; ++pass) {
    bpf_btf_info info{};
    info.btf = reinterpret_cast<std::uintptr_t>(bytes.data());
    info.btf_size = static_cast<__u32>(bytes.size());
    __u32 size = sizeof info;
    if (::bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0)
      return fail_errno("read the BTF of a BPF program");
    bytes.resize(info.btf_size);
  }
  return bytes;
}

}  // namespace

bool LoadedProgram::is_target() const {
  return type_ != BPF_PROG_TYPE_TRACING && type_ != BPF_PROG_TYPE_EXT;
}

Result<LoadedProgram> LoadedProgram::open(std::uint32_t id) {
  LoadedProgram program;
  program.fd_ = OwnedFd(::bpf_prog_get_fd_by_id(id));
  if (!program.fd_.valid()) return fail_errno(fmt::format("open BPF program {}", id));
  bpf_prog_info info{};
  __u32 size = sizeof info;
  if (::bpf_obj_get_info_by_fd(program.fd_.get(), &info, &size) != 0)
    return fail_errno(fmt::format("look at BPF program {}", id));
  program.type_ = info.type;
  const std::uint32_t count = info.nr_func_info;
  if (info.btf_id == 0 || count == 0) return program;
  std::vector<bpf_func_info> infos(count);
  const std::uint32_t btf_id = info.btf_id;
  info = {};
  size = sizeof info;
  info.nr_func_info = count;
  info.func_info_rec_size = sizeof(bpf_func_info);
  info.func_info = reinterpret_cast<std::uintptr_t>(infos.data());
  if (::bpf_obj_get_info_by_fd(program.fd_.get(), &info, &size) != 0)
    return fail_errno(fmt::format("look at the functions of BPF program {}", id));
  auto bytes = read_btf(btf_id);
  if (!bytes) return std::unexpected(bytes.error());
  const auto btf = Btf::from_bytes(*bytes);
  if (!btf) return std::unexpected(btf.error());
  for (const bpf_func_info& function : infos) {
    const auto entry = btf->entry(function.type_id);
    if (!entry || !entry->is(BtfKind::Function)) continue;
    program.functions_.push_back({std::string(btf->string(entry->name())), function.type_id});
  }
  program.btf_ = std::move(*bytes);
  return program;
}

// Programs come and go meanwhile: one that is gone is no error.
Result<std::vector<BpfFunction>> BpfPrograms::functions(std::string_view program,
                                                        std::string_view name) {
  std::vector<BpfFunction> found;
  __u32 id = 0;
  while (::bpf_prog_get_next_id(id, &id) == 0) {
    if (!glob_match(program, std::to_string(id))) continue;
    const auto loaded = LoadedProgram::open(id);
    if (!loaded && loaded.error().code == EPERM) return std::unexpected(loaded.error());
    if (!loaded || !loaded->is_target()) continue;
    for (const LoadedProgram::Function& function : loaded->functions()) {
      if (glob_match(name, function.name)) found.push_back({id, function.name});
    }
  }
  if (errno != ENOENT) return fail_errno("list the BPF programs");
  return found;
}

BpfPrograms::Described* BpfPrograms::described(std::uint32_t program) {
  const auto [slot, is_new] = described_.try_emplace(program, nullptr);
  if (!is_new) return slot->second.get();
  auto loaded = LoadedProgram::open(program);
  if (!loaded || loaded->functions().empty()) return nullptr;
  auto btf = Btf::from_bytes(loaded->take_btf());
  if (btf) slot->second = std::make_unique<Described>(std::move(*btf), types_);
  return slot->second.get();
}

bool is_part_of(types::Record& own, types::Record& kernels) {
  if (!own.complete()) return true;
  return std::ranges::all_of(own.field_names(), [&](const std::string& name) {
    return kernels.find_field(name).has_value();
  });
}

// Programs declare what the kernel hands to them as other structs than it is; the verifier puts the difference right. Of other
// structs of the kernel they may know a part, without its places.
const types::Type* BpfPrograms::as_it_is(const types::Type* type) {
  if (!type->is_pointer() || !type->element()->is_record()) return type;
  if (type->element()->record()->name.empty()) return type;
  struct Row {
    std::string_view seen, real;
  };
  static constexpr Row kRows[] = {
#define SONDE_BPF_CONTEXT(seen, real) {seen, real},
#include "kernel/bpf_contexts.def"
  };
  types::Record& own = *type->element()->record();
  const auto* row = std::ranges::find(kRows, own.name, &Row::seen);
  const bool is_context = row != std::end(kRows);
  // "task_struct___old" is another version of task_struct.
  const std::string name(is_context ? row->real
                                    : std::string_view(own.name).substr(0, own.name.find("___")));
  const types::Type* real = kernel_.find_record(name, own.keyword);
  if (real == nullptr || (!is_context && !is_part_of(own, *real->record()))) return type;
  return types_.pointer(real, types::AddressSpace::Kernel);
}

std::optional<Signature> BpfPrograms::signature(const BpfFunction& function) {
  Described* program = described(function.program);
  if (program == nullptr) return std::nullopt;
  auto found = program->types.function(function.name);
  if (!found) return std::nullopt;
  for (types::Field& field : found->args->record()->fields) {
    const types::Type* real = as_it_is(field.type);
    if (real == field.type) continue;
    field.type = real;
    field.c_type.clear();
  }
  return found;
}

}  // namespace sonde::kernel
