// Constant expressions, with the integer types of C: `1 << 31` is negative and `~0U` is not.
#include <fmt/format.h>

#include "base/text.h"
#include "resolve/c/parser.h"

namespace sonde::resolve::c {

namespace kinds = diag::kinds;

namespace {

// `bits` cut to the width of its type and extended again.
Number fit(Number number) {
  if (number.is_long) return number;
  const auto low = static_cast<std::uint32_t>(number.bits);
  number.bits = number.is_signed
                    ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(low)})
                    : low;
  return number;
}

Number truth(bool value) { return {value ? 1U : 0U, false, true}; }

// The type that both operands are converted to.
Number common(const Number& a, const Number& b) {
  const bool is_long = a.is_long || b.is_long;
  const auto forces = [&](const Number& one) { return !one.is_signed && one.is_long == is_long; };
  return {0, is_long, !forces(a) && !forces(b)};
}

struct Operator {
  std::string_view text;
  int precedence;
};
constexpr Operator kOperators[] = {
    {"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
    {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
    {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10},
};

const Operator* find_operator(const Token& token) {
  for (const Operator& row : kOperators) {
    if (token.is(row.text)) return &row;
  }
  return nullptr;
}

std::optional<std::uint64_t> divide(const Number& a, const Number& b, bool is_signed, bool rest) {
  if (b.bits == 0) return std::nullopt;
  if (!is_signed) return rest ? a.bits % b.bits : a.bits / b.bits;
  if (b.value() == -1) return rest ? 0 : 0 - a.bits;
  return static_cast<std::uint64_t>(rest ? a.value() % b.value() : a.value() / b.value());
}

std::optional<Number> shift(std::string_view op, Number a, const Number& b) {
  if (b.bits >= (a.is_long ? 64U : 32U)) return std::nullopt;
  if (op == "<<") {
    a.bits <<= b.bits;
  } else {
    a.bits = a.is_signed ? static_cast<std::uint64_t>(a.value() >> b.bits) : a.bits >> b.bits;
  }
  return fit(a);
}

std::optional<Number> compare(std::string_view op, const Number& a, const Number& b,
                              bool is_signed) {
  const bool less = is_signed ? a.value() < b.value() : a.bits < b.bits;
  const bool equal = a.bits == b.bits;
  if (op == "==") return truth(equal);
  if (op == "!=") return truth(!equal);
  if (op == "<") return truth(less);
  if (op == "<=") return truth(less || equal);
  if (op == ">") return truth(!less && !equal);
  if (op == ">=") return truth(!less);
  return std::nullopt;
}

std::optional<Number> compute(std::string_view op, Number a, Number b) {
  if (op == "||") return truth(a.bits != 0 || b.bits != 0);
  if (op == "&&") return truth(a.bits != 0 && b.bits != 0);
  if (op == "<<" || op == ">>") return shift(op, a, b);
  Number result = common(a, b);
  a = fit({a.bits, result.is_long, result.is_signed});
  b = fit({b.bits, result.is_long, result.is_signed});
  if (const auto compared = compare(op, a, b, result.is_signed)) return compared;
  if (op == "/" || op == "%") {
    const auto bits = divide(a, b, result.is_signed, op == "%");
    if (!bits) return std::nullopt;
    result.bits = *bits;
  } else {
    switch (op[0]) {
      case '|': result.bits = a.bits | b.bits; break;
      case '^': result.bits = a.bits ^ b.bits; break;
      case '&': result.bits = a.bits & b.bits; break;
      case '+': result.bits = a.bits + b.bits; break;
      case '-': result.bits = a.bits - b.bits; break;
      default: result.bits = a.bits * b.bits; break;
    }
  }
  return fit(result);
}

// 10, 0x1f, 017 or 0b11, with a suffix.
std::optional<Number> integer(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '\'') digits += c;
  }
  const std::size_t end = digits.find_last_not_of("uUlL");
  const std::string suffix = end == std::string::npos ? "" : digits.substr(end + 1);
  digits.resize(end == std::string::npos ? 0 : end + 1);
  int base = 10;
  std::size_t begin = 0;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = 16;
    begin = 2;
  } else if (digits.starts_with("0b") || digits.starts_with("0B")) {
    base = 2;
    begin = 2;
  } else if (digits.size() > 1 && digits[0] == '0') {
    base = 8;
    begin = 1;
  }
  std::uint64_t value = 0;
  const char* last = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data() + begin, last, value, base);
  if (error != std::errc() || rest != last) return std::nullopt;
  const bool is_unsigned = suffix.find_first_of("uU") != std::string::npos;
  Number number{value, suffix.find_first_of("lL") != std::string::npos, !is_unsigned};
  // The first type that it fits: decimal numbers become unsigned only by their suffix.
  number.is_long |= value > UINT32_MAX || (value > INT32_MAX && number.is_signed && base == 10);
  if (!number.is_long && value > INT32_MAX) number.is_signed = false;
  if (number.is_long && value > INT64_MAX) number.is_signed = false;
  return number;
}

}  // namespace

std::optional<Number> Parser::constant() {
  diag::Emitter unheard;
  diag::Emitter* const heard = emitter_;
  emitter_ = &unheard;
  auto value = expression();
  emitter_ = heard;
  return ok() && at_ == tokens_.size() && !tokens_.empty() ? value : std::nullopt;
}

