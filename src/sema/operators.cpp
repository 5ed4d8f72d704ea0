// Unary and binary operators.
#include <string>
#include <utility>
#include <vector>

#include "sema/checker.h"
#include "sema/fold.h"

namespace sonde::sema {
namespace {

using ast::BinaryOp;
using ast::UnaryOp;
using types::TypeKind;

bool is_logical(BinaryOp op) { return op == BinaryOp::LogicalAnd || op == BinaryOp::LogicalOr; }
bool is_equality(BinaryOp op) { return op == BinaryOp::Equal || op == BinaryOp::NotEqual; }
bool is_order(BinaryOp op) { return is_comparison(op) && !is_equality(op); }
bool is_number(const Type* type) { return type->is_integral() || type->is_pointer(); }

bool is_division(BinaryOp op) { return op == BinaryOp::Divide || op == BinaryOp::Modulo; }
bool is_shift(BinaryOp op) { return op == BinaryOp::ShiftLeft || op == BinaryOp::ShiftRight; }
// Operators whose result depends on the sign of the operands, or shows it.
bool minds_sign(BinaryOp op) {
  return is_division(op) || op == BinaryOp::Add || op == BinaryOp::Subtract ||
         op == BinaryOp::Multiply;
}

// What a field or element is part of, as far as no pointer leads to it.
const ast::Expression& whole_of(const ast::Expression& node) {
  const ast::Expression* object = nullptr;
  if (const auto* member = ast::as<ast::Member>(&node)) object = member->object;
  if (const auto* index = ast::as<ast::Index>(&node)) object = index->object;
  return object == nullptr || object->type->is_pointer() ? node : whole_of(*object);
}

bool is_bit_field(const ast::Member& node) {
  const Type* type = node.object->type;
  if (type->is_pointer()) type = type->element();
  if (!type->is_record()) return false;
  const auto found = type->record()->find_field(node.field);
  return found && found->field.bit_field.has_value();
}

// Arrays of integers, of one shape and width; the sign does not matter.
bool same_integers(const Type* left, const Type* right) {
  if (left->is_integral() && right->is_integral()) return left->size() == right->size();
  return left->is(TypeKind::Array) && right->is(TypeKind::Array) &&
         left->count() == right->count() && same_integers(left->element(), right->element());
}

}  // namespace

const Type* Checker::bad_operands(BinaryOp op, const Location& where, const Type* left,
                                  const Type* right) {
  diag::Builder report = session_.emit(kinds::OperandTypes, where, std::string(ast::spelling(op)),
                                       left->name(), right->name());
  const bool with_string = left->is_string() || right->is_string();
  const bool with_pointer = left->is_pointer() || right->is_pointer();
  if (with_string && (left->is_pointer() || right->is_pointer())) {
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

const Type* Checker::check(ast::Binary& node, ast::Expression*& slot) {
  if (is_logical(node.op)) return logical(node, slot);
  if (!operands(node)) return is_comparison(node.op) ? session_.types.bool_type() : nullptr;
  if (is_comparison(node.op)) return comparison(node);
  if (ast::IntegerLiteral* folded = fold_binary(session_, node)) {
    slot = folded;
    return folded->type;
  }
  return operator_result(node.op, node.op_location, *node.left, *node.right);
}

// True if values of the operand below zero turn into large ones when it becomes uint64.
bool Checker::loses_sign(const ast::Expression& operand) const {
  if (operand.type->is(TypeKind::Enum)) return false;
  const std::optional<Constant> known = constant_value(operand);
  if (known) return known->negative();
  return natural(operand)->is_signed();
}

// A literal above 32 bits is unsigned by itself. Beside an operand with a sign it is int64 if that holds it.
void Checker::sign_literals(ast::Expression& left, ast::Expression& right) {
  for (const auto& [operand, other] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
    const auto* literal = ast::as<ast::IntegerLiteral>(operand);
    if (literal != nullptr && operand->type == session_.types.uint64() &&
        other->type->is_integral() && natural(*other) != session_.types.uint64() &&
        literal_fits(*literal, session_.types.int64())) {
      operand->type = session_.types.int64();
    }
  }
}

const Type* Checker::comparison(ast::Binary& node) {
  const Type* result = session_.types.bool_type();
  sign_literals(*node.left, *node.right);
  const Type* left = node.left->type;
  const Type* right = node.right->type;
  const auto* inner = ast::as<ast::Binary>(node.left);
  if (inner != nullptr && is_order(inner->op) && is_order(node.op) && !right->is(TypeKind::Bool)) {
    session_.emit(kinds::ChainedComparison, node.op_location, right->name())
        .hint("a value between two others: a < x && x < b");
  }
  if (left->is_integral() && right->is_integral()) {
    const Type* common = common_integer(session_.types, left, right);
    if (common != session_.types.uint64() || is_equality(node.op)) return result;
    for (const auto& [operand, other] :
         {std::pair{node.left, node.right}, std::pair{node.right, node.left}}) {
      if (!loses_sign(*operand)) continue;
      session_.emit(kinds::SignedComparison, node.location, operand->type->name(),
                    other->type->name());
    }
    return result;
  }
  if (is_number(left) && is_number(right)) {
    if (left->is_pointer()) adapt(*node.right, session_.types.uint64());
    if (right->is_pointer()) adapt(*node.left, session_.types.uint64());
    return result;
  }
  if (!is_equality(node.op)) return bad_operands(node.op, node.op_location, left, right);
  if (left->is_string() && right->is_string()) {
    session_.expect_scan(std::min(left->capacity(), right->capacity()));
    return result;
  }
  if (left->is_tuple() && right->is_tuple()) return compare_tuples(node);
  if (left->is(TypeKind::Array) || right->is(TypeKind::Array)) return compare_arrays(node);
  return compare_addresses(node);
}

// Gives `slot` the type `type`; the cast is made when the types are settled.
void Checker::convert(ast::Expression*& slot, const Type* type) {
  adapt(*slot, type);
  if (slot->type == type || !session_.final_pass) return;
  ast::TypeName name;
  name.type = type;
  slot = session_.program.arena->make<ast::Cast>(slot->location, std::move(name), slot);
  slot->type = type;
}

// Integers of the same number and width are compared byte by byte; one of char with a string as a string.
const Type* Checker::compare_arrays(ast::Binary& node) {
  const Type* left = node.left->type;
  const Type* right = node.right->type;
  for (const auto& [slot, other] : {std::pair{&node.left, right}, std::pair{&node.right, left}}) {
    if (!is_char_array((*slot)->type) || !other->is_string()) continue;
    convert(*slot, session_.types.string((*slot)->type->count() + 1));
    return session_.types.bool_type();
  }
  if (same_integers(left, right)) return session_.types.bool_type();
  bad_operands(node.op, node.op_location, left, right);
  return nullptr;
}

// Both become what holds both, so that their bytes can be compared.
const Type* Checker::compare_tuples(ast::Binary& node) {
  Given both = given(*node.left);
  if (!give(session_.types, both, given(*node.right), &join_key))
    return bad_operands(node.op, node.op_location, node.left->type, node.right->type);
  const Type* type = held_type(session_.types, both);
  convert(node.left, type);
  convert(node.right, type);
  return session_.types.bool_type();
}

// Arithmetic and bit operators, also those of compound assignments.
const Type* Checker::operator_result(BinaryOp op, const Location& where, ast::Expression& left,
                                     ast::Expression& right) {
  const bool additive = op == BinaryOp::Add || op == BinaryOp::Subtract;
  if (left.type->is_pointer() && right.type->is_integral() && additive) return left.type;
  if (right.type->is_pointer() && left.type->is_integral() && op == BinaryOp::Add)
    return right.type;
  if (!left.type->is_integral() || !right.type->is_integral()) {
    return bad_operands(op, where, left.type, right.type);
  }
  sign_literals(left, right);
  if (is_division(op)) {
    const std::optional<Constant> divisor = constant_value(right);
    if (divisor && divisor->bits == 0) {
      session_.emit(kinds::DivisionByZero, right.location);
      return nullptr;
    }
  }
  if (is_shift(op)) {
    const std::optional<Constant> bits = constant_value(right);
    if (bits && (bits->negative() || bits->bits > 63)) {
      session_
          .emit(kinds::ShiftCount, right.location,
                bits->negative() ? fmt::format("{}", static_cast<std::int64_t>(bits->bits))
                                 : fmt::format("{}", bits->bits))
          .hint("integers have 64 bits: 0 to 63 are possible");
      return nullptr;
    }
    return arithmetic_type(session_.types, left.type, left.type);
  }
  const Type* result = arithmetic_type(session_.types, left.type, right.type);
  if (result->is_signed() || !minds_sign(op)) return result;
  for (const auto& [operand, other] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
    // Adding a literal below zero is a subtraction.
    if (!loses_sign(*operand) || (!is_division(op) && constant_value(*operand))) continue;
    session_.emit(kinds::SignedArithmetic, where, std::string(ast::spelling(op)),
                  operand->type->name(), other->type->name());
  }
  return result;
}

const Type* Checker::natural_result(BinaryOp op, const ast::Expression& left,
                                    const ast::Expression& right) const {
  const Type* a = natural(left);
  const Type* b = natural(right);
  if (a == nullptr || b == nullptr) return a != nullptr ? a : b;
  if (!a->is_integral() || !b->is_integral()) return a->is_pointer() ? a : b;
  return is_shift(op) ? as_integer(session_.types, a) : common_integer(session_.types, a, b);
}

// What the operands alone make of it. Follows only what can be wider than it looks: arithmetic, and what holds its results.
const Type* Checker::natural(const ast::Expression& node) const {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&node)) {
    const Type* own = literal_type(session_.types, *literal);
    const bool is_signed = own == session_.types.uint64() && node.type == session_.types.int64();
    return is_signed ? node.type : own;
  }
  if (const auto* variable = ast::as<ast::ScratchVariable>(&node)) {
    const auto facts = session_.variables.find(variable->variable);
    const bool known = facts != session_.variables.end() && facts->second.declared == nullptr &&
                       facts->second.given.natural != nullptr;
    return known ? facts->second.given.natural : node.type;
  }
  if (const auto* map = ast::as<ast::MapAccess>(&node)) {
    if (map->map < 0) return node.type;
    const MapFacts& facts = session_.maps.all()[static_cast<std::size_t>(map->map)];
    if (facts.value == nullptr) return session_.types.integer(8, false);
    return facts.value->is_aggregation() ? node.type : facts.value_given.natural;
  }
  if (const auto* binary = ast::as<ast::Binary>(&node)) {
    if (is_logical(binary->op) || is_comparison(binary->op)) return node.type;
    return natural_result(binary->op, *binary->left, *binary->right);
  }
  if (const auto* unary = ast::as<ast::Unary>(&node)) {
    const bool steps = unary->op >= UnaryOp::PreIncrement;
    return steps || unary->op == UnaryOp::BitNot ? natural(*unary->operand) : node.type;
  }
  if (const auto* ternary = ast::as<ast::Ternary>(&node)) {
    if (!node.type->is_integer()) return node.type;
    const ast::Expression* then_value =
        ternary->then_value != nullptr ? ternary->then_value : ternary->condition;
    if (const std::optional<bool> known = decided(*ternary->condition))
      return natural(*known ? *then_value : *ternary->else_value);
    return common_integer(session_.types, natural(*then_value), natural(*ternary->else_value));
  }
  if (const auto* tuple = ast::as<ast::Tuple>(&node)) {
    std::vector<const Type*> elements;
    for (const ast::Expression* element : tuple->elements) elements.push_back(natural(*element));
    return session_.types.tuple(std::move(elements));
  }
  if (const auto* block = ast::as<ast::BlockExpression>(&node)) return natural(*block->value);
  return node.type;
}

Given Checker::given(const ast::Expression& node) const { return {natural(node), node.type}; }

const Type* Checker::check(ast::Unary& node, ast::Expression*& slot) {
  switch (node.op) {
    case UnaryOp::Dereference: return dereference(node);
    case UnaryOp::AddressOf: return address_of(node);
    case UnaryOp::PreIncrement:
    case UnaryOp::PreDecrement:
    case UnaryOp::PostIncrement:
    case UnaryOp::PostDecrement: return step(node);
    case UnaryOp::LogicalNot: condition(node.operand); return session_.types.bool_type();
    case UnaryOp::Minus:
    case UnaryOp::BitNot: break;
  }
  const Type* type = value(node.operand);
  if (type == nullptr) return nullptr;
  if (!type->is_integral()) {
    session_.emit(kinds::OperandType, node.location, std::string(ast::spelling(node.op)),
                  type->name());
    return nullptr;
  }
  if (ast::IntegerLiteral* folded = fold_unary(session_, node)) {
    slot = folded;
    return folded->type;
  }
  if (node.op == UnaryOp::Minus) return session_.types.int64();
  return arithmetic_type(session_.types, type, type);
}

const Type* Checker::dereference(ast::Unary& node) {
  const Type* type = value(node.operand);
  if (type == nullptr) return nullptr;
  if (type->is_pointer() && !type->element()->is_void()) {
    return read_from(type->address_space(), type->element());
  }
  diag::Builder report = session_.emit(kinds::NotAPointer, node.location, type->name());
  if (type->is_pointer() || type->is_integer())
    report.hint("cast it to the type that it points to, e.g. *(uint64 *)...");
  return nullptr;
}

// Of variables, maps, and what lies in traced memory. The address of a map's value is 0 if there is no such key.
const Type* Checker::address_of(ast::Unary& node) {
  const ast::NodeKind kind = node.operand->kind;
  const auto* access = ast::as<ast::MapAccess>(node.operand);
  const Type* type = place(node.operand);
  if (type == nullptr) return nullptr;
  if (kind == ast::NodeKind::ScratchVariable || access != nullptr) {
    const bool aggregates =
        access != nullptr &&
        session_.maps.get(access->name, access->location).value->is_aggregation();
    if (!aggregates) return session_.types.pointer(type, types::AddressSpace::Kernel);
    session_.emit(kinds::NoAddress, node.location, fmt::format("the aggregation {}", access->name))
        .hint("each CPU has a part of it");
    return nullptr;
  }
  const auto* dereferenced = ast::as<ast::Unary>(node.operand);
  const bool in_memory = kind == ast::NodeKind::Member || kind == ast::NodeKind::Index ||
                         (dereferenced != nullptr && dereferenced->op == UnaryOp::Dereference);
  if (!in_memory) {
    session_.emit(kinds::OperandType, node.location, "&", type->name());
    return nullptr;
  }
  if (const auto* member = ast::as<ast::Member>(node.operand);
      member != nullptr && is_bit_field(*member)) {
    session_.emit(kinds::NoAddress, node.location,
                  fmt::format("the bit field '{}'", member->field));
    return nullptr;
  }
  // Variables, values of maps and `args` lie in the kernel's memory, whatever they were read from.
  const ast::NodeKind whole = whole_of(*node.operand).kind;
  const bool is_traced = whole == ast::NodeKind::Member || whole == ast::NodeKind::Index ||
                         whole == ast::NodeKind::Unary;
  return session_.types.pointer(type,
                                is_traced ? space_of(*node.operand) : types::AddressSpace::Kernel);
}

// ++ and --: on variables and maps that hold integers or pointers. A map that holds nothing yet counts from 0.
const Type* Checker::step(ast::Unary& node) {
  const auto report = [&](const Type* type) {
    session_.emit(kinds::OperandType, node.location, std::string(ast::spelling(node.op)),
                  type->name());
    return nullptr;
  };
  if (auto* access = ast::as<ast::MapAccess>(node.operand)) {
    MapFacts* map = element(*access);
    if (map == nullptr) return nullptr;
    const bool pointer = map->value != nullptr && map->value->is_pointer();
    if (!pointer) {
      write(*map, {session_.types.integer(8, false), session_.types.int64()}, access->location);
    }
    access->type = map->value;
    if (map->value == nullptr || map->value->is_aggregation()) return nullptr;  // write() told it.
    return is_number(map->value) ? map->value : nullptr;
  }
  if (node.operand->kind != ast::NodeKind::ScratchVariable) {
    session_.emit(kinds::NotAssignable, node.operand->location)
        .hint(fmt::format("'{}' takes a variable or a map", ast::spelling(node.op)));
    return nullptr;
  }
  const Type* type = value(node.operand);
  if (type == nullptr && session_.guessing) type = node.operand->type = session_.types.int64();
  if (type == nullptr) return nullptr;
  if (!type->is_integer() && !type->is_pointer()) return report(type);
  if (type->is_integer()) {
    // What is counted up has room to count.
    auto& variable = *ast::as<ast::ScratchVariable>(node.operand);
    const Given counted{natural(*node.operand), arithmetic_type(session_.types, type, type)};
    if (session_.variables[variable.variable].declared == nullptr)
      set_variable(variable, counted, *node.operand);
  }
  return node.operand->type;
}

}  // namespace sonde::sema
