#include "resolve/c_macros.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "ast/walk.h"
#include "base/c_text.h"
#include "base/text.h"
#include "parser/parser.h"

namespace sonde::resolve {
namespace {

using diag::Location;

struct CMacro {
  const ast::CPart* part = nullptr;
  Location name;
  std::string parameters;  // "a,b"
  std::size_t begin = 0;   // Of the body in the part's text.
  std::size_t end = 0;
};

struct Call {
  std::string name;
  Location location;
};

// A macro with parameters; nullopt for any other line.
std::optional<std::pair<std::string, CMacro>> read_define(const ast::CPart& part) {
  const std::vector<CToken> tokens = c_tokens(part.text);
  constexpr std::size_t kOpen = 3;  // # define NAME (
  if (tokens.size() <= kOpen || !tokens[1].is("define") || !tokens[kOpen].is("(")) return {};
  const CToken& name = tokens[2];
  if (tokens[kOpen].offset != name.offset + name.text.size()) return {};
  CMacro macro;
  macro.part = &part;
  const auto at = part.location.begin + static_cast<std::uint32_t>(name.offset);
  macro.name = {part.location.source, at, at + static_cast<std::uint32_t>(name.text.size())};
  std::size_t i = kOpen + 1;
  for (; i < tokens.size() && !tokens[i].is(")"); ++i) macro.parameters += tokens[i].text;
  if (i == tokens.size()) return {};
  const CToken& last = tokens.back();
  macro.begin = i + 1 < tokens.size() ? tokens[i + 1].offset : part.text.size();
  macro.end = std::max(macro.begin, last.offset + last.text.size());
  return std::pair(std::string(name.text), macro);
}

std::map<std::string, CMacro, std::less<>> read_defines(const ast::Program& program) {
  std::map<std::string, CMacro, std::less<>> macros;
  for (const ast::CPart& part : program.c_parts) {
    if (!part.is_directive) continue;
    if (auto macro = read_define(part)) {
      macros.insert_or_assign(std::move(macro->first), macro->second);
      continue;
    }
    const std::vector<CToken> tokens = c_tokens(part.text);
    const bool ends = tokens.size() > 2 && (tokens[1].is("undef") || tokens[1].is("define"));
    if (ends) macros.erase(std::string(tokens[2].text));
  }
  return macros;
}

template <class Node>
void add_calls(Node& node, std::vector<Call>& calls) {
  ast::walk(node, [&](ast::Node& each) {
    if (const auto* call = ast::as<ast::Call>(&each))
      calls.push_back({call->name, call->name_location});
  });
}

void add_calls(ast::Macro& macro, std::vector<Call>& calls) {
  for (ast::Statement* statement : macro.body->statements) add_calls(*statement, calls);
  if (macro.value != nullptr) add_calls(*macro.value, calls);
}

// The definition in the language's own words, each of them where it stands in the script: what is wrong with the body is
// then shown there.
std::string as_script(const std::string& name, const CMacro& macro) {
  const std::string head = fmt::format("macro {}({}){{", name, macro.parameters);
  const std::size_t begin = macro.part->location.begin + macro.begin;
  std::string text(begin - std::min(begin, head.size()), ' ');
  text += head;
  for (const char c : macro.part->text.substr(macro.begin, macro.end - macro.begin))
    text += c == '\\' ? ' ' : c;
  return text + "}";
}

class Adder {
 public:
  Adder(ast::Program& program, diag::Sources& sources, diag::Emitter& emitter)
      : program_(program), sources_(sources), emitter_(emitter), defined_(read_defines(program)) {}

  void run() {
    if (defined_.empty()) return;
    for (const ast::Macro& macro : program_.macros) known_.insert(macro.name);
    for (ast::Probe& probe : program_.probes) add_calls(probe, calls_);
    for (ast::Macro& macro : program_.macros) add_calls(macro, calls_);
    // A body may call others.
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const Call call = calls_[i];
      const auto found = defined_.find(call.name);
      if (found != defined_.end() && known_.insert(call.name).second) add(call, found->second);
    }
  }

 private:
  void add(const Call& call, const CMacro& macro) {
    diag::Emitter unheard;
    const std::uint32_t source = macro.name.source;
    const std::uint32_t made = sources_.add(sources_.get(source).name, as_script(call.name, macro));
    ast::Program parsed = parser::parse(sources_, made, unheard, {.role = parser::Role::Imported});
    if (unheard.has_errors() || parsed.macros.size() != 1 || !parsed.probes.empty()) {
      const std::string_view body =
          std::string_view(macro.part->text).substr(macro.begin, macro.end - macro.begin);
      emitter_
          .emit(diag::kinds::MacroNotExpression, call.location, call.name, std::string(trim(body)))
          .note(macro.name, "it is defined here")
          .hint("a macro of the language may hold statements too: macro name(x) { ... }");
      return;
    }
    ast::Macro& added = program_.macros.emplace_back(std::move(parsed.macros.front()));
    program_.arena->adopt(*parsed.arena);
    // Copies of the body are put in with this source: the script's text, of which the other is the image.
    added.location.source = source;
    added.name_location = macro.name;
    for (ast::MacroParameter& parameter : added.parameters) parameter.location = macro.name;
    add_calls(added, calls_);
  }

  ast::Program& program_;
  diag::Sources& sources_;
  diag::Emitter& emitter_;
  std::map<std::string, CMacro, std::less<>> defined_;
  std::set<std::string> known_;
  std::vector<Call> calls_;
};

}  // namespace

void add_c_macros(ast::Program& program, diag::Sources& sources, diag::Emitter& emitter) {
  Adder(program, sources, emitter).run();
}

}  // namespace sonde::resolve
