// Unary and binary operators.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sema/adapt.h"
#include "sema/address_space.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/map_types.h"
#include "sema/natural.h"
#include "sema/operator_rules.h"
#include "sema/user_arguments.h"
#include "sema/variable_types.h"

namespace sonde::sema {
namespace {

using ast::BinaryOp;
using ast::UnaryOp;
using types::TypeKind;

bool is_equality(BinaryOp op) { return op == BinaryOp::Equal || op == BinaryOp::NotEqual; }
bool is_order(BinaryOp op) { return is_comparison(op) && !is_equality(op); }
bool is_number(const Type* type) { return type->is_integral() || type->is_pointer(); }

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

const Type* Checker::check(ast::Binary& node, ast::Expression*& slot) {
  if (is_logical(node.op)) return logical(node, slot);
  if (!operands(node)) return is_comparison(node.op) ? session_.types.bool_type() : nullptr;
  if (is_comparison(node.op)) return comparison(node);
  if (ast::IntegerLiteral* folded = fold_binary(session_, node)) {
    slot = folded;
    return folded->type;
  }
  return operator_result(session_, node.op, node.op_location, *node.left, *node.right);
}

const Type* Checker::comparison(ast::Binary& node) {
  const Type* result = session_.types.bool_type();
  sign_literals(session_, *node.left, *node.right);
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
      if (!loses_sign(session_, *operand)) continue;
      session_.emit(kinds::SignedComparison, node.location, operand->type->name(),
                    other->type->name());
    }
    return result;
  }
  if (is_number(left) && is_number(right)) {
    if (left->is_pointer()) adapt(session_.types, *node.right, session_.types.uint64());
    if (right->is_pointer()) adapt(session_.types, *node.left, session_.types.uint64());
    return result;
  }
  if (!is_equality(node.op)) return bad_operands(session_, node.op, node.op_location, left, right);
  if (left->is_string() && right->is_string()) {
    session_.expect_scan(std::min(left->capacity(), right->capacity()));
    return result;
  }
  if (left->is_stack() && left->kind() == right->kind()) return result;
  if (left->is_tuple() && right->is_tuple()) return compare_tuples(node);
  if (left->is(TypeKind::Array) || right->is(TypeKind::Array)) return compare_arrays(node);
  return compare_addresses(node);
}

// Gives `slot` the type `type`; the cast is made when the types are settled.
void Checker::convert(ast::Expression*& slot, const Type* type) {
  adapt(session_.types, *slot, type);
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
  bad_operands(session_, node.op, node.op_location, left, right);
  return nullptr;
}

// Both become what holds both, so that their bytes can be compared.
const Type* Checker::compare_tuples(ast::Binary& node) {
  Given both = given(session_, *node.left);
  if (!give(session_.types, both, given(session_, *node.right), &join_key))
    return bad_operands(session_, node.op, node.op_location, node.left->type, node.right->type);
  const Type* type = held_type(session_.types, both);
  convert(node.left, type);
  convert(node.right, type);
  return session_.types.bool_type();
}

const Type* Checker::check(ast::Unary& node, ast::Expression*& slot) {
  switch (node.op) {
    case UnaryOp::Dereference: return dereference(node);
    case UnaryOp::AddressOf: return address_of(node);
    case UnaryOp::PreIncrement:
    case UnaryOp::PreDecrement:
    case UnaryOp::PostIncrement:
    case UnaryOp::PostDecrement: return step(node);
    case UnaryOp::LogicalNot: return condition(node.operand) ? session_.types.bool_type() : nullptr;
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
    return read_from(session_.types, type->address_space(), type->element());
  }
  diag::Builder report = session_.emit(kinds::NotAPointer, node.location, type->name());
  if (node.operand->kind == ast::NodeKind::IntegerLiteral) {
    report.hint("there is no '**' for powers: multiply");
  } else if (type->is_pointer() || type->is_integer()) {
    report.hint("cast it to the type that it points to, e.g. *(uint64 *)...");
  }
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
    session_.emit(kinds::OperandType, node.location, "&", type->name())
        .hint("variables, maps and what lies in traced memory have addresses");
    return nullptr;
  }
  if (const auto* member = ast::as<ast::Member>(node.operand);
      member != nullptr && is_bit_field(*member)) {
    session_.emit(kinds::NoAddress, node.location,
                  fmt::format("the bit field '{}'", member->field));
    return nullptr;
  }
  if (has_user_arguments(probe_) && is_args(whole_of(*node.operand))) {
    session_.emit(kinds::NoAddress, node.location, "an argument").hint("it may lie in a register");
    return nullptr;
  }
  // Variables, values of maps and `args` lie in the kernel's memory, whatever they were read from.
  const ast::NodeKind whole = whole_of(*node.operand).kind;
  const bool is_traced = whole == ast::NodeKind::Member || whole == ast::NodeKind::Index ||
                         whole == ast::NodeKind::Unary;
  return session_.types.pointer(
      type, is_traced ? space_of(session_, *node.operand) : types::AddressSpace::Kernel);
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
      write(session_, *map, {session_.types.integer(8, false), session_.types.int64()},
            access->location);
    }
    access->type = map->value;
    if (map->value == nullptr || map->value->is_aggregation())
      return nullptr;  // write(session_, ) told it.
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
    const Given counted{natural(session_, *node.operand),
                        arithmetic_type(session_.types, type, type)};
    if (session_.variables[variable.variable].declared == nullptr)
      set_variable(session_, variable, counted, *node.operand);
  }
  return node.operand->type;
}

}  // namespace sonde::sema
