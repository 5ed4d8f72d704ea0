// Statements of the script. One handler per node class, found through ast/nodes.def; see statement/.
#pragma once

#include "ast/ast.h"
#include "codegen/function.h"

namespace sonde::codegen {

void emit(Function& f, ast::Statement& statement);
void emit_block(Function& f, ast::Block& block);

#define SONDE_EXPRESSION(Class)
#define SONDE_STATEMENT(Class) void emit_node(Function& f, ast::Class& node);
#include "ast/nodes.def"

}  // namespace sonde::codegen
