// Small text helpers that the standard library lacks.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sonde {

// Pieces of `text` between `separator`s; empty pieces are kept, "" gives one empty piece.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

// Editors on some systems put a byte order mark in front of UTF-8.
void drop_byte_order_mark(std::string& text);

// `text` without leading and trailing spaces, tabs and newlines.
[[nodiscard]] std::string_view trim(std::string_view text);

// Whole decimal (or 0x hexadecimal) number, nothing else around it.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text);

// `text` as the inside of a C string literal: \n, \t, \", \\ and \xNN for other control bytes.
[[nodiscard]] std::string escape(std::string_view text);

// Edits that lead from one to the other: a byte more, less or changed, or two neighbours swapped.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidates that a user may have meant by `name`: at most `limit`, nearest first. Candidates that differ in more
// than a third of the letters are left out, those that contain `name` or are contained in it are kept.
[[nodiscard]] std::vector<std::string> nearest(std::string_view name,
                                               std::span<const std::string> candidates,
                                               std::size_t limit = 3);

}  // namespace sonde
