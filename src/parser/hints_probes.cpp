// How to mend what stands where a probe is expected, or behind one.
#include <algorithm>

#include "builtins/tables.h"
#include "parser/slip.h"

namespace sonde::parser {
namespace {

using Kind = Grammar::symbol_kind;

// "syscalls:sys_enter_read" behind "tracepoint".
bool is_rest_of_probe(std::string_view text) {
  return text.find(':') != std::string_view::npos && !is_known_probe(text);
}

std::string between_probes(const Slip& slip) {
  if (slip.found == Kind::S_SEMICOLON && wants_probe(slip))
    return "no ';' follows the '}' of a probe";
  if (slip.before != Kind::S_ATTACH_POINT) return {};
  const bool known = is_known_probe(slip.before_text);
  const bool is_kind = known && slip.before_text.find(':') == std::string_view::npos;
  if (slip.found == Kind::S_ATTACH_POINT &&
      (slip.before_text.ends_with(':') || (is_kind && is_rest_of_probe(slip.found_text))))
    return fmt::format("a probe is written without blanks: '{}{}{}'", slip.before_text,
                       is_kind && !slip.found_text.starts_with(':') ? ":" : "", slip.found_text);
  if (known && slip.found == Kind::S_SEMICOLON)
    return "no ';' stands between a probe and its '{ ... }'";
  if (known && slip.found == Kind::S_LPAREN) return "a probe takes no parentheses";
  if (known && slip.found == Kind::S_YYEOF)
    return fmt::format("say what it does: '{} {{ ... }}'", slip.before_text);
  return {};
}

std::string foreign_construct(const Slip& slip) {
  if (slip.before != Kind::S_ATTACH_POINT || slip.found != Kind::S_ATTACH_POINT) return {};
  if (is_function_word(slip.before_text) || slip.before_text == "void" || slip.before_text == "int")
    return std::string(kMacrosInstead);
  return slip.before_text == "probe" ? "a probe begins with its type: 'kprobe:vfs_read { ... }'"
                                     : std::string();
}

std::string attach_points(const Slip& slip) {
  if (slip.found == Kind::S_STRING && wants_probe(slip)) return "a probe is written without quotes";
  if (slip.found != Kind::S_ATTACH_POINT || !slip.expected.has(Kind::S_COMMA)) return {};
  if (is_known_probe(slip.found_text) || slip.found_text == "||" || slip.found_text == "&&" ||
      slip.found_text == "&" || slip.found_text == "|")
    return "separate several probes with ','";
  return slip.found_text == "if" || slip.found_text == "when"
             ? "a condition for the whole probe is a predicate: '/pid == 1/ { ... }'"
             : "the statements of a probe stand in braces: '{ ... }', its predicate in slashes: "
               "'/.../'";
}

// `kprobe:f/pid == 1/`: the slash and what follows it have become part of the attach point.
std::string glued_predicate(const Slip& slip) {
  const TokenStream::Token& point =
      slip.before == Kind::S_ASSIGN ? slip.stream.previous(1) : slip.stream.previous();
  if (point.kind != Kind::S_ATTACH_POINT) return {};
  const std::string_view text = slip.stream.lexer().text(point.location);
  const bool glued = text.find('/', text.rfind(':') + 1) != std::string_view::npos;
  return glued ? "a space must stand before the '/' of a predicate" : std::string();
}

}  // namespace

bool is_known_probe(std::string_view text) {
  return builtins::find_probe_kind(text.substr(0, text.find(':'))) != nullptr;
}

bool is_function_word(std::string_view word) {
  static constexpr std::string_view kWords[] = {"function", "def", "func", "fn", "sub"};
  return std::ranges::find(kWords, word) != std::end(kWords);
}

std::string probe_hint(const Slip& slip) {
  for (const auto& hint : {&glued_predicate, &between_probes, &foreign_construct, &attach_points}) {
    if (std::string text = (*hint)(slip); !text.empty()) return text;
  }
  return {};
}

}  // namespace sonde::parser
