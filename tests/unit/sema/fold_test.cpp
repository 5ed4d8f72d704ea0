#include "sema/fold.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>

namespace sonde::sema {
namespace {

using ast::BinaryOp;

class Fold : public testing::Test {
 protected:
  ast::IntegerLiteral* literal(std::uint64_t value, std::string text = "") {
    return program_.arena->make<ast::IntegerLiteral>(Location{}, value, std::move(text));
  }
  ast::IntegerLiteral* negative(std::int64_t value) {
    return literal(static_cast<std::uint64_t>(value), std::to_string(value));
  }
  // The text of the folded literal, or "-" if it does not fold.
  std::string fold(BinaryOp op, ast::Expression* left, ast::Expression* right) {
    const auto* folded = fold_binary(session_, ast::Binary({}, op, {}, left, right));
    return folded != nullptr ? folded->text : "-";
  }
  std::string fold(ast::UnaryOp op, ast::Expression* operand) {
    const auto* folded = fold_unary(session_, ast::Unary({}, op, operand));
    return folded != nullptr ? folded->text : "-";
  }

  types::Context types_;
  ast::Program program_;
  HostNames host_;
  Options options_;
  diag::Emitter emitter_;
  Session session_{.types = types_,
                   .host = host_,
                   .options = options_,
                   .program = program_,
                   .emitter = &emitter_};
};

TEST_F(Fold, Binary) {
  EXPECT_EQ(fold(BinaryOp::Add, literal(2), literal(3)), "5");
  EXPECT_EQ(fold(BinaryOp::Subtract, literal(2), literal(3)), "-1");
  EXPECT_EQ(fold(BinaryOp::Multiply, negative(-4), literal(3)), "-12");
  EXPECT_EQ(fold(BinaryOp::Divide, negative(-7), literal(2)), "-3");
  EXPECT_EQ(fold(BinaryOp::Modulo, negative(-7), literal(2)), "-1");
  EXPECT_EQ(fold(BinaryOp::Divide, literal(UINT64_MAX), literal(2)), "9223372036854775807");
  EXPECT_EQ(fold(BinaryOp::BitAnd, literal(6), literal(3)), "2");
  EXPECT_EQ(fold(BinaryOp::BitOr, literal(6), literal(3)), "7");
  EXPECT_EQ(fold(BinaryOp::BitXor, literal(6), literal(3)), "5");
  EXPECT_EQ(fold(BinaryOp::ShiftLeft, literal(1), literal(12)), "4096");
  EXPECT_EQ(fold(BinaryOp::ShiftRight, negative(-8), literal(1)), "-4");
  EXPECT_EQ(fold(BinaryOp::ShiftRight, literal(UINT64_MAX), literal(63)), "1");
}

TEST_F(Fold, WhatHasNoValueStays) {
  EXPECT_EQ(fold(BinaryOp::Divide, literal(1), literal(0)), "-");
  EXPECT_EQ(fold(BinaryOp::Modulo, literal(1), literal(0)), "-");
  EXPECT_EQ(fold(BinaryOp::ShiftLeft, literal(1), literal(64)), "-");
  EXPECT_EQ(fold(BinaryOp::Less, literal(1), literal(2)), "-");
  ast::ScratchVariable variable({}, "$x");
  EXPECT_EQ(fold(BinaryOp::Add, literal(1), &variable), "-");
}

TEST_F(Fold, TheSmallestIntegerDividedByMinusOne) {
  EXPECT_EQ(fold(BinaryOp::Divide, negative(INT64_MIN), negative(-1)), "-9223372036854775808");
  EXPECT_EQ(fold(BinaryOp::Modulo, negative(INT64_MIN), negative(-1)), "0");
}

TEST_F(Fold, Unary) {
  EXPECT_EQ(fold(ast::UnaryOp::Minus, literal(5)), "-5");
  EXPECT_EQ(fold(ast::UnaryOp::Minus, negative(-5)), "5");
  EXPECT_EQ(fold(ast::UnaryOp::Minus, literal(0)), "0");
  EXPECT_EQ(fold(ast::UnaryOp::BitNot, literal(0)), "-1");
  EXPECT_EQ(fold(ast::UnaryOp::LogicalNot, literal(0)), "-");
}

TEST_F(Fold, CastsCutConstants) {
  const auto cast = [&](std::uint64_t value, const Type* type) {
    ast::Cast node({}, {}, literal(value));
    node.type = type;
    return constant_value(node)->value();
  };
  EXPECT_EQ(cast(300, types_.integer(8, false)), 44);
  EXPECT_EQ(cast(200, types_.integer(8, true)), -56);
  EXPECT_EQ(cast(200, types_.int64()), 200);
}

}  // namespace
}  // namespace sonde::sema
