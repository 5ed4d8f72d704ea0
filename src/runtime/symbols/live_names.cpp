#include "runtime/symbols/live_names.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "kernel/tracefs.h"
#include "runtime/clock.h"
#include "runtime/symbols/users.h"

namespace sonde::runtime {

LiveNames::LiveNames(const plan::Manifest& manifest, StackMaps stack_maps)
    : manifest_(manifest), stack_maps_(stack_maps), boot_to_epoch_(boot_to_epoch()),
      user_({manifest.settings.cpp_demangle, manifest.settings.show_debug_info}) {}

std::string LiveNames::kernel_symbol(std::uint64_t address) {
  if (const auto symbol = kernel_.resolve(address)) return std::string(symbol->name);
  return fmt::format("{:#x}", address);
}

std::string LiveNames::user_symbol(std::uint64_t address, plan::ProcessWord process) {
  output::Frame frame = user_.resolve(process, address);
  return frame.symbol.empty() ? fmt::format("{:#x}", address) : std::move(frame.symbol);
}

std::string LiveNames::user_name(std::uint64_t uid) {
  if (!users_) {
    const auto text = read_file("/etc/passwd");
    users_ = text ? parse_passwd(*text) : std::unordered_map<std::uint64_t, std::string>{};
  }
  const auto found = users_->find(uid);
  return found == users_->end() ? fmt::format("{}", uid) : found->second;
}

std::string LiveNames::gfp_flags(std::uint64_t flags) {
  if (!gfp_flags_) {
    kernel::Tracefs tracefs;
    const auto format = tracefs.format("kmem", "kmalloc");
    gfp_flags_ = format ? parse_flag_names(*format) : std::vector<FlagName>();
  }
  return name_flags(*gfp_flags_, flags);
}

std::string LiveNames::process_name(std::uint32_t pid) {
  auto name = read_file(fmt::format("/proc/{}/comm", pid));
  if (!name) return fmt::format("{}", pid);
  if (name->ends_with('\n')) name->pop_back();
  return *std::move(name);
}

std::string LiveNames::cgroup_path(std::uint32_t filter_index, std::uint64_t id) {
  return cgroups_.path(id, manifest_.formats[filter_index].text);
}

std::string LiveNames::timestamp(std::uint32_t format_index, std::uint64_t nanoseconds) {
  return format_time(manifest_.formats[format_index].text, nanoseconds + boot_to_epoch_);
}

std::vector<std::uint64_t> LiveNames::addresses(std::uint64_t id) const {
  const std::uint32_t count = plan::stack_frames(id);
  const bool is_short = count <= plan::kShortStack;
  const int map = is_short ? stack_maps_.few : stack_maps_.deep;
  if (count == 0 || count > plan::kMaxStackDepth || map < 0) return {};
  std::vector<std::uint64_t> frames(is_short ? plan::kShortStack : plan::kMaxStackDepth);
  if (::bpf_map_lookup_elem(map, &id, frames.data()) != 0) return {};
  frames.resize(count);
  return frames;
}

output::Stack LiveNames::kernel_stack(std::uint64_t id, const types::Type& type) {
  output::Stack stack{{}, type.stack_mode()};
  for (const std::uint64_t address : addresses(id)) {
    output::Frame frame{.address = address};
    // Raw stacks are numbers: no reason to read 40 ms of kallsyms.
    if (type.stack_mode() != types::StackMode::Raw) {
      if (const auto symbol = kernel_.resolve(address)) {
        frame.symbol = symbol->name;
        frame.offset = symbol->offset;
        frame.module = symbol->module;
      }
    }
    stack.frames.push_back(std::move(frame));
  }
  return stack;
}

output::Stack LiveNames::user_stack(std::uint64_t id, plan::ProcessWord process,
                                    const types::Type& type) {
  output::Stack stack{{}, type.stack_mode(), true};
  user_.update();
  bool returns =
      false;  // The innermost address is where the program was; the others are where calls return to.
  for (const std::uint64_t address : addresses(id)) {
    switch (type.stack_mode()) {
      case types::StackMode::Raw: stack.frames.push_back({.address = address}); break;
      case types::StackMode::BuildId:
        stack.frames.push_back(user_.resolve(process, address));
        break;
      default: user_.append_frames(process, address, returns, stack.frames);
    }
    returns = true;
  }
  return stack;
}

}  // namespace sonde::runtime
