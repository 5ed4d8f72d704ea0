// Expressions that look into memory or at types: fields, elements, casts, sizeof and offsetof.
#include <algorithm>
#include <string>
#include <utility>

#include "ast/walk.h"
#include "base/text.h"
#include "sema/adapt.h"
#include "sema/address_space.h"
#include "sema/checker.h"
#include "sema/fold.h"
#include "sema/operator_rules.h"
#include "sema/user_arguments.h"
#include "types/layout.h"
#include "types/located.h"

namespace sonde::sema {
namespace {

using types::AddressSpace;
using types::Record;
using types::TypeKind;

// "struct x" for a record or a pointer to one; null for all else.
const Type* record_of(const Type* type) {
  if (type->is_pointer()) type = type->element();
  return type->is_record() ? type : nullptr;
}

// "it has a, b, c"; "" if that would be long.
std::string is_made_of(Record& record) {
  constexpr std::size_t kShort = 12;
  const std::vector<std::string> names = record.field_names();
  if (names.empty() || names.size() > kShort) return {};
  std::string all = "it has ";
  for (std::size_t i = 0; i < names.size(); ++i) all += (i > 0 ? ", " : "") + names[i];
  return all;
}

std::string unknown_field_hint(Record& record, const std::string& field) {
  std::string near = diag::did_you_mean(nearest(field, record.field_names()));
  return near.empty() ? is_made_of(record) : near;
}

// The size of what `node` names depends on a variable or a map.
bool may_grow(ast::SizeOf& node) {
  bool found = false;
  ast::walk(node, [&](ast::Node& part) {
    found = found || part.kind == ast::NodeKind::ScratchVariable ||
            part.kind == ast::NodeKind::MapAccess;
  });
  return found;
}

// One body serves all attach points of the probe, so a field of `args` must be the same in all of them; its offset may
// differ (each layout gets its own program).
bool same_in_all_probes(Session& session, const ProbeFacts& probe, const ast::Member& node,
                        const Type* type) {
  const plan::AttachPoint* first = nullptr;
  for (const plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.args == nullptr) continue;
    if (first == nullptr) first = &point;
    const auto found = point.args->record()->find_field(node.field);
    if (!found) {
      session.emit(kinds::UnknownField, node.field_location, point.args->name(), node.field)
          .hint(fmt::format("{} has it, but this probe is for both", first->name));
      return false;
    }
    if (found->field.type != type) {
      session
          .emit(kinds::ArgumentTypesDiffer, node.location, node.field, type->name(), first->name,
                found->field.type->name(), point.name)
          .hint("write two probes");
      return false;
    }
  }
  return true;
}

const Type* record_field(Session& session, ProbeFacts& probe, ast::Member& node, const Type* type) {
  Record& record = *type->record();
  const auto found = record.find_field(node.field);
  if (!found && is_args(*node.object) && is_missing_argument(session, probe, node)) return nullptr;
  if (!found) {
    diag::Builder report =
        session.emit(kinds::UnknownField, node.field_location, type->name(), node.field);
    report.hint(record.complete() ? unknown_field_hint(record, node.field)
                                  : "its definition is not known");
    return nullptr;
  }
  const Type* field = found->field.type;
  if (is_args(*node.object) && !same_in_all_probes(session, probe, node, field)) return nullptr;
  if (is_args(*node.object) && !keep_arguments(session, probe, node.field_location, &node.field))
    return nullptr;
  const bool located = found->field.access != types::FieldAccess::Direct;
  if (located && !is_args(*node.object)) {
    session
        .emit(kinds::UnsupportedFeature, node.location,
              fmt::format("'{}' of a copy of 'args'", node.field))
        .hint(fmt::format("its text lies behind what is copied: use args.{}", node.field));
    return nullptr;
  }
  if (types::is_located_text(found->field)) {
    return session.types.string(std::min(session.options.settings.max_strlen, types::kLocatedText));
  }
  return read_from(session.types, space_of(session, node), field);
}

// `tuple[1]` is `tuple.1`.
const Type* element_of_tuple(Session& session, ast::Index& node, const Type& tuple) {
  const std::optional<Constant> index = constant_value(*node.index);
  const std::size_t count = tuple.elements().size();
  if (!index) {
    session.emit(kinds::TupleIndex, node.index->location)
        .hint("its elements may have different types: the type must be known while compiling");
    return nullptr;
  }
  if (index->negative() || index->bits >= count) {
    session.emit(
        kinds::IndexOutOfRange, node.index->location,
        index->negative() ? fmt::format("{}", index->value()) : fmt::format("{}", index->bits),
        count);
    return nullptr;
  }
  node.index = make_literal(session, *node.index, *index);
  return tuple.elements()[index->bits];
}

// Between arrays of integers, integers and strings, byte by byte. Null if there is no such cast.
const Type* array_cast(Session& session, ast::Cast& node, const Type* from, const Type* to) {
  if (to->is(TypeKind::Array) && to->count() == 0) {
    const std::uint32_t unit = to->element()->size();
    if (unit == 0 || from->size() % unit != 0) return nullptr;
    to = session.types.array(to->element(), from->size() / unit);
  }
  const auto holds_integers = [](const Type* type) {
    while (type->is(TypeKind::Array)) type = type->element();
    return type->is_integral();
  };
  if (from->is_string() || to->is_string()) {
    const bool whole = to->is_string() || from->size() == to->size();
    return is_char_array(from->is_string() ? to : from) && whole ? to : nullptr;
  }
  if (!holds_integers(from) || !holds_integers(to)) return nullptr;
  if (!from->is_integral()) return from->size() == to->size() ? to : nullptr;
  // An integer may be narrower: a variable has the smallest type that holds its values.
  const std::uint32_t bytes = to->size();
  const bool is_width = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  if (!is_width || from->size() > bytes) return nullptr;
  adapt(session.types, *node.value, session.types.integer(bytes * 8, from->is_signed()));
  return to;
}

// One step of the path: adds to the offset and returns the type there, null after an error.
const Type* field_offset(Session& session, ast::OffsetOf& node, const Type* type,
                         const std::string& name) {
  if (!type->is_record()) {
    session.emit(kinds::NotARecord, node.path_location, type->name());
    return nullptr;
  }
  const auto found = type->record()->find_field(name);
  if (!found) {
    session.emit(kinds::UnknownField, node.path_location, type->name(), name)
        .hint(unknown_field_hint(*type->record(), name));
    return nullptr;
  }
  if (found->field.bit_field) {
    session.emit(kinds::OffsetOfBitField, node.path_location, name);
    return nullptr;
  }
  node.offset += found->field.offset;
  return found->field.type;
}

const Type* element_offset(Session& session, ast::OffsetOf& node, const Type* type,
                           const std::string& index) {
  const std::optional<std::uint64_t> number = parse_u64(index);
  if (!type->is(TypeKind::Array)) {
    session.emit(kinds::NotIndexable, node.path_location, type->name());
    return nullptr;
  }
  // One behind the last is a place that C may ask for; a flexible array has any number.
  if (!number || (type->count() > 0 && *number > type->count())) {
    session.emit(kinds::IndexOutOfRange, node.path_location, index, type->count());
    return nullptr;
  }
  node.offset += *number * type->element()->size();
  return type->element();
}

}  // namespace

