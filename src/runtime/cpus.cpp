#include "runtime/cpus.h"

#include "base/file.h"
#include "base/text.h"

namespace sonde::runtime {

std::vector<std::uint32_t> parse_cpu_list(std::string_view text) {
  std::vector<std::uint32_t> cpus;
  for (const std::string_view piece : split(trim(text), ',')) {
    const std::size_t dash = piece.find('-');
    const auto first = parse_u64(piece.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_u64(piece.substr(dash + 1));
    if (!first || !last || *last > 65535) continue;
    for (std::uint64_t cpu = *first; cpu <= *last; ++cpu)
      cpus.push_back(static_cast<std::uint32_t>(cpu));
  }
  return cpus;
}

Result<std::vector<std::uint32_t>> online_cpus() {
  const auto text = read_file("/sys/devices/system/cpu/online");
  if (!text) return std::unexpected(text.error());
  return parse_cpu_list(*text);
}

}  // namespace sonde::runtime
