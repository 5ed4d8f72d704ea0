#include "sema/intervals.h"

#include <string_view>
#include <utility>
#include <vector>

#include "ast/walk.h"
#include "builtins/tables.h"

namespace sonde::sema {
namespace {

using builtins::FunctionId;

// The call of a statement that is nothing but one; null otherwise.
ast::Call* call_of(ast::Statement& statement) {
  auto* expression = ast::as<ast::ExpressionStatement>(&statement);
  return expression != nullptr ? ast::as<ast::Call>(expression->value) : nullptr;
}

// The map that the call is handed as a whole, in front of other arguments; null if there is none.
const ast::MapAccess* whole_map(const ast::Call& call) {
  if (call.arguments.empty()) return nullptr;
  const auto* access = ast::as<ast::MapAccess>(call.arguments[0]);
  return access != nullptr && access->key == nullptr ? access : nullptr;
}

bool is_call_of(const ast::Call& call, FunctionId id) {
  const builtins::Function* row = builtins::find_function(call.name);
  return row != nullptr && row->id == id;
}

// True if what is behind the statement may not be reached.
bool may_leave(ast::Statement& statement) {
  bool found = false;
  ast::walk(statement, [&](ast::Node& node) {
    if (node.kind == ast::NodeKind::Jump) found = true;
    if (const auto* call = ast::as<ast::Call>(&node)) {
      const builtins::Function* row = builtins::find_function(call->name);
      found = found || (row != nullptr && row->is(builtins::kLeaves));
    }
  });
  return found;
}

// True if the statement mentions `map`, or any map if that is empty.
bool mentions(ast::Statement& statement, std::string_view map) {
  bool found = false;
  ast::walk(statement, [&](ast::Node& node) {
    if (const auto* access = ast::as<ast::MapAccess>(&node))
      found = found || map.empty() || access->name == map;
  });
  return found;
}

// True if what is behind the statement may not be reached, or would find the map changed.
bool separates(ast::Statement& statement, std::string_view map) {
  return may_leave(statement) || mentions(statement, map);
}

// Maps are turned over when the first print() of a number is done, perhaps while the program still runs: what it does with any of
// them in between must not find them empty already.
void number(const std::vector<ast::Statement*>& statements, int& next) {
  bool is_used = false;
  const auto end = [&] { next += std::exchange(is_used, false) ? 1 : 0; };
  for (ast::Statement* statement : statements) {
    ast::Call* call = call_of(*statement);
    const bool is_paired = call != nullptr && call->pair != nullptr;
    if (is_paired && is_call_of(*call, FunctionId::Print)) {
      call->together = next;
      is_used = true;
    } else if (!is_paired && separates(*statement, "")) {
      end();
    }
  }
  end();
}

void pair_in(const std::vector<ast::Statement*>& statements) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    ast::Call* emptying = call_of(*statements[i]);
    if (emptying == nullptr) continue;
    if (!is_call_of(*emptying, FunctionId::Clear) && !is_call_of(*emptying, FunctionId::Zero))
      continue;
    const ast::MapAccess* map = whole_map(*emptying);
    if (map == nullptr) continue;
    for (std::size_t before = i; before-- > 0;) {
      ast::Call* print = call_of(*statements[before]);
      const bool prints = print != nullptr && is_call_of(*print, FunctionId::Print) &&
                          whole_map(*print) != nullptr && whole_map(*print)->name == map->name;
      if (prints && print->pair == nullptr) {
        print->pair = emptying;
        emptying->pair = print;
      }
      if (prints || separates(*statements[before], map->name)) break;
    }
  }
}

}  // namespace

void pair_intervals(ast::Probe& probe, int& next) {
  const auto look = [&](const std::vector<ast::Statement*>& statements) {
    pair_in(statements);
    number(statements, next);
  };
  ast::walk(probe, [&](ast::Node& node) {
    if (auto* block = ast::as<ast::Block>(&node)) look(block->statements);
    if (auto* block = ast::as<ast::BlockExpression>(&node)) look(block->statements);
  });
}

}  // namespace sonde::sema
