#include "diag/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace sonde::diag {

Location Location::join(const Location& a, const Location& b) {
  if (!a.valid()) return b;
  if (!b.valid() || a.source != b.source) return a;
  return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

Position Source::position(std::uint32_t offset) const {
  const std::string_view before =
      std::string_view(text).substr(0, std::min<std::size_t>(offset, text.size()));
  const auto newlines = std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  const std::size_t column =
      start == std::string_view::npos ? before.size() : before.size() - start - 1;
  return {static_cast<std::uint32_t>(newlines) + 1, static_cast<std::uint32_t>(column) + 1};
}

std::string_view Source::line(std::uint32_t number) const {
  std::string_view rest = text;
  for (std::uint32_t i = 1; i < number; ++i) {
    const std::size_t newline = rest.find('\n');
    if (newline == std::string_view::npos) return {};
    rest.remove_prefix(newline + 1);
  }
  return rest.substr(0, rest.find('\n'));
}

std::uint32_t Sources::add(std::string name, std::string text) {
  const auto id = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({static_cast<std::uint32_t>(sources_.size()), id, std::nullopt});
  sources_.push_back({std::move(name), std::move(text)});
  return id;
}

std::uint32_t Sources::add_expansion(std::uint32_t of, Expansion expansion) {
  const auto id = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({entries_[of].source, entries_[of].first_id, std::move(expansion)});
  return id;
}

Location Sources::outermost(Location where) const {
  while (where.valid() && entries_[where.source].expansion) {
    where = entries_[where.source].expansion->call;
  }
  return where;
}

std::uint32_t Sources::find(std::string_view name) const {
  for (std::uint32_t id = 0; id < entries_.size(); ++id) {
    if (!entries_[id].expansion && get(id).name == name) return id;
  }
  return Location::kNoSource;
}

Position Sources::position(const Location& where) const {
  return where.valid() ? get(where.source).position(where.begin) : Position{};
}

std::string_view Sources::text(const Location& where) const {
  if (!where.valid()) return {};
  SONDE_CHECK(where.begin <= where.end);
  const std::string_view all = get(where.source).text;
  return all.substr(std::min<std::size_t>(where.begin, all.size()), where.end - where.begin);
}

std::string Sources::describe(const Location& where) const {
  if (!where.valid()) return {};
  const Source& source = get(where.source);
  const Position begin = source.position(where.begin);
  const Position last = source.position(where.end > where.begin ? where.end - 1 : where.begin);
  if (last.line != begin.line || last.column <= begin.column) {
    return fmt::format("{}:{}:{}", source.name, begin.line, begin.column);
  }
  return fmt::format("{}:{}:{}-{}", source.name, begin.line, begin.column, last.column);
}

}  // namespace sonde::diag
