// Members, elements, casts, variables and maps as values.
#include "codegen/access.h"

#include <charconv>

#include "base/check.h"
#include "codegen/context/user_values.h"
#include "codegen/convert.h"
#include "codegen/event.h"
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

Place tuple_place(const Place& tuple, std::size_t index) {
  const types::Type& type = *tuple.type;
  SONDE_CHECK(index < type.elements().size());
  return move(tuple, type.element_offset(index), type.elements()[index]);
}

void warn_of_index(Function& f, IrValue index, std::uint32_t count) {
  plan::Action action;
  action.kind = plan::ActionKind::IndexOutside;
  action.location = f.location();
  constexpr std::uint32_t kHeader = sizeof(plan::RecordHeader);
  types::Context& types = *f.module.manifest().types;
  action.fields = {{.offset = kHeader, .type = types.int64()},
                   {.offset = kHeader + 8, .type = types.uint64()}};
  action.size = kHeader + 16;
  const auto send = [&](IrValue value) {
    return FieldSource{.expression = nullptr, .write = [&f, value](const Destination& to) {
                         f.ir.store(value, to.memory.pointer, 8);
                       }};
  };
  const FieldSource sources[] = {send(index), send(f.ir.i64(count))};
  warn_once(f, f.module.add_action(std::move(action)), sources);
}

// An element of an array in BPF memory, beyond whose end the verifier lets nobody read: what is not there reads as 0.
Place checked_element(Function& f, const Place& array, const types::Type* element,
                      std::uint32_t count, IrValue number) {
  Ir& ir = f.ir;
  const IrValue index = ir.opaque(number);
  const IrBlock inside = ir.block();
  const IrBlock outside = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.compare(Compare::ULess, index, ir.i64(count)), inside, outside);
  ir.enter(inside);
  Place place = move(f, array, ir.binary(Op::Mul, index, ir.i64(element->size())), element);
  const IrValue there = memory(f, place).pointer;
  ir.jump(done);
  ir.enter(outside);
  warn_of_index(f, index, count);
  const IrBlock from = ir.current();
  const IrValue nowhere = f.module.zeros(element->size());
  ir.jump(done);
  ir.enter(done);
  place.base = ir.phi(there, inside, nowhere, from);
  place.offset = 0;
  return place;
}

Place element_place(Function& f, const Place& array, const types::Type* element,
                    std::uint32_t count, ast::Expression& index) {
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&index)) {
    return move(array, static_cast<std::int64_t>(literal->value * element->size()), element);
  }
  const Value value = emit(f, index);
  SONDE_CHECK(value.is_scalar());
  const IrValue number = f.ir.resize(value.scalar, 64, value.type->is_signed());
  if (array.space == Space::Bpf && count != 0)
    return checked_element(f, array, element, count, number);
  const IrValue bytes = f.ir.binary(Op::Mul, number, f.ir.i64(element->size()));
  return move(f, array, bytes, element);
}

bool is_args(const ast::Expression& node) {
  const auto* name = ast::as<ast::Identifier>(&node);
  return name != nullptr && name->variable != nullptr &&
         name->variable->id == builtins::VariableId::Args;
}

Place place_of(Function& f, ast::Member& node) {
  if (is_args(*node.object) && has_user_arguments(f)) return user_argument(f, node.field);
  const types::Type* object_type = node.object->type;
  const Value object = emit(f, *node.object);
  if (object_type->is_tuple()) {
    std::size_t index = 0;
    std::from_chars(node.field.data(), node.field.data() + node.field.size(), index);
    return tuple_place(object.place, index);
  }
  const Place record =
      object_type->is_pointer() ? dereference(f, object, object_type->element()) : object.place;
  SONDE_CHECK(record.type->is_record());
  const auto found = record.type->record()->find_field(node.field);
  SONDE_CHECK(found.has_value());
  return field_place(record, found->field);
}

Place place_of(Function& f, ast::Index& node) {
  const Value object = emit(f, *node.object);
  const types::Type* type = object.type;
  if (type->is_tuple()) {
    const auto* index = ast::as<ast::IntegerLiteral>(node.index);
    SONDE_CHECK(index != nullptr);
    return tuple_place(object.place, index->value);
  }
  if (type->is_pointer()) {
    const Place pointee = dereference(f, object, type->element());
    return element_place(f, pointee, type->element(), 0, *node.index);
  }
  if (type->is(types::TypeKind::Array))
    return element_place(f, object.place, type->element(), type->count(), *node.index);
  // A character of a string, a byte of a buffer.
  const bool is_buffer = type->is(types::TypeKind::Buffer);
  const Place bytes = move(object.place, is_buffer ? types::kBufferHeader : 0, node.type);
  return element_place(f, bytes, node.type, type->capacity(), *node.index);
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

Value emit_node(Function& f, ast::Member& node) { return load_as(f, place_of(f, node), node.type); }

Value emit_node(Function& f, ast::Index& node) { return load(f, place_of(f, node)); }

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

namespace {

// 0 if the map has no such key.
IrValue address_of_element(Function& f, ast::MapAccess& access) {
  const plan::Map& map = map_of(f, access);
  const Memory key = emit_key(f, map, access.key);
  const IrValue result = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), result, 8);
  const std::int64_t header = map.is_scalar() ? plan::kScalarHeader : 0;
  if_not_null(f, lookup(f, access.map, key), [&](IrValue value) {
    f.ir.store(f.ir.to_integer(f.ir.offset(value, header)), result, 8);
  });
  return f.ir.load(64, result, 8);
}

}  // namespace

IrValue emit_address(Function& f, ast::Expression& node) {
  if (auto* access = ast::as<ast::MapAccess>(&node)) return address_of_element(f, *access);
  if (auto* variable = ast::as<ast::ScratchVariable>(&node))
    return f.ir.to_integer(f.variable(*variable->variable).pointer);
  Place place;
  if (auto* member = ast::as<ast::Member>(&node)) {
    place = place_of(f, *member);
  } else if (auto* index = ast::as<ast::Index>(&node)) {
    place = place_of(f, *index);
  } else {
    auto* unary = ast::as<ast::Unary>(&node);
    SONDE_CHECK(unary != nullptr);
    return f.ir.resize(emit(f, *unary->operand).scalar, 64, false);
  }
  if (place.access != types::FieldAccess::Direct) place = follow_data_loc(f, place);
  return address(f, place);
}

// By way of memory that the verifier does not look into: what it gets back is a number, which may be calculated with.
Value emit_address_of(Function& f, ast::Unary& node) {
  const IrValue pointer = emit_address(f, *node.operand);
  const IrValue hidden = f.hidden(sizeof(std::uint64_t)).pointer;
  f.ir.store(pointer, hidden, 8);
  return scalar_value(node.type, f.ir.load(64, hidden, 8, Volatile::Yes));
}

}  // namespace sonde::codegen
