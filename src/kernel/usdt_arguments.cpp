#include "kernel/usdt_arguments.h"

#include <fmt/format.h>

#include <cctype>
#include <string>

#include "base/text.h"
#include "plan/machine.h"

namespace sonde::kernel {
namespace {

using plan::UsdtArgument;
using Form = UsdtArgument::Form;

struct Register {
  std::uint32_t offset = 0;  // In struct pt_regs.
  std::uint8_t bits = 64;
  std::uint8_t shift = 0;
};

// The name in struct pt_regs of an x86-64 register, and which part of it the operand means.
struct X86Name {
  std::string_view whole;
  std::uint8_t bits;
  std::uint8_t shift;
};

std::optional<X86Name> numbered_x86_name(std::string_view name) {
  std::size_t digits = 1;
  while (digits < name.size() && std::isdigit(static_cast<unsigned char>(name[digits])) != 0)
    ++digits;
  if (!name.starts_with('r') || digits == 1) return std::nullopt;
  const std::string_view part = name.substr(digits);
  const std::uint8_t bits = part.empty() ? 64 : part == "d" ? 32 : part == "w" ? 16 : 8;
  if (bits == 8 && part != "b" && part != "l") return std::nullopt;
  return X86Name{name.substr(0, digits), bits, 0};
}

std::optional<X86Name> x86_name(std::string_view name) {
  struct Row {
    std::string_view whole, low, high;
  };
  static constexpr Row kRows[] = {{"ax", "al", "ah"}, {"bx", "bl", "bh"}, {"cx", "cl", "ch"},
                                  {"dx", "dl", "dh"}, {"si", "sil", ""},  {"di", "dil", ""},
                                  {"bp", "bpl", ""},  {"sp", "spl", ""},  {"ip", "", ""}};
  for (const Row& row : kRows) {
    if (name == row.whole) return X86Name{row.whole, 16, 0};
    if (!row.low.empty() && name == row.low) return X86Name{row.whole, 8, 0};
    if (!row.high.empty() && name == row.high) return X86Name{row.whole, 8, 8};
    if (name.size() != 3 || name.substr(1) != row.whole) continue;
    if (name[0] == 'r') return X86Name{row.whole, 64, 0};
    if (name[0] == 'e') return X86Name{row.whole, 32, 0};
  }
  return numbered_x86_name(name);
}

std::optional<Register> find_register(plan::Arch arch, std::string_view name) {
  if (arch == plan::Arch::X86_64) {
    const auto part = x86_name(name);
    const auto offset = part ? plan::register_offset(arch, part->whole) : std::nullopt;
    if (!offset) return std::nullopt;
    return Register{*offset, part->bits, part->shift};
  }
  const bool is_word = name.starts_with('w');
  std::string whole(name);
  if (name.starts_with('x') || (is_word && name != "wsp")) whole[0] = 'r';
  if (name == "wsp") whole = "sp";
  const auto offset = plan::register_offset(arch, whole);
  if (!offset) return std::nullopt;
  return Register{*offset, static_cast<std::uint8_t>(is_word ? 32 : 64), 0};
}

// A sum of numbers and at most one symbol: "sym+8", "-16", "0x10".
struct Sum {
  std::int64_t number = 0;
  std::string_view symbol;
};

std::optional<Sum> parse_sum(std::string_view text) {
  Sum sum;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_negative = text[at] == '-';
    if (text[at] == '-' || text[at] == '+') {
      ++at;
    } else if (at != 0) {
      return std::nullopt;
    }
    const std::size_t end = std::min(text.find_first_of("+-", at), text.size());
    const std::string_view term = text.substr(at, end - at);
    at = end;
    if (term.empty()) return std::nullopt;
    if (const auto number = parse_u64(term)) {
      const std::uint64_t signed_number = is_negative ? 0 - *number : *number;
      sum.number =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(sum.number) + signed_number);
    } else if (!is_negative && sum.symbol.empty() &&
               std::isdigit(static_cast<unsigned char>(term[0])) == 0) {
      sum.symbol = term;
    } else {
      return std::nullopt;
    }
  }
  return sum;
}

class OperandParser {
 public:
  OperandParser(std::string_view operand, const UsdtPlace& place, UsdtArgument& out)
      : operand_(operand), place_(place), out_(out) {}

