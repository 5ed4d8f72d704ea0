#include "runtime/symbols/flag_names.h"

#include <fmt/format.h>

#include <cctype>
#include <optional>

#include "base/integer.h"

namespace sonde::runtime {
namespace {

// | & << ~, numbers, parentheses, and casts, which change nothing here.
class Expression {
 public:
  explicit Expression(std::string_view text) : text_(text) {}

  std::optional<std::uint64_t> value() {
    const std::uint64_t bits = either();
    skip_blanks();
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return bits;
  }

 private:
  std::uint64_t either() {
    std::uint64_t bits = both();
    while (!failed_ && take("|")) bits |= both();
    return bits;
  }

  std::uint64_t both() {
    std::uint64_t bits = shifted();
    while (!failed_ && take("&")) bits &= shifted();
    return bits;
  }

  std::uint64_t shifted() {
    std::uint64_t bits = unary();
    while (!failed_ && take("<<")) {
      const std::uint64_t count = unary();
      failed_ = failed_ || count > 63;
      bits = failed_ ? 0 : bits << count;
    }
    return bits;
  }

  std::uint64_t unary() {
    // Each level may be a parenthesis: as many as any kernel has, and no more than the stack holds.
    constexpr int kDeepest = 200;
    failed_ = failed_ || ++depth_ > kDeepest;
    if (failed_) return 0;
    std::uint64_t bits = 0;
    if (take("~")) {
      bits = ~unary();
    } else if (!take("(")) {
      bits = number();
    } else if (take_cast()) {
      bits = unary();
    } else {
      bits = either();
      failed_ = failed_ || !take(")");
    }
    --depth_;
    return bits;
  }

  // `gfp_t)` or `unsigned long)` behind a '('.
  bool take_cast() {
    const std::size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) return false;
    bool has_letter = false;
    for (const char c : text_.substr(at_, end - at_)) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalpha(byte) == 0 && c != '_' && c != ' ') return false;
      has_letter = has_letter || std::isalpha(byte) != 0;
    }
    if (!has_letter) return false;
    at_ = end + 1;
    return true;
  }

  std::uint64_t number() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    const auto parsed = parse_integer(text_.substr(begin, at_ - begin));
    if (!parsed) failed_ = true;
    return parsed.value_or(0);
  }

  bool take(std::string_view symbol) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    at_ += symbol.size();
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::vector<FlagName> parse_flag_names(std::string_view format) {
  std::vector<FlagName> names;
  const std::size_t table = format.find("__print_flags(");
  if (table == std::string_view::npos) return names;
  format.remove_prefix(table);
  // Pairs follow one another; the next conversion of the format ends them.
  for (std::size_t open = format.find('{'); open != std::string_view::npos;) {
    const std::size_t close = format.find('}', open);
    const std::size_t quote = format.find(", \"", open);
    if (close == std::string_view::npos || quote > close) break;
    const std::string_view name = format.substr(quote + 3, close - quote - 3);
    const auto bits = Expression(format.substr(open + 1, quote - open - 1)).value();
    if (bits && *bits != 0) names.push_back({*bits, std::string(name.substr(0, name.find('"')))});
    if (!format.substr(close + 1).starts_with(", {")) break;
    open = close + 3;
  }
  return names;
}

std::string name_flags(const std::vector<FlagName>& names, std::uint64_t flags) {
  if (flags == 0) return "none";
  std::string text;
  const auto append = [&](std::string_view name) {
    if (!text.empty()) text += '|';
    text += name;
  };
  for (const FlagName& flag : names) {
    if ((flags & flag.bits) != flag.bits) continue;
    append(flag.name);
    flags &= ~flag.bits;
  }
  if (flags != 0) append(fmt::format("{:#x}", flags));
  return text;
}

}  // namespace sonde::runtime
