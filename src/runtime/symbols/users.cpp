#include "runtime/symbols/users.h"

#include <vector>

#include "base/text.h"

namespace sonde::runtime {

std::unordered_map<std::uint64_t, std::string> parse_passwd(std::string_view text) {
  std::unordered_map<std::uint64_t, std::string> users;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() < 3 || fields[0].empty()) continue;
    if (const auto uid = parse_u64(fields[2])) users.try_emplace(*uid, fields[0]);
  }
  return users;
}

}  // namespace sonde::runtime