  void parse() {
    if (place_.arch == plan::Arch::X86_64) {
      parse_x86();
    } else {
      parse_arm64();
    }
  }

 private:
  void unreadable(std::string problem) {
    out_.form = Form::Unreadable;
    out_.problem = std::move(problem);
  }
  void not_understood() { unreadable(fmt::format("'{}' is not understood", operand_)); }

  void use_register(std::string_view name) {
    const auto found = find_register(place_.arch, name);
    if (!found)
      return unreadable(fmt::format("it is in register {}, which BPF programs do not see", name));
    out_.form = Form::Register;
    out_.base = found->offset;
    out_.shift = found->shift;
    if (out_.size * 8 > found->bits) out_.size = static_cast<std::uint8_t>(found->bits / 8);
  }

  // "%rax" as part of an address.
  bool address_register(std::string_view text, std::optional<std::uint32_t>& out) {
    const auto found = text.starts_with('%') ? find_register(place_.arch, text.substr(1))
                                             : std::optional<Register>{};
    if (!found || found->bits < 32) return false;
    if (found->bits == 32) out_.address_bits = 32;
    out = found->offset;
    return true;
  }

  // The value of a sum that may name a symbol, which moves with the file: from the probe's own address on if `from_probe`.
  bool use_sum(std::string_view text, bool from_probe) {
    const auto sum = parse_sum(text);
    if (!sum) {
      not_understood();
      return false;
    }
    out_.value = sum->number;
    if (sum->symbol.empty()) return true;
    if (const std::size_t at = sum->symbol.find('@'); at != std::string_view::npos) {
      const bool is_thread = sum->symbol.substr(at).find("tp") != std::string_view::npos;
      unreadable(fmt::format("'{}' {}", operand_,
                             is_thread ? "is in thread-local memory" : "is not understood"));
      return false;
    }
    const auto address = place_.symbol ? place_.symbol(sum->symbol) : std::nullopt;
    if (!address) {
      unreadable(fmt::format("the file has no symbol '{}', or several", sum->symbol));
      return false;
    }
    std::uint64_t value = *address + static_cast<std::uint64_t>(sum->number);
    if (from_probe) value -= place_.address;
    out_.value = static_cast<std::int64_t>(value);
    return true;
  }

  void parse_x86() {
    if (operand_.starts_with('$')) {
      out_.form = Form::Constant;
      use_sum(operand_.substr(1), false);
      return;
    }
    if (operand_.starts_with('%')) {
      if (operand_.find(':') == std::string_view::npos) return use_register(operand_.substr(1));
      return unreadable(fmt::format("'{}' is in thread-local memory", operand_));
    }
    out_.form = Form::Memory;
    const std::size_t open = operand_.find('(');
    if (open == std::string_view::npos) return parse_x86_absolute();
    if (operand_.back() != ')') return not_understood();
    parse_x86_address(operand_.substr(0, open),
                      operand_.substr(open + 1, operand_.size() - open - 2));
  }

  // "counter": a symbol at an address of its own. The file may have been moved, and the probe with it.
  void parse_x86_absolute() {
    const auto sum = parse_sum(operand_);
    if (!sum) return not_understood();
    if (sum->symbol.empty()) {
      out_.value = sum->number;
    } else if (use_sum(operand_, true)) {
      out_.base = plan::register_offset(place_.arch, "ip");
    }
  }

  // "disp(base,index,scale)"
  void parse_x86_address(std::string_view displacement, std::string_view inside) {
    const std::vector<std::string_view> parts = split(inside, ',');
    const std::string_view base = trim(parts[0]);
    if (base == "%rip" || base == "%eip") {
      // Without a symbol it counts from an instruction that nobody knows.
      const auto sum = parse_sum(displacement);
      if (parts.size() != 1 || !sum || sum->symbol.empty()) return not_understood();
      if (use_sum(displacement, true)) out_.base = plan::register_offset(place_.arch, "ip");
      return;
    }
    if (parts.size() > 3 || (!base.empty() && !address_register(base, out_.base)))
      return not_understood();
    if (parts.size() > 1 && !trim(parts[1]).empty() &&
        !address_register(trim(parts[1]), out_.index))
      return not_understood();
    if (parts.size() > 2) {
      const auto scale = parse_u64(trim(parts[2]));
      if (!scale || (*scale != 1 && *scale != 2 && *scale != 4 && *scale != 8))
        return not_understood();
      out_.scale = static_cast<std::uint8_t>(*scale);
    }
    if (!out_.base && !out_.index) return not_understood();
    // With a register besides, the symbol is an address that the linker has fixed.
    use_sum(displacement, false);
  }

