// Names from the running system.
#pragma once

#include <optional>
#include <unordered_map>

#include "kernel/kallsyms.h"
#include "plan/manifest.h"
#include "runtime/names.h"
#include "runtime/symbols/cgroups.h"
#include "runtime/symbols/flag_names.h"
#include "runtime/symbols/user_symbols.h"

namespace sonde::runtime {

class LiveNames final : public Names {
 public:
  // Descriptors of plan::kStackMap and kDeepStackMap; -1 if the object has none. They and `manifest` must outlive this.
  struct StackMaps {
    int few = -1;
    int deep = -1;
  };
  LiveNames(const plan::Manifest& manifest, StackMaps stack_maps);

  std::string kernel_symbol(std::uint64_t address) override;
  std::string user_symbol(std::uint64_t address, plan::ProcessWord process) override;
  std::string user_name(std::uint64_t uid) override;
  std::string gfp_flags(std::uint64_t flags) override;
  std::string process_name(std::uint32_t pid) override;
  std::string cgroup_path(std::uint32_t filter_index, std::uint64_t id) override;
  std::string timestamp(std::uint32_t format_index, std::uint64_t nanoseconds) override;
  output::Stack kernel_stack(std::uint64_t id, const types::Type& type) override;
  output::Stack user_stack(std::uint64_t id, plan::ProcessWord process,
                           const types::Type& type) override;
  const std::string& truncation_trailer() override { return manifest_.settings.str_trunc_trailer; }

  // For a process that is about to end.
  void snapshot(pid_t pid) { user_.snapshot(pid); }
  [[nodiscard]] UserSymbols& user() { return user_; }

 private:
  // Return addresses of stack `id`, innermost first.
  std::vector<std::uint64_t> addresses(std::uint64_t id) const;

  const plan::Manifest& manifest_;
  StackMaps stack_maps_;
  std::uint64_t boot_to_epoch_;
  kernel::KernelSymbols kernel_;
  UserSymbols user_;
  CgroupPaths cgroups_;
  std::optional<std::unordered_map<std::uint64_t, std::string>> users_;
  std::optional<std::vector<FlagName>> gfp_flags_;
};

}  // namespace sonde::runtime
