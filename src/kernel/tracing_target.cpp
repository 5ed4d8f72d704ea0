#include "kernel/tracing_target.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/bpf.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "kernel/bpf_programs.h"

namespace sonde::kernel {
namespace {

// The kernel hands out BTF objects by id; a module's is the one that bears its name (5.11).
Result<OwnedFd> open_module_btf(const std::string& module) {
  __u32 id = 0;
  while (::bpf_btf_get_next_id(id, &id) == 0) {
    OwnedFd fd(::bpf_btf_get_fd_by_id(id));
    if (!fd.valid()) continue;
    char name[64] = {};
    bpf_btf_info info{};
    info.name = reinterpret_cast<std::uintptr_t>(name);
    info.name_len = sizeof name;
    __u32 size = sizeof info;
    if (::bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) continue;
    if (info.kernel_btf != 0 && module == name) return fd;
  }
  return fail("find the BTF of kernel module " + module, ENOENT);
}

}  // namespace

Result<TracingTarget> TracingTargets::find_in_module(const std::string& module,
                                                     const std::string& name, std::uint32_t kinds) {
  const auto btf = Btf::open("/sys/kernel/btf/" + module, &*vmlinux_);
  if (!btf) return std::unexpected(btf.error());
  const auto entry = btf->find(name, kinds);
  if (!entry) return fail("find " + name + " in the BTF of " + module, ENOENT);
  auto fd = open_module_btf(module);
  if (!fd) return std::unexpected(fd.error());
  opened_.push_back(std::move(*fd));
  return TracingTarget{entry->id(), opened_.back().get()};
}

Result<void> TracingTargets::open_vmlinux() {
  if (vmlinux_) return {};
  auto btf = Btf::open("/sys/kernel/btf/vmlinux");
  if (!btf) return std::unexpected(btf.error());
  vmlinux_.emplace(std::move(*btf));
  return {};
}

Result<std::uint32_t> TracingTargets::find_function(const std::string& name) {
  if (auto opened = open_vmlinux(); !opened) return std::unexpected(opened.error());
  const auto entry = vmlinux_->find(name, kind_bit(BtfKind::Function));
  if (!entry) return fail("find " + name + "() in /sys/kernel/btf/vmlinux", ENOENT);
  return entry->id();
}

Result<TracingTarget> TracingTargets::find_anywhere(const std::string& name) {
  if (const auto id = find_function(name)) return TracingTarget{*id};
  if (!vmlinux_) return fail("find " + name + "() without BTF", ENOENT);
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator("/sys/kernel/btf", error)) {
    const std::string module = file.path().filename();
    if (module == "vmlinux") continue;
    if (auto found = find_in_module(module, name, kind_bit(BtfKind::Function))) return found;
  }
  return fail("find " + name + "() in the kernel's BTF", ENOENT);
}

Result<TracingTarget> TracingTargets::find_in_program(std::uint32_t program,
                                                      const std::string& name) {
  auto loaded = LoadedProgram::open(program);
  if (!loaded) return std::unexpected(loaded.error());
  for (const LoadedProgram::Function& function : loaded->functions()) {
    if (function.name != name) continue;
    opened_.push_back(loaded->take_fd());
    return TracingTarget{.btf_id = function.btf_id, .program = opened_.back().get()};
  }
  return fail(fmt::format("find {}() in BPF program {}", name, program), ENOENT);
}

Result<TracingTarget> TracingTargets::find(const plan::BpfProgram& program) {
  if (auto opened = open_vmlinux(); !opened) return std::unexpected(opened.error());
  const plan::AttachPoint& point = program.attach_points.front();
  if (point.bpf_program != 0) return find_in_program(point.bpf_program, point.symbol);
  const bool is_event = program.row().has(plan::kBindsEvent);
  // The type of an event's probe function is a typedef with this prefix.
  const std::string name = (is_event ? "btf_trace_" : "") + std::string(program.bound_to());
  const std::uint32_t kinds = kind_bit(is_event ? BtfKind::Typedef : BtfKind::Function);
  // Of system calls the target is the events' category.
  const bool has_module = !program.row().has(plan::kSystemCalls) && !point.target.empty();
  if (has_module && point.target != "vmlinux") {
    auto in_module = find_in_module(point.target, name, kinds);
    if (in_module || !is_event) return in_module;
  }
  if (const auto entry = vmlinux_->find(name, kinds)) return TracingTarget{entry->id(), -1};
  return fail("find " + name + " in /sys/kernel/btf/vmlinux", ENOENT);
}

}  // namespace sonde::kernel
