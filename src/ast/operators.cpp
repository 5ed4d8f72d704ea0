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

std::string_view spelling(UnaryOp op) {
  static constexpr std::string_view kText[] = {
#define SONDE_BINARY(Id, spelling)
#define SONDE_UNARY(Id, spelling) spelling,
#include "ast/operators.def"
  };
  return kText[static_cast<std::size_t>(op)];
}

}  // namespace sonde::ast
