#include "kernel/fixture_usdt.h"

#include "kernel/usdt_arguments.h"

namespace sonde::kernel {
namespace {

struct Row {
  std::string_view path, provider, name;
  std::uint64_t address, semaphore;
  std::string_view arguments;
};
constexpr Row kRows[] = {
#define SONDE_FIXTURE_USDT(path, provider, name, address, semaphore, arguments) \
  {path, provider, name, address, semaphore, arguments},
#include "kernel/fixture_usdt.def"
};

// File offsets are that much less than addresses.
constexpr std::uint64_t kSegmentShift = 0x1000;

}  // namespace

std::vector<UsdtProbe> fixture_usdt_probes(const std::string& path, plan::Arch arch) {
  std::vector<UsdtProbe> found;
  for (const Row& row : kRows) {
    if (row.path != path) continue;
    const UsdtPlace place{arch, row.address, [](std::string_view name) {
                            return name == "counter" ? std::optional<std::uint64_t>(0x7000)
                                                     : std::nullopt;
                          }};
    found.push_back({std::string(row.provider), std::string(row.name), row.address,
                     row.address - kSegmentShift,
                     row.semaphore == 0 ? 0 : row.semaphore - kSegmentShift,
                     parse_usdt_arguments(row.arguments, place)});
  }
  return found;
}

}  // namespace sonde::kernel
