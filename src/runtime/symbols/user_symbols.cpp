#include "runtime/symbols/user_symbols.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace sonde::runtime {

std::string demangle(std::string_view name) {
  if (!name.starts_with("_Z")) return std::string(name);
  const std::string text(name);
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> readable(
      abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && readable ? readable.get() : text;
}

void UserSymbols::snapshot(pid_t pid) {
  auto maps = kernel::ProcessMaps::read(pid);
  if (!maps) return;
  Process& process = processes_[pid];
  process.maps = std::move(*maps);
  process.read_again = true;
  // /proc/PID/root goes with the process: what lies in its own mount namespace must be opened now.
  for (const kernel::ProcessMapping& mapping : process.maps.mappings()) {
    if (mapping.has_file()) symbols_of(process.maps, mapping);
  }
}

void UserSymbols::see(pid_t pid) {
  if (processes_.contains(pid)) return;
  if (auto maps = kernel::ProcessMaps::read(pid)) processes_[pid].maps = std::move(*maps);
}

const kernel::ProcessMapping* UserSymbols::find_mapping(pid_t pid, std::uint64_t address) {
  see(pid);
  const auto found = processes_.find(pid);
  if (found == processes_.end()) return nullptr;
  Process& process = found->second;
  if (const auto* mapping = process.maps.find(address)) return mapping;
  if (process.read_again) return nullptr;
  process.read_again = true;
  if (auto maps = kernel::ProcessMaps::read(pid)) process.maps = std::move(*maps);
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
    frame.symbol = demangles_ ? demangle(symbol->name) : std::string(symbol->name);
    frame.offset = symbol->offset;
  }
  return frame;
}

}  // namespace sonde::runtime
