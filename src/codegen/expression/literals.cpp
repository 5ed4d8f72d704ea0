#include "base/check.h"
#include "base/text.h"
#include "codegen/expression.h"
#include "codegen/strings.h"

namespace sonde::codegen {
namespace {

Value constant(Function& f, const types::Type* type, std::uint64_t number) {
  if (type->is(types::TypeKind::Bool)) return scalar_value(type, f.ir.boolean(number != 0));
  return scalar_value(type, f.ir.integer(register_bits(*type), number));
}

// Above this a text is read where it lies in .rodata, instead of being made on the stack.
constexpr std::uint32_t kStackText = 32;

Value literal_in_memory(Function& f, const types::Type* type, std::string_view text) {
  Memory memory;
  if (type->size() > kStackText) {
    std::string padded(text);
    padded.resize(type->size());
    memory = {f.module.literal(padded), 8};
  } else {
    memory = f.temporary(*type);
    store_literal(f, text, {memory, type, Fill::Zero});
  }
  Value value = memory_value(type, memory);
  value.place.is_zero_filled = true;
  return value;
}

}  // namespace

Value emit_node(Function& f, ast::IntegerLiteral& node) {
  return constant(f, node.type, node.value);
}

Value emit_node(Function& f, ast::BoolLiteral& node) {
  return constant(f, node.type, node.value ? 1 : 0);
}

Value emit_node(Function& f, ast::StringLiteral& node) {
  return literal_in_memory(f, node.type, node.value);
}

void emit_node_into(Function& f, ast::StringLiteral& node, const Destination& to) {
  store_literal(f, node.value, to);
}

Value emit_node(Function& f, ast::PositionalParameter& node) {
  if (node.type->is_string()) return literal_in_memory(f, node.type, node.text);
  const bool is_negative = node.text.starts_with('-');
  const auto number = parse_u64(is_negative ? std::string_view(node.text).substr(1) : node.text);
  const std::uint64_t value = number.value_or(0);  // A parameter that was not given is 0.
  return constant(f, node.type, is_negative ? 0 - value : value);
}

Value emit_node(Function& f, ast::SizeOf& node) {
  const types::Type* of = node.value != nullptr ? node.value->type : node.type_name.type;
  SONDE_CHECK(of != nullptr);
  return constant(f, node.type, of->visible_size());
}

// Macro expansion has put it where it belongs, sema has reported any other.
Value emit_node(Function&, ast::TypeArgument&) { SONDE_UNREACHABLE(); }

Value emit_node(Function& f, ast::OffsetOf& node) { return constant(f, node.type, node.offset); }

}  // namespace sonde::codegen
