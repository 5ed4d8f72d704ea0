#include "parser/conditionals.h"

#include <algorithm>

#include "base/c_text.h"
#include "base/text.h"

namespace sonde::parser {
namespace {

using Truth = std::optional<bool>;

Truth both(Truth a, Truth b) {
  if (a == false || b == false) return false;
  return a && b ? Truth(true) : std::nullopt;
}

Truth either(Truth a, Truth b) {
  if (a == true || b == true) return true;
  return a && b ? Truth(false) : std::nullopt;
}

Truth negated(Truth a) { return a ? Truth(!*a) : std::nullopt; }

// `!defined(A) && (B || 0)`; what is not of this form is not known.
class Condition {
 public:
  template <class IsDefined, class ValueOf>
  Condition(std::string_view text, const IsDefined& is_defined, const ValueOf& value_of)
      : tokens_(c_tokens(text)), is_defined_(is_defined), value_of_(value_of) {}

  Truth evaluate() {
    const Truth result = disjunction(0);
    return at_ == tokens_.size() ? result : std::nullopt;
  }

 private:
  static constexpr int kMaxDepth = 100;

  bool take(std::string_view text) {
    if (at_ >= tokens_.size() || !tokens_[at_].is(text)) return false;
    ++at_;
    return true;
  }
  Truth disjunction(int depth) {
    Truth result = conjunction(depth);
    while (take("||")) result = either(result, conjunction(depth));
    return result;
  }
  Truth conjunction(int depth) {
    Truth result = term(depth);
    while (take("&&")) result = both(result, term(depth));
    return result;
  }
  Truth term(int depth) {
    if (at_ >= tokens_.size() || depth > kMaxDepth) return std::nullopt;
    if (take("!")) return negated(term(depth + 1));
    if (take("(")) {
      const Truth inner = disjunction(depth + 1);
      return take(")") ? inner : std::nullopt;
    }
    if (take("defined")) {
      const bool in_parentheses = take("(");
      if (at_ >= tokens_.size()) return std::nullopt;
      const std::string_view name = tokens_[at_++].text;
      if (in_parentheses && !take(")")) return std::nullopt;
      return is_defined_(name);
    }
    const CToken token = tokens_[at_++];
    if (token.is_identifier()) return value_of_(token.text);
    const auto number = parse_u64(token.text);
    return number ? Truth(*number != 0) : std::nullopt;
  }

  std::vector<CToken> tokens_;
  std::size_t at_ = 0;
  std::function<Truth(std::string_view)> is_defined_;
  std::function<Truth(std::string_view)> value_of_;
};

}  // namespace

Conditionals::Conditionals(bool has_btf) {
  for (const std::string name : {"SONDE_HAVE_BTF", "BPFTRACE_HAVE_BTF"}) {
    if (has_btf) {
      defined_.emplace(name, "1");
    } else {
      undefined_.insert(name);
    }
  }
}

bool Conditionals::skipping() const {
  return !open_.empty() &&
         (open_.back().state == State::Waiting || open_.back().state == State::Over);
}

bool Conditionals::undecided() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const Open& one) { return one.state == State::Undecided; });
}

std::optional<std::uint32_t> Conditionals::open() const {
  return open_.empty() ? std::nullopt : std::optional(open_.back().offset);
}

std::optional<bool> Conditionals::evaluate(std::string_view condition) const {
  const auto is_defined = [this](std::string_view name) -> Truth {
    if (uncertain_.contains(name)) return std::nullopt;
    if (defined_.contains(name)) return true;
    // The compiler's own names begin with '_', and all others can only come from a header.
    if (undefined_.contains(name) || (!has_include_ && !name.starts_with('_'))) return false;
    return std::nullopt;
  };
  const auto value_of = [&](std::string_view name) -> Truth {
    const Truth defined = is_defined(name);
    if (defined != true) return defined;
    const auto number = parse_u64(defined_.find(name)->second);
    return number ? Truth(*number != 0) : std::nullopt;
  };
  return Condition(condition, is_defined, value_of).evaluate();
}

Conditionals::Line Conditionals::take(std::string_view name, std::string_view arguments,
                                      std::uint32_t offset) {
  if (name == "if" || name == "ifdef" || name == "ifndef")
    return open_condition(name, arguments, offset);
  if (name == "else" || name == "elif") {
    return open_.empty() ? Line::Unpaired : next_branch(name == "else", arguments);
  }
  if (name == "endif") {
    if (open_.empty()) return Line::Unpaired;
    const State state = open_.back().state;
    open_.pop_back();
    return state == State::Undecided ? Line::PassOn : Line::Done;
  }
  if (skipping()) return Line::Left;
  if (name == "include" || name == "include_next" || name == "import") has_include_ = true;
  if (name == "define") define(arguments);
  if (name == "undef") undefine(trim(arguments));
  return Line::PassOn;
}

Conditionals::Line Conditionals::open_condition(std::string_view name, std::string_view arguments,
                                                std::uint32_t offset) {
  if (skipping()) {
    open_.push_back({State::Over, offset});
    return Line::Left;
  }
  std::string condition(arguments);
  if (name != "if") condition = (name == "ifdef" ? "defined " : "!defined ") + condition;
  const Truth value = evaluate(condition);
  const State state = !value ? State::Undecided : *value ? State::Taken : State::Waiting;
  open_.push_back({state, offset});
  return value ? Line::Done : Line::PassOn;
}

Conditionals::Line Conditionals::next_branch(bool is_else, std::string_view arguments) {
  State& state = open_.back().state;
  if (state == State::Undecided) return Line::PassOn;
  if (state == State::Taken) state = State::Over;
  if (state == State::Waiting) {
    const Truth value = is_else ? Truth(true) : evaluate(arguments);
    // What cannot be told here is a branch like any other, but the compiler has not seen the ones before it.
    if (!value) state = State::Undecided;
    if (value == true) state = State::Taken;
    if (!value) return Line::PassOn;
  }
  return Line::Done;
}

void Conditionals::define(std::string_view arguments) {
  const CToken name = c_token(arguments, 0);
  if (!name.is_identifier()) return;
  if (undecided()) {
    uncertain_.emplace(name.text);
    return;
  }
  uncertain_.erase(std::string(name.text));
  undefined_.erase(std::string(name.text));
  defined_[std::string(name.text)] = trim(arguments.substr(name.offset + name.text.size()));
}

void Conditionals::undefine(std::string_view name) {
  if (undecided()) {
    uncertain_.emplace(name);
    return;
  }
  uncertain_.erase(std::string(name));
  defined_.erase(std::string(name));
  undefined_.emplace(name);
}

}  // namespace sonde::parser