std::optional<Number> Parser::wanted_constant(const std::string& what) {
  const std::size_t begin = at_;
  auto value = expression();
  if (value || !ok()) return ok() ? value : std::nullopt;
  const Token& where = begin < tokens_.size() ? tokens_[begin] : end_;
  const bool call =
      where.is_identifier() && begin + 1 < tokens_.size() && tokens_[begin + 1].is("(");
  if (call || at("#")) {
    not_plain();
    return std::nullopt;
  }
  auto report = wrong(kinds::ConstantExpression, where.location, what);
  if (!where.is_identifier()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& [name, constant] : scope_.constants) names.push_back(name);
  for (const auto& [name, macro] : scope_.macros) names.push_back(name);
  report.hint(diag::did_you_mean(nearest(where.text(), names)));
  return std::nullopt;
}

std::optional<Number> Parser::expression() {
  if (!enter()) return std::nullopt;
  auto value = binary(1);
  if (value && take("?")) {
    const auto first = expression();
    if (!take(":")) value.reset();
    const auto second = expression();
    if (!first || !second) value.reset();
    if (value) {
      Number type = common(*first, *second);
      type.bits = value->bits != 0 ? first->bits : second->bits;
      value = fit(type);
    }
  }
  leave();
  return value;
}

std::optional<Number> Parser::binary(int least) {
  auto left = unary();
  while (ok() && left) {
    const Operator* op = find_operator(peek());
    if (op == nullptr || op->precedence < least) return left;
    next();
    const auto right = binary(op->precedence + 1);
    left = right ? compute(op->text, *left, *right) : std::nullopt;
  }
  return left;
}

std::optional<Number> Parser::unary() {
  if (!enter()) return std::nullopt;
  std::optional<Number> value;
  if (take("+")) {
    value = unary();
  } else if (take("-")) {
    if ((value = unary())) value = fit({0 - value->bits, value->is_long, value->is_signed});
  } else if (take("~")) {
    if ((value = unary())) value = fit({~value->bits, value->is_long, value->is_signed});
  } else if (take("!")) {
    if ((value = unary())) value = truth(value->bits == 0);
  } else if (at("(") && begins_type(peek(1))) {
    value = cast();
  } else {
    value = primary();
  }
  leave();
  return value;
}

std::optional<Number> Parser::cast() {
  next();
  const CType type = type_name();
  if (!ok() || !take(")")) return std::nullopt;
  const auto value = unary();
  if (!value || type.type == nullptr || (!type.type->is_integral() && !type.type->is_pointer()))
    return std::nullopt;
  if (type.type->is(types::TypeKind::Bool)) return truth(value->bits != 0);
  const std::uint32_t unused = 64 - type.type->bits();
  const std::uint64_t shifted = value->bits << unused;
  const bool is_signed = type.type->is_signed();
  const std::uint64_t bits =
      is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(shifted) >> unused)
                : shifted >> unused;
  // Types narrower than int become int in any expression.
  return Number{bits, type.type->bits() == 64, is_signed || type.type->bits() < 32};
}

std::optional<Number> Parser::primary() {
  const Token token = next();
  if (token.token.kind == CTokenKind::Number) return integer(token.text());
  if (token.token.kind == CTokenKind::Character) {
    const auto text = c_unquote(token.text());
    if (!text || text->size() != 1) return std::nullopt;
    return Number{static_cast<std::uint64_t>(std::int64_t{static_cast<signed char>((*text)[0])}),
                  false, true};
  }
  if (token.is("(")) {
    const auto value = expression();
    return value && take(")") ? value : std::nullopt;
  }
  if (token.is("sizeof")) return size_or_alignment(true);
  if (token.is("_Alignof") || token.is("__alignof__") || token.is("alignof"))
    return size_or_alignment(false);
  if (token.is("offsetof") || token.is("__builtin_offsetof")) return offset_of();
  return token.is_identifier() ? named(token) : std::nullopt;
}

std::optional<Number> Parser::named(const Token& name) {
  if (at("(")) return std::nullopt;
  return scope_.find_constant(name.text());
}

std::optional<Number> Parser::size_or_alignment(bool size) {
  if (!at("(") || !begins_type(peek(1))) return std::nullopt;
  next();
  const CType type = type_name();
  if (!ok() || !take(")") || type.type == nullptr) return std::nullopt;
  if (type.is_function || !scope_.is_complete(*type.type)) return std::nullopt;
  return Number{size ? type.size : type.alignment, true, false};
}

std::optional<Number> Parser::offset_of() {
  if (!take("(")) return std::nullopt;
  CType type = type_name();
  if (!ok() || !take(",") || type.type == nullptr) return std::nullopt;
  std::uint64_t offset = 0;
  do {
    if (!type.type->is_record() || !peek().is_identifier()) return std::nullopt;
    const auto found = type.type->record()->find_field(next().text());
    if (!found || found->field.bit_field) return std::nullopt;
    offset += found->field.offset;
    type.type = found->field.type;
    while (take("[")) {
      const auto index = expression();
      if (!index || !take("]") || !type.type->is(types::TypeKind::Array)) return std::nullopt;
      type.type = type.type->element();
      offset += index->bits * type.type->size();
    }
  } while (take("."));
  return take(")") ? std::optional(Number{offset, true, false}) : std::nullopt;
}

}  // namespace sonde::resolve::c
