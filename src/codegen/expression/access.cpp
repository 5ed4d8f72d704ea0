// Members, elements, casts, variables and maps as values.
#include "codegen/access.h"

#include <charconv>

#include "base/check.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "codegen/map_ops.h"

namespace sonde::codegen {
namespace {

Place field_place(const Place& record, const types::Field& field) {
  Place place = move(record, field.offset, field.type);
  place.bit_field = field.bit_field;
  place.access = field.access;
  return place;
}

// The field's value as the type that sema gave the expression: an array of characters may be a string there.
Value load_as(Function& f, Place place, const types::Type* type) {
  if (place.type == type) return load(f, place);
  if (place.access != types::FieldAccess::Direct) {
    place.type = type;
    return load(f, place);
  }
  if (type->is_scalar() && place.type->is_scalar()) {
    const Value value = load(f, place);
    Value converted = scalar_value(type, convert_scalar(f.ir, value.scalar, *value.type, *type));
    converted.is_trusted = value.is_trusted && type->is_pointer();
    return converted;
  }
  if (type->is_pointer())
    return scalar_value(type, address(f, place));  // An array where a pointer is wanted.
  if (!type->is_string()) {
    place.type = type;
    return load(f, place);
  }
  const Memory memory = f.temporary(*type);
  store(f, memory_value(place.type, place), {memory, type, Fill::Any});
  return memory_value(type, memory);
}

Value emit_tuple_element(Function& f, ast::Member& node) {
  const Value tuple = emit(f, *node.object);
  const types::Type& type = *tuple.type;
  std::size_t index = 0;
  std::from_chars(node.field.data(), node.field.data() + node.field.size(), index);
  SONDE_CHECK(index < type.elements().size());
  return load(f, move(tuple.place, type.element_offset(index), type.elements()[index]));
}

// Never beyond the end in BPF memory: the verifier would refuse it.
IrValue bounded_index(Function& f, IrValue index, std::uint32_t count) {
  const IrValue seen = f.ir.opaque(index);
  return f.ir.select(f.ir.compare(Compare::ULess, seen, f.ir.i64(count)), seen, f.ir.i64(0));
}

Value emit_element(Function& f, const Place& array, const types::Type* element, std::uint32_t count,
                   ast::Expression& index) {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&index)) {
    return load(f,
                move(array, static_cast<std::int64_t>(literal->value * element->size()), element));
  }
  const Value value = emit(f, index);
  SONDE_CHECK(value.is_scalar());
  IrValue number = f.ir.resize(value.scalar, 64, value.type->is_signed());
  if (array.space == Space::Bpf && count != 0) number = bounded_index(f, number, count);
  const IrValue bytes = f.ir.binary(Op::Mul, number, f.ir.i64(element->size()));
  return load(f, move(f, array, bytes, element));
}

}  // namespace

Value emit_node(Function& f, ast::ScratchVariable& node) {
  SONDE_CHECK(node.variable != nullptr);
  const types::Type* type = node.variable->type;
  const Memory memory = f.variable(*node.variable);
  Place place = memory_value(type, memory).place;
  return load(f, place);
}

Value emit_node(Function& f, ast::MapAccess& node) { return read_map(f, node); }

Value emit_node(Function& f, ast::Member& node) {
  const types::Type* object_type = node.object->type;
  if (object_type->is_tuple()) return emit_tuple_element(f, node);
  const Value object = emit(f, *node.object);
  const Place record =
      object_type->is_pointer() ? dereference(f, object, object_type->element()) : object.place;
  SONDE_CHECK(record.type->is_record());
  const auto found = record.type->record()->find_field(node.field);
  SONDE_CHECK(found.has_value());
  return load_as(f, field_place(record, found->field), node.type);
}

Value emit_node(Function& f, ast::Index& node) {
  const Value object = emit(f, *node.object);
  const types::Type* type = object.type;
  if (type->is_pointer())
    return emit_element(f, dereference(f, object, type->element()), type->element(), 0,
                        *node.index);
  if (type->is(types::TypeKind::Array))
    return emit_element(f, object.place, type->element(), type->count(), *node.index);
  // A character of a string, a byte of a buffer.
  const bool is_buffer = type->is(types::TypeKind::Buffer);
  const Place bytes = move(object.place, is_buffer ? types::kBufferHeader : 0, node.type);
  return emit_element(f, bytes, node.type, type->capacity(), *node.index);
}

Value emit_node(Function& f, ast::Cast& node) {
  const Value value = emit(f, *node.value);
  const types::Type* to = node.type;
  if (to->is_scalar()) {
    Value result = scalar_value(to, to_scalar(f, value, *to));
    result.is_trusted = value.is_trusted && value.type == to;
    return result;
  }
  if (!value.is_scalar() && value.type == to) return value;
  const Memory memory = f.temporary(*to);
  store(f, value, {memory, to, Fill::Any});
  return memory_value(to, memory);
}

}  // namespace sonde::codegen
