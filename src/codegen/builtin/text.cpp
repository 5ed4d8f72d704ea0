// Functions that look at strings, and make strings of strings.
#include <algorithm>
#include <vector>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/compare.h"
#include "codegen/convert.h"
#include "codegen/scan.h"
#include "codegen/search.h"
#include "codegen/strings.h"

namespace sonde::codegen::function {
namespace {

// Temporaries up to this size may be on the stack, where the verifier wants all bytes to be written before a helper writes some
// of them at a place that it does not know.
constexpr std::uint32_t kStackBytes = 64;

// A string argument in BPF memory.
struct Text {
  Memory memory;
  IrValue address = nullptr;  // The same as an i64.
  IrValue length = nullptr;
  IrValue end = nullptr;  // types::StringEnd
  std::uint32_t capacity = 0;
};

Text text_argument(Function& f, const FunctionUse& use, std::size_t index) {
  ast::Expression& argument = *use.call.arguments[index];
  const Memory memory = emit_in_memory(f, argument);
  Text text{.memory = memory,
            .address = f.ir.to_integer(memory.pointer),
            .length = nullptr,
            .end = end_of(f, memory_value(argument.type, memory).place),
            .capacity = argument.type->capacity()};
  return text;
}

IrValue length_of(Function& f, const FunctionUse& use, std::size_t index, const Text& text) {
  const auto known = constant_text(*use.call.arguments[index]);
  return known ? f.ir.i64(known->size()) : string_length(f, text.memory, text.capacity);
}

// The address at `offset`, an i64 that does not lie beyond the end. To the verifier the address is still a pointer, to which it
// lets only bounded numbers be added; opaque, or LLVM makes a bitwise or of it where the address is aligned.
IrValue inside_of(Function& f, const Text& text, IrValue offset) {
  return f.ir.binary(Op::Add, f.ir.opaque(text.address), at_most(f, offset, text.capacity));
}

Value truth(Function& f, const FunctionUse& use, IrValue condition) {
  return number(f, use.call.type, f.ir.resize(condition, 64, false));
}

// The first `size` bytes of an argument of memcmp().
Memory bytes_argument(Function& f, ast::Expression& argument, std::uint32_t size) {
  const Value value = emit(f, argument);
  if (value.is_scalar()) {
    const Memory copy = f.temporary(std::max(size, 8U));
    probe_read(f, space_of(f, *value.type), copy, f.ir.i64(size), value.scalar);
    return copy;
  }
  const Memory memory = in_memory(f, value.place);
  const bool is_buffer = value.type->is(types::TypeKind::Buffer);
  return is_buffer ? at(f.ir, memory, types::kBufferHeader) : memory;
}

}  // namespace

Value emit_StrNCmp(Function& f, const FunctionUse& use) {
  const auto* length = ast::as<ast::IntegerLiteral>(use.call.arguments[2]);
  SONDE_CHECK(length != nullptr);
  if (length->value == 0) return number(f, use.call.type, f.ir.i64(0));
  const auto limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(length->value, UINT32_MAX));
  const IrValue equal = strings_equal(f, *use.call.arguments[0], *use.call.arguments[1], limit);
  return truth(f, use, f.ir.logical_not(equal));
}

Value emit_MemCmp(Function& f, const FunctionUse& use) {
  const auto* count = ast::as<ast::IntegerLiteral>(use.call.arguments[2]);
  SONDE_CHECK(count != nullptr);
  const auto size = static_cast<std::uint32_t>(count->value);
  if (size == 0) return number(f, use.call.type, f.ir.i64(0));
  const Memory a = bytes_argument(f, *use.call.arguments[0], size);
  const Memory b = bytes_argument(f, *use.call.arguments[1], size);
  return number(f, use.call.type, bytes_order(f, a, b, size));
}

