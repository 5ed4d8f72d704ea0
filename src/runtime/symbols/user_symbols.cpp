#include "runtime/symbols/user_symbols.h"

#include <memory>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "kernel/demangle.h"
#include "runtime/clock.h"

namespace sonde::runtime {
namespace {

// A look costs 10 us, and a stack has many frames.
constexpr std::uint64_t kCheckInterval = 10'000'000;  // ns
// After a miss a library may have been loaded since; but some addresses are in no file at all.
constexpr std::uint64_t kReadInterval = 100'000'000;  // ns

}  // namespace

void UserSymbols::snapshot(pid_t pid) {
  Process& process = processes_[pid];
  process.checked_ns = boot_nanoseconds();
  process.identity = identity_of(pid).value_or(process.identity);
  read(pid, process);
  // /proc/PID/root goes with the process: what lies in its own mount namespace must be opened now.
  for (const kernel::ProcessMapping& mapping : process.maps.mappings()) {
    if (mapping.has_file()) symbols_of(process.maps, mapping);
  }
}

void UserSymbols::see(pid_t pid) {
  const auto [found, is_new] = processes_.try_emplace(pid);
  Process& process = found->second;
  const std::uint64_t now = boot_nanoseconds();
  if (!is_new && now - process.checked_ns < kCheckInterval) return;
  process.checked_ns = now;
  const auto identity = identity_of(pid);
  // A process that has ended keeps the mappings that it had; so does one whose end is not collected yet.
  if (!identity || identity == process.identity) return;
  if (identity->start_time == process.identity.start_time && identity->code_start == 0) return;
  process.identity = *identity;
  read(pid, process);
}

// Fields 22, 26 and 28 of /proc/PID/stat, see proc(5). The name in parentheses may hold anything.
std::optional<UserSymbols::Identity> UserSymbols::identity_of(pid_t pid) {
  const auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!text) return std::nullopt;
  const std::size_t name_end = text->rfind(") ");
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<std::string_view> fields =
      split(std::string_view(*text).substr(name_end + 2), ' ');
  constexpr std::size_t kFirst = 3;  // The field behind the name.
  if (fields.size() <= 28 - kFirst) return std::nullopt;
  return Identity{parse_u64(fields[22 - kFirst]).value_or(0),
                  parse_u64(fields[26 - kFirst]).value_or(0),
                  parse_u64(fields[28 - kFirst]).value_or(0)};
}

void UserSymbols::read(pid_t pid, Process& process) {
  process.read_ns = boot_nanoseconds();
  auto maps = kernel::ProcessMaps::read(pid);
  // The kernel shows no mappings of a process that is being torn down.
  if (maps && !maps->mappings().empty()) process.maps = std::move(*maps);
}

const kernel::ProcessMapping* UserSymbols::find_mapping(pid_t pid, std::uint64_t address) {
  see(pid);
  Process& process = processes_[pid];
  if (const auto* mapping = process.maps.find(address)) return mapping;
  if (boot_nanoseconds() - process.read_ns < kReadInterval) return nullptr;
  read(pid, process);
  return process.maps.find(address);
}

kernel::ElfSymbols* UserSymbols::symbols_of(const kernel::ProcessMaps& maps,
                                            const kernel::ProcessMapping& mapping) {
  const auto [place, is_new] = files_.try_emplace({mapping.inode, mapping.path});
  if (is_new) {
    auto symbols = kernel::ElfSymbols::open(maps.path_under_proc(mapping));
    if (!symbols && !mapping.is_deleted) symbols = kernel::ElfSymbols::open(mapping.path);
    if (symbols) place->second = std::make_unique<kernel::ElfSymbols>(std::move(*symbols));
  }
  return place->second.get();
}

output::Frame UserSymbols::resolve(pid_t pid, std::uint64_t address) {
  output::Frame frame;
  frame.address = address;
  const kernel::ProcessMapping* mapping = find_mapping(pid, address);
  if (mapping == nullptr) return frame;
  frame.module = mapping->path;
  if (!mapping->has_file()) return frame;
  kernel::ElfSymbols* symbols = symbols_of(processes_[pid].maps, *mapping);
  if (symbols == nullptr) return frame;
  const auto virtual_address = symbols->address_of(mapping->file_offset(address));
  if (!virtual_address) return frame;
  if (const auto symbol = symbols->resolve(*virtual_address)) {
    frame.symbol = demangles_ ? kernel::demangle(symbol->name) : std::string(symbol->name);
    frame.offset = symbol->offset;
  }
  return frame;
}

}  // namespace sonde::runtime
