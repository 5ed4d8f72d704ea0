#include "ast/format.h"

#include "ast/formatter.h"

namespace sonde::ast {

namespace {

// A macro that only has a value may stand on one line, and close to others.
bool is_short(const Macro& macro) {
  return macro.body->statements.empty() && macro.value != nullptr;
}

}  // namespace

Formatter::Formatter(std::string_view text, std::span<const Location> tokens)
    : out_(text, tokens, layout_) {}

std::string Formatter::program(const Program& program) {
  // A new kind of item is to be printed below.
  // C is no token of the script: it stays as it is between them.
  const auto& [arena, imports, config_entries, maps, macros, c_parts, c_files, probes] = program;
  auto next = probes.begin();
  auto next_macro = macros.begin();
  bool was_long = false;
  bool is_first = true;
  while (!out_.at_end()) {
    while (next != probes.end() && next->location.begin < out_.position()) ++next;
    const bool is_probe = next != probes.end() && next->location.begin == out_.position();
    while (next_macro != macros.end() && next_macro->location.begin < out_.position()) ++next_macro;
    const bool is_macro =
        next_macro != macros.end() && next_macro->location.begin == out_.position();
    const bool is_long =
        is_probe || out_.peek() == "config" || (is_macro && !is_short(*next_macro));
    out_.gap((was_long || is_long) && !is_first ? Gap::Apart : Gap::Next);
    out_.comments();
    if (is_probe) {
      probe(*next);
    } else if (is_macro) {
      macro(*next_macro);
    } else if (is_long) {
      config();
    } else {
      line();
    }
    was_long = is_long;
    is_first = false;
  }
  out_.gap(Gap::Next);
  out_.comments();
  std::string text = layout_.render();
  if (!text.empty()) text += '\n';
  return text;
}

void Formatter::probe(const Probe& probe) {
  out_.open(Indent::Same);
  const std::uint32_t end = probe.body->location.begin;
  while (out_.position() < end && out_.peek() != "/") {
    const std::string_view token = out_.peek();
    if (token == ",") {
      out_.take(Gap::None);
      out_.gap(Gap::Line);
    } else if (token == "=") {
      out_.take(Gap::Space);
      out_.gap(Gap::Space);
    } else {
      out_.take();
    }
  }
  if (probe.predicate != nullptr) {
    out_.take(Gap::Fill);
    out_.open(Indent::Align);
    expression(*probe.predicate);
    out_.close();
    out_.take(Gap::None);
  }
  out_.close();
  out_.gap(Gap::Space);
  block(*probe.body);
}

void Formatter::macro(const Macro& macro) {
  out_.take();
  out_.take(Gap::Space);
  out_.take();
  out_.open(Indent::Bracket);
  while (!out_.at_end() && out_.peek() != ")") {
    out_.take();
    if (out_.peek() != ",") continue;
    out_.take();
    out_.gap(Gap::Fill);
  }
  out_.take(Gap::None);
  out_.close();
  out_.gap(Gap::Space);
  if (macro.value == nullptr) return block(*macro.body);
  const Gap between = is_short(macro) ? Gap::Consistent : Gap::Line;
  value_block(macro.body->statements, *macro.value, between);
}

// `config = { name = value; ... }`
void Formatter::config() {
  out_.take();
  out_.take(Gap::Space);
  out_.take(Gap::Space);
  if (out_.peek() == "}" && !out_.has_comments()) {
    out_.take();
    return;
  }
  out_.open_inside(Indent::Block);
  out_.gap(Gap::First);
  empty_statements(Gap::Next);
  while (!out_.at_end() && out_.peek() != "}") {
    line();
    out_.gap(Gap::Next);
  }
  out_.comments(true);
  out_.close();
  out_.take(Gap::Line);
}

// Words up to a ';'.
void Formatter::line() {
  out_.open(Indent::Further);
  while (true) {
    const std::string_view token = out_.peek();
    out_.take();
    const std::string_view next = out_.peek();
    if (token == ";" || next.empty() || next == "}") break;
    const bool glued = token == "(" || token == "-" || next == "(" || next == ")" || next == ",";
    out_.gap(glued || next == ";" ? Gap::None : Gap::Space);
  }
  out_.close();
  semicolons();
}

std::string format(const Program& program, std::string_view text,
                   std::span<const Location> tokens) {
  return Formatter(text, tokens).program(program);
}

}  // namespace sonde::ast
