#include "ast/ast.h"

namespace sonde::ast {

std::string_view spelling(BinaryOp op) {
  static constexpr std::string_view kText[] = {
#define SONDE_BINARY(Id, spelling) spelling,
#define SONDE_UNARY(Id, spelling)
#include "ast/operators.def"
  };
  return kText[static_cast<std::size_t>(op)];
}

int precedence(BinaryOp op) {
  using enum BinaryOp;
  // As the grammar has it: that of C.
  switch (op) {
    case LogicalOr: return 1;
    case LogicalAnd: return 2;
    case BitOr: return 3;
    case BitXor: return 4;
    case BitAnd: return 5;
    case Equal:
    case NotEqual: return 6;
    case Less:
    case LessEqual:
    case Greater:
    case GreaterEqual: return 7;
    case ShiftLeft:
    case ShiftRight: return 8;
    case Add:
    case Subtract: return 9;
    case Multiply:
    case Divide:
    case Modulo: return 10;
  }
  return 0;
}

std::string_view spelling(UnaryOp op) {
  static constexpr std::string_view kText[] = {
#define SONDE_BINARY(Id, spelling)
#define SONDE_UNARY(Id, spelling) spelling,
#include "ast/operators.def"
  };
  return kText[static_cast<std::size_t>(op)];
}

}  // namespace sonde::ast
