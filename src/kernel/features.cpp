#include "kernel/features.h"

#include <sys/utsname.h>

#include <algorithm>
#include <charconv>

#include "base/file.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

// Takes a decimal number off the front; 0 if there is none.
std::uint32_t take_number(std::string_view& text) {
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(error == std::errc{} ? static_cast<std::size_t>(stop - text.data()) : 0);
  return value;
}

std::pair<std::uint32_t, std::uint32_t> version_of(std::string_view text) {
  const std::uint32_t major = take_number(text);
  if (text.starts_with('.')) text.remove_prefix(1);
  return {major, take_number(text)};
}

}  // namespace

bool is_at_least(std::string_view release, std::string_view minimum) {
  return version_of(release) >= version_of(minimum);
}

bool kernel_has(plan::Feature feature, KernelBtf& btf) {
  const plan::FeatureRow& row = plan::feature_row(feature);
  if (btf.vmlinux() != nullptr) return btf.has_marker(row.marker);
  // These work on BTF, so they are out of the question here.
  if (feature == plan::Feature::Fentry || feature == plan::Feature::TypedRawTracepoint)
    return false;
  utsname system{};
  return ::uname(&system) == 0 && is_at_least(system.release, row.min_kernel);
}

PossibleCpus parse_possible_cpus(std::string_view list) {
  PossibleCpus cpus;
  for (const std::string_view range : split(trim(list), ',')) {
    const std::size_t dash = range.find('-');
    const auto first = parse_u64(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_u64(range.substr(dash + 1));
    if (!first || !last || *last < *first || *last > 65535) return {};
    cpus.count += static_cast<std::uint32_t>(*last - *first + 1);
    cpus.id_limit = std::max(cpus.id_limit, static_cast<std::uint32_t>(*last + 1));
  }
  return cpus;
}

Result<PossibleCpus> possible_cpus() {
  const std::string path = "/sys/devices/system/cpu/possible";
  const auto list = read_file(path);
  if (!list) return std::unexpected(list.error());
  const PossibleCpus cpus = parse_possible_cpus(*list);
  if (cpus.count == 0) return fail("read " + path);
  return cpus;
}

}  // namespace sonde::kernel
