#include "kernel/kallsyms.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/fd.h"

namespace sonde::kernel {
namespace {

// Above the largest function. An address farther behind its symbol lies in a gap between the kernel and its modules.
constexpr std::uint64_t kMaxOffset = 1 << 20;

// "ffffffff81000110 T startup_64\t[module]"
std::optional<KernelSymbolLine> parse_line(std::string_view line) {
  KernelSymbolLine symbol;
  const auto [stop, error] =
      std::from_chars(line.data(), line.data() + line.size(), symbol.address, 16);
  if (error != std::errc{}) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()));
  if (line.size() < 4 || line[0] != ' ' || line[2] != ' ') return std::nullopt;
  symbol.type = line[1];
  line.remove_prefix(3);
  if (const std::size_t tab = line.find('\t'); tab != std::string_view::npos) {
    std::string_view module = line.substr(tab + 1);
    if (module.starts_with('[') && module.ends_with(']')) {
      symbol.module = module.substr(1, module.size() - 2);
    }
    line = line.substr(0, tab);
  }
  symbol.name = line;
  return symbol;
}

}  // namespace

Result<void> scan_kallsyms(const std::function<bool(const KernelSymbolLine&)>& visit,
                           const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path);
  std::string buffer(65536, '\0');
  std::size_t kept = 0;  // Bytes of an unfinished line at the start of the buffer.
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer.data() + kept, buffer.size() - kept);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("read " + path);
    if (got == 0) return {};
    std::string_view text(buffer.data(), kept + static_cast<std::size_t>(got));
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      const auto symbol = parse_line(text.substr(0, end));
      if (symbol && visit(*symbol)) return {};
      text.remove_prefix(end + 1);
    }
    if (text.size() == buffer.size()) return fail("read " + path + ": a line of more than 64 KiB");
    kept = text.size();
    std::copy(text.begin(), text.end(), buffer.begin());
  }
}

std::optional<std::uint64_t> kernel_symbol_address(std::string_view name, const std::string& path) {
  std::optional<std::uint64_t> address;
  const auto scanned = scan_kallsyms(
      [&](const KernelSymbolLine& symbol) {
        if (symbol.name != name) return false;
        if (symbol.address != 0) address = symbol.address;
        return true;
      },
      path);
  return scanned ? address : std::nullopt;
}

Result<void> KernelSymbols::load() {
  loaded_ = true;
  text_.clear();
  entries_.clear();
  auto scanned = scan_kallsyms(
      [&](const KernelSymbolLine& symbol) {
        // 'a': values, among them the offsets of per-CPU variables, not addresses.
        if (symbol.address == 0 || symbol.type == 'a' || symbol.type == 'A') return false;
        entries_.push_back({symbol.address, static_cast<std::uint32_t>(text_.size())});
        text_.append(symbol.name).push_back('\0');
        text_.append(symbol.module).push_back('\0');
        return false;
      },
      path_);
  if (!scanned) return scanned;
  if (entries_.empty()) {
    return fail("read " + path_ + ": addresses are hidden", 0,
                "run as root, or: sysctl kernel.kptr_restrict=1");
  }
  const auto by_address = [](const Entry& a, const Entry& b) { return a.address < b.address; };
  const auto same_address = [](const Entry& a, const Entry& b) { return a.address == b.address; };
  // Aliases share an address; the kernel too names the first of them.
  std::stable_sort(entries_.begin(), entries_.end(), by_address);
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same_address), entries_.end());
  return {};
}

std::optional<KernelSymbols::Symbol> KernelSymbols::resolve(std::uint64_t address) {
  if (!loaded_ && !load()) return std::nullopt;
  auto next = std::upper_bound(
      entries_.begin(), entries_.end(), address,
      [](std::uint64_t wanted, const Entry& entry) { return wanted < entry.address; });
  if (next == entries_.begin()) return std::nullopt;
  const Entry& entry = *--next;
  const std::uint64_t offset = address - entry.address;
  if (offset > kMaxOffset) return std::nullopt;
  const std::string_view name = text_.data() + entry.text;
  return Symbol{name, offset, text_.data() + entry.text + name.size() + 1};
}

}  // namespace sonde::kernel
