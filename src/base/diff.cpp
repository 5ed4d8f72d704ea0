#include "base/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace sonde {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kContext = 3;
constexpr std::size_t kMaxCells = std::size_t{4} << 20;  // Of the table: 8 MiB.

// One line of the diff: kept (' '), removed ('-') or added ('+').
struct Edit {
  char sign;
  std::string_view line;
};

// The lines with their newlines.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::size_t length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

// By the longest common subsequence of the lines.
void compare(std::span<const std::string_view> a, std::span<const std::string_view> b,
             std::vector<Edit>& edits) {
  const std::size_t width = b.size() + 1;
  const bool too_large = (a.size() + 1) * width > kMaxCells;
  // common[i][j]: lines that a[i...] and b[j...] have in common.
  std::vector<std::uint16_t> common(too_large ? 0 : (a.size() + 1) * width);
  for (std::size_t i = a.size(); i-- > 0 && !too_large;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i * width + j] =
          a[i] == b[j] ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1)
                       : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (!too_large && i < a.size() && j < b.size() && a[i] == b[j]) {
      edits.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (too_large || j == b.size() ||
                                common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      edits.push_back({'-', a[i++]});
    } else {
      edits.push_back({'+', b[j++]});
    }
  }
}

std::vector<Edit> edits_between(const Lines& a, const Lines& b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t head = 0;
  while (head < shorter && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', a[i]});
  compare(std::span(a).subspan(head, a.size() - head - tail),
          std::span(b).subspan(head, b.size() - head - tail), edits);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) edits.push_back({' ', a[i]});
  return edits;
}

// "12,3", or the line before for nothing at all.
std::string range(std::size_t begin, std::size_t count) {
  if (count == 1) return fmt::format("{}", begin + 1);
  return fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view name_before, std::string_view name_after) {
  if (before == after) return {};
  const std::vector<Edit> edits = edits_between(lines_of(before), lines_of(after));
  std::string out = fmt::format("--- {}\n+++ {}\n", name_before, name_after);
  std::size_t line_before = 0;
  std::size_t line_after = 0;
  std::size_t at = 0;
  const auto is_change = [](const Edit& edit) { return edit.sign != ' '; };
  while (true) {
    const auto first =
        std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(at), edits.end(), is_change);
    if (first == edits.end()) return out;
    const auto change = static_cast<std::size_t>(first - edits.begin());
    const std::size_t begin = change - at > kContext ? change - kContext : at;
    line_before += begin - at;
    line_after += begin - at;
    // Up to where more than twice the context is unchanged.
    std::size_t end = change + 1;
    for (std::size_t i = change + 1; i < edits.size() && i - end <= 2 * kContext; ++i) {
      if (is_change(edits[i])) end = i + 1;
    }
    end = std::min(end + kContext, edits.size());
    std::string body;
    std::size_t removed = 0;
    std::size_t added = 0;
    for (std::size_t i = begin; i < end; ++i) {
      removed += edits[i].sign != '+' ? 1 : 0;
      added += edits[i].sign != '-' ? 1 : 0;
      body += edits[i].sign;
      body += edits[i].line;
      if (!edits[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
    }
    out += fmt::format("@@ -{} +{} @@\n{}", range(line_before, removed), range(line_after, added),
                       body);
    line_before += removed;
    line_after += added;
    at = end;
  }
}

}  // namespace sonde