  // "x0", "[sp, 12]", "[x0, x1, lsl 3]", "5"
  void parse_arm64() {
    if (operand_.starts_with('[')) return parse_arm64_address();
    const std::string_view number = operand_.starts_with('#') ? operand_.substr(1) : operand_;
    if (const auto sum = parse_sum(number); sum && sum->symbol.empty() && !number.empty()) {
      out_.form = Form::Constant;
      out_.value = sum->number;
      return;
    }
    if (operand_ == "xzr" || operand_ == "wzr") {
      out_.form = Form::Constant;
      return;
    }
    use_register(operand_);
  }

  void parse_arm64_address() {
    if (operand_.back() != ']') return not_understood();
    out_.form = Form::Memory;
    const std::vector<std::string_view> parts = split(operand_.substr(1, operand_.size() - 2), ',');
    const auto base = find_register(place_.arch, trim(parts[0]));
    if (!base || base->bits != 64 || parts.size() > 3) return not_understood();
    out_.base = base->offset;
    if (parts.size() == 1) return;
    std::string_view second = trim(parts[1]);
    if (second.starts_with('#')) second.remove_prefix(1);
    if (const auto sum = parse_sum(second); sum && sum->symbol.empty()) {
      out_.value = sum->number;
      if (parts.size() > 2) not_understood();
      return;
    }
    const auto index = find_register(place_.arch, second);
    if (!index || index->bits != 64) return not_understood();
    out_.index = index->offset;
    if (parts.size() == 2) return;
    std::string_view shift = trim(parts[2]);
    if (!shift.starts_with("lsl")) return not_understood();
    shift = trim(shift.substr(3));
    if (shift.starts_with('#')) shift.remove_prefix(1);
    const auto bits = parse_u64(shift);
    if (!bits || *bits > 3) return not_understood();
    out_.scale = static_cast<std::uint8_t>(1U << *bits);
  }

  std::string_view operand_;
  const UsdtPlace& place_;
  UsdtArgument& out_;
};

// "-4f": size, sign, and whether it is a floating-point number. False if it is none of these.
bool parse_size(std::string_view text, UsdtArgument& out, bool& is_float) {
  out.is_signed = text.starts_with('-');
  if (out.is_signed) text.remove_prefix(1);
  is_float = text.ends_with('f');
  if (is_float) text.remove_suffix(1);
  const auto size = text.empty() ? std::nullopt : parse_u64(text);
  if (!size || *size == 0 || *size > 255) return false;
  out.size = static_cast<std::uint8_t>(*size);
  return true;
}

UsdtArgument parse_one(std::string_view text, const UsdtPlace& place) {
  UsdtArgument out;
  bool is_float = false;
  std::string_view operand = text;
  // An '@' may also belong to a symbol, and the size may be missing: it is a word then.
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (parse_size(text.substr(0, at), out, is_float)) {
      operand = text.substr(at + 1);
    } else {
      out = {};
    }
  }
  const auto unreadable = [&](std::string problem) {
    out.form = Form::Unreadable;
    out.problem = std::move(problem);
  };
  if (operand.empty()) {
    unreadable(fmt::format("'{}' is not understood", text));
  } else if (is_float) {
    unreadable("it is a floating-point number, which BPF programs cannot compute with");
  } else if (out.size != 1 && out.size != 2 && out.size != 4 && out.size != 8) {
    unreadable(fmt::format("it has {} bytes, and only 1, 2, 4 or 8 can be read", out.size));
  } else {
    OperandParser(operand, place, out).parse();
  }
  return out;
}

}  // namespace

std::vector<UsdtArgument> parse_usdt_arguments(std::string_view text, const UsdtPlace& place) {
  std::vector<UsdtArgument> arguments;
  int depth = 0;  // Spaces in parentheses separate nothing.
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && depth > 0) --depth;
    if (i < text.size() && (c != ' ' || depth > 0)) continue;
    if (i > begin) arguments.push_back(parse_one(text.substr(begin, i - begin), place));
    begin = i + 1;
  }
  return arguments;
}

}  // namespace sonde::kernel