const Type* Checker::check(ast::Member& node, ast::Expression*&) {
  const auto* name = ast::as<ast::Identifier>(node.object);
  const bool before = std::exchange(names_one_argument_, name != nullptr);
  const Type* type = place(node.object);
  names_one_argument_ = before;
  if (type == nullptr) return nullptr;
  if (type->is_tuple()) {
    const auto index = parse_u64(node.field);
    if (index && *index < type->elements().size()) return type->elements()[*index];
    if (index) {
      session_.emit(kinds::IndexOutOfRange, node.field_location, node.field,
                    type->elements().size());
    } else {
      session_.emit(kinds::UnknownField, node.field_location, type->name(), node.field)
          .hint("elements of a tuple are numbered: .0, .1, ...");
    }
    return nullptr;
  }
  if (const Type* record = record_of(type)) return record_field(session_, probe_, node, record);
  diag::Builder report = session_.emit(kinds::NotARecord, node.location, type->name());
  if (type->is_integer())
    report.hint(fmt::format("cast it first: ((struct NAME *)...).{}", node.field));
  if (type->is_pointer() && type->element()->is_integer() && type->element()->size() == 1)
    report.hint("it points to a text: str(...) reads it");
  return nullptr;
}

const Type* Checker::check(ast::Index& node, ast::Expression*&) {
  const Type* type = place(node.object);
  const Type* index = value(node.index);
  if (type == nullptr || index == nullptr) return nullptr;
  if (type->is_tuple()) return element_of_tuple(session_, node, *type);
  const bool pointer = type->is_pointer() && !type->element()->is_void();
  if (!pointer && !type->is(TypeKind::Array)) {
    diag::Builder report = session_.emit(kinds::NotIndexable, node.location, type->name());
    if (type->is_pointer()) report.hint("cast it to the type that it points to");
    if (type->is_string()) report.hint("substr(text, 0, 1) is its first character");
    if (type->is_record()) report.hint(is_made_of(*type->record()));
    return nullptr;
  }
  if (!index->is_integral()) {
    session_.emit(kinds::OperandTypes, node.index->location, "[]", type->name(), index->name());
    return nullptr;
  }
  if (type->is_pointer()) return read_from(session_.types, type->address_space(), type->element());
  const std::optional<Constant> constant = constant_value(*node.index);
  if (constant && type->count() > 0 && (constant->negative() || constant->bits >= type->count())) {
    const std::string text = constant->negative() ? fmt::format("{}", constant->value())
                                                  : fmt::format("{}", constant->bits);
    session_.emit(kinds::IndexOutOfRange, node.index->location, text, type->count());
    return nullptr;
  }
  return read_from(session_.types, space_of(session_, node), type->element());
}