Value emit_StrLen(Function& f, const FunctionUse& use) {
  if (const auto text = constant_text(*use.call.arguments[0]))
    return number(f, use.call.type, f.ir.i64(text->size()));
  const Text text = text_argument(f, use, 0);
  return number(f, use.call.type, string_length(f, text.memory, text.capacity));
}

Value emit_StrStr(Function& f, const FunctionUse& use) {
  return number(f, use.call.type, find_text(f, *use.call.arguments[0], *use.call.arguments[1]));
}

Value emit_StrContains(Function& f, const FunctionUse& use) {
  const IrValue found = find_text(f, *use.call.arguments[0], *use.call.arguments[1]);
  return truth(f, use, f.ir.compare(Compare::SGreaterEqual, found, f.ir.i64(0)));
}

Value emit_StartsWith(Function& f, const FunctionUse& use) {
  const Text text = text_argument(f, use, 0);
  const Text prefix = text_argument(f, use, 1);
  const std::uint32_t size = std::min(text.capacity, prefix.capacity);
  return truth(f, use, begins_with(f, text.memory, prefix.memory, size, scan_place(f, size)));
}

Value emit_EndsWith(Function& f, const FunctionUse& use) {
  Ir& ir = f.ir;
  const Text text = text_argument(f, use, 0);
  const Text suffix = text_argument(f, use, 1);
  const IrValue length = length_of(f, use, 0, text);
  const IrValue wanted = length_of(f, use, 1, suffix);
  const IrValue fits = ir.compare(Compare::ULessEqual, wanted, length);
  const IrValue skipped = ir.select(fits, ir.binary(Op::Sub, length, wanted), ir.i64(0));
  const Memory end = f.temporary(suffix.capacity);
  ir.store(ir.integer(8, 0), end.pointer, 1);
  probe_read_string(f, Space::Kernel, end, ir.i64(suffix.capacity), inside_of(f, text, skipped));
  const IrValue equal = text_equal(f, suffix.memory, end, suffix.capacity);
  return truth(f, use, ir.binary(Op::And, fits, equal));
}

// The parts are read one behind the other; each overwrites the NUL of the one before it.
Value emit_StrConcat(Function& f, const FunctionUse& use) {
  Ir& ir = f.ir;
  std::vector<Text> parts;
  std::uint32_t total = 1;
  IrValue end = ir.i64(types::kWhole);
  for (std::size_t i = 0; i < use.call.arguments.size(); ++i) {
    parts.push_back(text_argument(f, use, i));
    total += parts.back().capacity - 1;
    end = ir.binary(Op::Or, end, parts.back().end);
  }
  const Destination to = destination(f, use.to, use.call.type);
  const std::uint32_t capacity = use.call.type->capacity();
  const Memory whole = total <= capacity ? to.memory : f.temporary(total);
  if (to.fill == Fill::Zero || total <= kStackBytes) zero(f, whole, total);
  ir.store(ir.integer(8, 0), whole.pointer, 1);
  IrValue offset = ir.i64(0);
  for (const Text& part : parts) {
    // Opaque as in inside_of().
    const Memory behind{ir.offset(whole.pointer, ir.opaque(offset)), 1};
    const IrValue read =
        probe_read_string(f, Space::Kernel, behind, ir.i64(part.capacity), part.address);
    const IrValue length = at_most(f, ir.add(read, ~0ULL), part.capacity - 1);
    offset = ir.binary(Op::Add, offset, length);
  }
  if (total <= capacity) {
    if (to.fill == Fill::Zero) zero(f, at(ir, to.memory, total), to.type->capacity() - total);
    mark_end(f, to, end);
  } else {
    const TextLimit limit{.bytes = nullptr, .most = capacity, .cut = ir.i64(types::kCutByLimit)};
    read_string(f, {Space::Kernel, ir.to_integer(whole.pointer), end}, limit, to);
  }
  return made_at(to);
}

