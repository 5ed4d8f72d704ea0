#include "sema/intervals.h"

#include <string_view>
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

// True if what is behind the statement may not be reached, or would find the map changed.
bool separates(ast::Statement& statement, std::string_view map) {
  bool found = false;
  ast::walk(statement, [&](ast::Node& node) {
    if (node.kind == ast::NodeKind::Jump) found = true;
    if (const auto* access = ast::as<ast::MapAccess>(&node)) found = found || access->name == map;
    if (const auto* call = ast::as<ast::Call>(&node)) {
      const builtins::Function* row = builtins::find_function(call->name);
      found = found || (row != nullptr && row->is(builtins::kLeaves));
    }
  });
  return found;
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

void pair_intervals(ast::Probe& probe) {
  ast::walk(probe, [](ast::Node& node) {
    if (auto* block = ast::as<ast::Block>(&node)) pair_in(block->statements);
    if (auto* block = ast::as<ast::BlockExpression>(&node)) pair_in(block->statements);
  });
}

}  // namespace sonde::sema