const Type* Checker::type_of(ast::TypeName& name) {
  if (name.of == nullptr) return name.type;
  const Type* type = place(name.of);
  if (type == nullptr) return nullptr;
  for (std::uint32_t i = 0; i < name.pointers; ++i) {
    type = session_.types.pointer(type, AddressSpace::Unknown);
  }
  for (std::size_t i = name.dimensions.size(); i > 0; --i) {
    const std::uint64_t bytes = types::array_bytes(*type, name.dimensions[i - 1]);
    if (bytes > types::kMaxArrayBytes) {
      session_.emit(kinds::TypeTooLarge, name.location, "this array", bytes, types::kMaxArrayBytes);
      return nullptr;
    }
    type = session_.types.array(type, name.dimensions[i - 1]);
  }
  return name.type = type;
}

const Type* Checker::check(ast::Cast& node, ast::Expression*&) {
  const Type* from = place(node.value);
  const Type* to = type_of(node.target);
  if (from == nullptr || to == nullptr) return nullptr;
  const bool number = from->is_integral() || from->is_pointer();
  if (to->is_pointer() && number) {
    if (to->address_space() != AddressSpace::Unknown) return to;
    const AddressSpace own = from->is_pointer() ? from->address_space() : AddressSpace::Unknown;
    return session_.types.with_space(to, own != AddressSpace::Unknown ? own : probe_.space);
  }
  if (to->is_integral() && (number || from->is(TypeKind::KernelSymbol))) return to;
  if (from->is(TypeKind::Array) || to->is(TypeKind::Array)) {
    if (const Type* type = array_cast(session_, node, from, to)) return type;
  }
  diag::Builder report = session_.emit(kinds::InvalidCast, node.location, from->name(), to->name());
  if (from->is(TypeKind::Float) || to->is(TypeKind::Float)) return report.hint(kFloatHint), nullptr;
  if (to->is_record()) report.hint(fmt::format("cast to a pointer: ({} *)", to->name()));
  if (to->is_string() && number) report.hint("str() reads a string");
  if (to->is_integral() && from->is_string())
    report.hint("texts are not read as numbers; a parameter of the command line, '$1', is one");
  if (from->is(TypeKind::Array) || to->is(TypeKind::Array)) {
    report.hint(fmt::format("they have {} and {} bytes", from->size(), to->size()));
  }
  return nullptr;
}

const Type* Checker::check(ast::SizeOf& node, ast::Expression*& slot) {
  const Type* type = node.value != nullptr ? place(node.value) : type_of(node.type_name);
  if (type == nullptr) return nullptr;
  if (type->is_record() && !type->record()->complete()) {
    session_.emit(kinds::UnknownType, node.location, type->name())
        .hint("it is declared, but its definition is not known");
    return nullptr;
  }
  node.bytes = type->visible_size();
  ast::IntegerLiteral* literal = make_literal(session_, node, {*node.bytes, false});
  // What holds values may still grow.
  if (session_.final_pass || !may_grow(node)) slot = literal;
  return literal->type;
}

// Macros take types, functions do not.
const Type* Checker::check(ast::TypeArgument& node, ast::Expression*&) {
  session_.emit(kinds::TypeAsValue, node.location).hint("sizeof() gives the size of a type");
  return nullptr;
}

const Type* Checker::check(ast::OffsetOf& node, ast::Expression*& slot) {
  const Type* type = node.value != nullptr ? place(node.value) : type_of(node.type_name);
  if (type == nullptr) return nullptr;
  if (node.value != nullptr && record_of(type) != nullptr) type = record_of(type);
  node.offset = 0;
  for (const std::string& step : node.path) {
    const bool is_element = step[0] >= '0' && step[0] <= '9';
    type = is_element ? element_offset(session_, node, type, step)
                      : field_offset(session_, node, type, step);
    if (type == nullptr) return nullptr;
  }
  slot = make_literal(session_, node, {node.offset, false});
  return slot->type;
}

}  // namespace sonde::sema