Value emit_SubStr(Function& f, const FunctionUse& use) {
  Ir& ir = f.ir;
  const Text text = text_argument(f, use, 0);
  const IrValue length = length_of(f, use, 0, text);
  const IrValue start = to_number(f, emit(f, *use.call.arguments[1]));
  const IrValue zero_value = ir.i64(0);
  // Below 0 it counts from the end; what lies outside is cut away.
  const IrValue from_end = ir.binary(Op::Add, length, start);
  const IrValue inside = ir.compare(Compare::SLess, from_end, zero_value);
  const IrValue negative = ir.select(inside, zero_value, from_end);
  const IrValue positive = ir.select(ir.compare(Compare::SLess, start, length), start, length);
  const IrValue begin =
      ir.select(ir.compare(Compare::SLess, start, zero_value), negative, positive);

  const std::uint32_t capacity = use.call.type->capacity();
  TextLimit limit{.bytes = nullptr, .most = capacity, .cut = nullptr, .may_cut = false};
  TextSource source{Space::Kernel, inside_of(f, text, begin), text.end};
  if (use.call.arguments.size() > 2) {
    ast::Expression& bytes = *use.call.arguments[2];
    const IrValue given = to_number(f, emit(f, bytes));
    const IrValue wanted =
        ir.select(ir.compare(Compare::SLess, given, zero_value), zero_value, given);
    if (bytes.kind != ast::NodeKind::IntegerLiteral)
      limit.bytes = ir.add(at_most(f, wanted, capacity - 1), 1);
    // A part from the middle is whole, even if the string was cut.
    const IrValue rest = ir.binary(Op::Sub, length, begin);
    const IrValue has_end = ir.compare(Compare::ULessEqual, rest, wanted);
    source.end = ir.select(has_end, text.end, ir.i64(types::kWhole));
  }
  const Destination to = destination(f, use.to, use.call.type);
  read_string(f, source, limit, to);
  return made_at(to);
}

Value emit_Split(Function& f, const FunctionUse& use) {
  Ir& ir = f.ir;
  const Text text = text_argument(f, use, 0);
  const auto separator = constant_text(*use.call.arguments[1]);
  SONDE_CHECK(separator.has_value());
  ast::Expression& index = *use.call.arguments[2];
  const auto* literal = ast::as<ast::IntegerLiteral>(&index);
  const bool may_be_negative =
      literal != nullptr ? static_cast<std::int64_t>(literal->value) < 0 : index.type->is_signed();
  const PieceIndex number{to_number(f, emit(f, index)), may_be_negative};
  const Piece piece = find_piece(f, text.memory, text.capacity, *separator, number);
  const std::uint32_t capacity = use.call.type->capacity();
  const TextLimit limit{.bytes = ir.add(at_most(f, piece.length, capacity - 1), 1),
                        .most = capacity,
                        .cut = nullptr,
                        .may_cut = false};
  const IrValue end = ir.select(piece.is_last, text.end, ir.i64(types::kWhole));
  const Destination to = destination(f, use.to, use.call.type);
  read_string(f, {Space::Kernel, inside_of(f, text, piece.begin), end}, limit, to);
  return made_at(to);
}

Value emit_GlobMatch(Function& f, const FunctionUse& use) {
  const Text text = text_argument(f, use, 0);
  const auto pattern = constant_text(*use.call.arguments[1]);
  SONDE_CHECK(pattern.has_value());
  const auto glob = compile_glob(*pattern);
  SONDE_CHECK(glob.has_value());
  return truth(f, use, glob_matches(f, text.memory, text.capacity, *glob));
}

Value emit_BSwap(Function& f, const FunctionUse& use) {
  const types::Type& type = *use.call.type;
  const IrValue value =
      f.ir.resize(to_number(f, emit(f, *use.call.arguments[0])), type.bits(), false);
  return scalar_value(&type, type.bits() == 8 ? value : f.ir.byte_swap(value));
}

}  // namespace sonde::codegen::function
