#include "sema/operator_rules.h"

#include <string>
#include <utility>

#include "sema/fold.h"
#include "sema/natural.h"

namespace sonde::sema {
namespace {

using ast::BinaryOp;
using types::TypeKind;

bool is_equality(BinaryOp op) { return op == BinaryOp::Equal || op == BinaryOp::NotEqual; }
bool is_division(BinaryOp op) { return op == BinaryOp::Divide || op == BinaryOp::Modulo; }
// Operators whose result depends on the sign of the operands, or shows it.
bool minds_sign(BinaryOp op) {
  return is_division(op) || op == BinaryOp::Add || op == BinaryOp::Subtract ||
         op == BinaryOp::Multiply;
}

// User space finds the text when it prints the value.
bool is_named_later(const Type* type) {
  return type->kind() >= TypeKind::Timestamp && type->kind() <= TypeKind::CgroupPath;
}

}  // namespace

const Type* bad_operands(Session& session, BinaryOp op, const Location& where, const Type* left,
                         const Type* right) {
  diag::Builder report = session.emit(kinds::OperandTypes, where, std::string(ast::spelling(op)),
                                      left->name(), right->name());
  const bool with_string = left->is_string() || right->is_string();
  const bool with_pointer = left->is_pointer() || right->is_pointer();
  if (left->is(TypeKind::Float) || right->is(TypeKind::Float)) {
    report.hint(kFloatHint);
  } else if (is_named_later(left) || is_named_later(right)) {
    report.hint("it becomes a text when it is printed, and cannot be used as one before");
  } else if (with_string && (left->is_pointer() || right->is_pointer())) {
    report.hint("str() reads the string that a pointer points to");
  } else if (left->is_string() && right->is_string() && is_comparison(op)) {
    report.hint("strings can be compared with == and != only");
  } else if (left->is(TypeKind::Array) && right->is(TypeKind::Array)) {
    report.hint("arrays of integers can be compared with == and != if they have one length");
  } else if (with_string && is_equality(op)) {
    report.hint("a text compares with a text, a number with a number: \"123\" is a text");
  } else if (with_string && op == BinaryOp::Add) {
    report.hint(left->is_string() && right->is_string()
                    ? "str_concat() puts strings behind one another"
                    : "printf(\"%s...\", ...) prints texts and numbers one behind the other");
  } else if (left->is_tuple() || right->is_tuple()) {
    report.hint("take one element of a tuple: .0, .1, ...");
  } else if (with_pointer) {
    report.hint("cast the pointer to (uint64) to calculate with its address");
  }
  return nullptr;
}

// True if values of the operand below zero turn into large ones when it becomes uint64.
bool loses_sign(const Session& session, const ast::Expression& operand) {
  if (operand.type->is(TypeKind::Enum)) return false;
  const std::optional<Constant> known = constant_value(operand);
  if (known) return known->negative();
  return natural(session, operand)->is_signed();
}

// A literal above 32 bits is unsigned by itself. Beside an operand with a sign it is int64 if that holds it.
void sign_literals(Session& session, ast::Expression& left, ast::Expression& right) {
  for (const auto& [operand, other] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
    const auto* literal = ast::as<ast::IntegerLiteral>(operand);
    if (literal != nullptr && operand->type == session.types.uint64() &&
        other->type->is_integral() && natural(session, *other) != session.types.uint64() &&
        literal_fits(*literal, session.types.int64())) {
      operand->type = session.types.int64();
    }
  }
}

// Arithmetic and bit operators, also those of compound assignments.
const Type* operator_result(Session& session, BinaryOp op, const Location& where,
                            ast::Expression& left, ast::Expression& right) {
  const bool additive = op == BinaryOp::Add || op == BinaryOp::Subtract;
  if (left.type->is_pointer() && right.type->is_integral() && additive) return left.type;
  if (right.type->is_pointer() && left.type->is_integral() && op == BinaryOp::Add)
    return right.type;
  if (!left.type->is_integral() || !right.type->is_integral()) {
    return bad_operands(session, op, where, left.type, right.type);
  }
  sign_literals(session, left, right);
  if (is_division(op)) {
    const std::optional<Constant> divisor = constant_value(right);
    if (divisor && divisor->bits == 0) {
      session.emit(kinds::DivisionByZero, right.location);
      return nullptr;
    }
  }
  if (is_shift(op)) {
    const std::optional<Constant> bits = constant_value(right);
    if (bits && (bits->negative() || bits->bits > 63)) {
      session
          .emit(kinds::ShiftCount, right.location,
                bits->negative() ? fmt::format("{}", static_cast<std::int64_t>(bits->bits))
                                 : fmt::format("{}", bits->bits))
          .hint("integers have 64 bits: 0 to 63 are possible");
      return nullptr;
    }
    return arithmetic_type(session.types, left.type, left.type);
  }
  const Type* result = arithmetic_type(session.types, left.type, right.type);
  if (result->is_signed() || !minds_sign(op)) return result;
  for (const auto& [operand, other] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
    // Adding a literal below zero is a subtraction.
    if (!loses_sign(session, *operand) || (!is_division(op) && constant_value(*operand))) continue;
    session.emit(kinds::SignedArithmetic, where, std::string(ast::spelling(op)),
                 operand->type->name(), other->type->name());
  }
  return result;
}

}  // namespace sonde::sema
