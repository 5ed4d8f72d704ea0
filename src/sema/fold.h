// Values that are known while compiling.
#pragma once

#include <cstdint>
#include <optional>

#include "ast/ast.h"
#include "sema/session.h"

namespace sonde::sema {

// An integer known while compiling: `bits` read with the sign of its type.
struct Constant {
  std::uint64_t bits = 0;
  bool is_signed = true;
  [[nodiscard]] bool negative() const { return is_signed && static_cast<std::int64_t>(bits) < 0; }
  [[nodiscard]] std::int64_t value() const { return static_cast<std::int64_t>(bits); }
};

// Value of a checked expression: literals, enum constants, what is decided while compiling (is_str(), ...), and operators and
// integer casts on these. offsetof and operators on integer literals have been replaced by literals already, and sizeof where
// the size is settled.
[[nodiscard]] std::optional<Constant> constant_value(const ast::Expression& expression);

// A literal made by the compiler in place of `old`.
[[nodiscard]] ast::IntegerLiteral* make_literal(Session& session, const ast::Expression& old,
                                                const Constant& value);

// The literal that replaces an operator on integer literals, or null if it cannot be folded. A division by zero is left
// for the check of the operator.
[[nodiscard]] ast::IntegerLiteral* fold_unary(Session& session, const ast::Unary& node);
[[nodiscard]] ast::IntegerLiteral* fold_binary(Session& session, const ast::Binary& node);

// Whether a checked condition holds, if that is known while compiling.
[[nodiscard]] std::optional<bool> known_truth(const ast::Expression& expression);

[[nodiscard]] constexpr bool is_logical(ast::BinaryOp op) {
  return op == ast::BinaryOp::LogicalAnd || op == ast::BinaryOp::LogicalOr;
}
[[nodiscard]] constexpr bool is_shift(ast::BinaryOp op) {
  return op == ast::BinaryOp::ShiftLeft || op == ast::BinaryOp::ShiftRight;
}
// == != < <= > >=
[[nodiscard]] constexpr bool is_comparison(ast::BinaryOp op) {
  return op >= ast::BinaryOp::Equal && op <= ast::BinaryOp::GreaterEqual;
}

}  // namespace sonde::sema
