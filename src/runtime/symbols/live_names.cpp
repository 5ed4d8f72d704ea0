#include "runtime/symbols/live_names.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "kernel/tracefs.h"
#include "runtime/clock.h"
#include "runtime/symbols/users.h"

namespace sonde::runtime {

LiveNames::LiveNames(const plan::Manifest& manifest, int stack_map)
    : manifest_(manifest), stack_map_(stack_map), boot_to_epoch_(boot_to_epoch()),
      user_(manifest.settings.cpp_demangle) {}

std::string LiveNames::kernel_symbol(std::uint64_t address) {
  if (const auto symbol = kernel_.resolve(address)) return std::string(symbol->name);
  return fmt::format("{:#x}", address);
}

std::string LiveNames::user_symbol(std::uint64_t address, std::uint32_t tgid) {
  output::Frame frame = user_.resolve(static_cast<pid_t>(tgid), address);
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

std::vector<std::uint64_t> LiveNames::addresses(std::int64_t id, std::uint32_t limit) const {
  if (id < 0 || stack_map_ < 0) return {};
  std::vector<std::uint64_t> frames(manifest_.stack_depth);
  const auto key = static_cast<std::uint32_t>(id);
  if (::bpf_map_lookup_elem(stack_map_, &key, frames.data()) != 0) return {};
  const auto end = std::ranges::find(frames, 0U);
  frames.erase(end, frames.end());
  if (limit != 0 && frames.size() > limit) frames.resize(limit);
  return frames;
}

output::Stack LiveNames::kernel_stack(std::int64_t id, const types::Type& type) {
  output::Stack stack{{}, type.stack_mode()};
  for (const std::uint64_t address : addresses(id, type.stack_limit())) {
    output::Frame frame{address, "", 0, ""};
    // Raw stacks are numbers: no reason to read 40 ms of kallsyms.
    if (type.stack_mode() != types::StackMode::Raw) {
      if (const auto symbol = kernel_.resolve(address)) {
        frame = {address, std::string(symbol->name), symbol->offset, std::string(symbol->module)};
      }
    }
    stack.frames.push_back(std::move(frame));
  }
  return stack;
}

output::Stack LiveNames::user_stack(std::int64_t id, std::uint32_t tgid, const types::Type& type) {
  output::Stack stack{{}, type.stack_mode()};
  for (const std::uint64_t address : addresses(id, type.stack_limit())) {
    if (type.stack_mode() == types::StackMode::Raw) {
      stack.frames.push_back({address, "", 0, ""});
    } else {
      stack.frames.push_back(user_.resolve(static_cast<pid_t>(tgid), address));
    }
  }
  return stack;
}

}  // namespace sonde::runtime
