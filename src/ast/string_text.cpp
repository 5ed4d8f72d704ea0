#include "ast/nodes.h"

namespace sonde::ast {

std::uint32_t TextOffsets::of(std::size_t index) const {
  auto offset = static_cast<std::uint32_t>(index) + 1;
  for (const Escape& escape : escapes) {
    if (escape.at >= index) break;
    offset += escape.extra;
  }
  return offset;
}

Location StringLiteral::part(std::size_t begin, std::size_t end) const {
  if (!offsets.is_written) return location;
  return {location.source, location.begin + offsets.of(begin), location.begin + offsets.of(end)};
}

}  // namespace sonde::ast
