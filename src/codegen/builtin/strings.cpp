#include "codegen/strings.h"

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/convert.h"

namespace sonde::codegen::function {
namespace {

// min(`length` + `extra`, `limit`), so that the verifier sees the bound. No overflow: the length is cut first.
IrValue bounded(Function& f, ast::Expression& length, std::uint32_t extra, std::uint32_t limit) {
  return f.ir.add(at_most(f, to_number(f, emit(f, length)), limit - extra), extra);
}

bool is_constant(const ast::Expression& expression) {
  return expression.kind == ast::NodeKind::IntegerLiteral;
}

// What str() keeps of its source, and who is to blame for the rest: the length argument if the type has room for it.
TextLimit text_limit(Function& f, const FunctionUse& use) {
  const std::uint32_t capacity = use.call.type->capacity();
  TextLimit limit{.bytes = nullptr, .most = capacity, .cut = f.ir.i64(types::kCutByLimit)};
  if (use.call.arguments.size() == 1) return limit;
  ast::Expression& length = *use.call.arguments[1];
  if (const auto* literal = ast::as<ast::IntegerLiteral>(&length)) {
    if (literal->value < capacity) limit.cut = f.ir.i64(types::kCutByScript);
    return limit;
  }
  limit.bytes = bounded(f, length, 1, capacity);
  const IrValue is_short = f.ir.compare(Compare::ULess, limit.bytes, f.ir.i64(capacity));
  limit.cut = f.ir.select(is_short, f.ir.i64(types::kCutByScript), f.ir.i64(types::kCutByLimit));
  return limit;
}

}  // namespace

Value emit_Str(Function& f, const FunctionUse& use) {
  const Destination to = destination(f, use.to, use.call.type);
  const auto& arguments = use.call.arguments;
  if (arguments.size() == 1) {
    if (const auto text = constant_text(*arguments[0])) {
      store_literal(f, *text, to);
      return made_at(to);
    }
  }
  const Value value = emit(f, *arguments[0]);
  if (!value.is_scalar() && arguments.size() == 1) {
    store_string(f, value.place, to);
    return made_at(to);
  }
  TextSource source;
  if (value.is_scalar()) {
    source.address = f.ir.resize(to_scalar(f, value, *value.type), 64, false);
    source.space = value.type->is_pointer() ? space_of(f, *value.type) : f.default_space();
  } else {
    source.address = address(f, value.place);
    source.space = value.place.space == Space::User ? Space::User : Space::Kernel;
    source.end = end_of(f, value.place);
  }
  read_string(f, source, text_limit(f, use), to);
  return made_at(to);
}

// The helper makes the text at the end of the memory and moves it to the front: what lies behind it is not zero.
Value emit_Path(Function& f, const FunctionUse& use) {
  const Destination to = destination(f, use.to, use.call.type);
  const Value path = emit(f, *use.call.arguments[0]);
  const IrValue from = path.is_scalar() ? path.scalar : address(f, path.place);
  Place text;
  text.type = use.call.type;
  const Memory memory = f.temporary(*use.call.type);
  text.base = memory.pointer;
  zero(f, memory, use.call.type->size());
  // The pointer may have come out as 0, of which the verifier knows that it is none.
  const IrBlock known = f.ir.block();
  const IrBlock done = f.ir.block();
  f.ir.branch(f.ir.is_nonzero(from), known, done);
  f.ir.enter(known);
  f.ir.call(Helper::DPath, {f.ir.to_pointer(f.ir.resize(from, 64, false)), memory.pointer,
                            f.ir.i64(use.call.type->capacity())});
  f.ir.jump(done);
  f.ir.enter(done);
  store_string(f, text, to);
  return made_at(to);
}

Value emit_Buf(Function& f, const FunctionUse& use) {
  const Destination to = destination(f, use.to, use.call.type);
  const std::uint32_t capacity = use.call.type->capacity();
  const Value value = emit(f, *use.call.arguments[0]);
  const bool is_dynamic = use.call.arguments.size() == 2 && !is_constant(*use.call.arguments[1]);
  const IrValue length =
      is_dynamic ? bounded(f, *use.call.arguments[1], 0, capacity) : f.ir.i64(capacity);
  if (is_dynamic) zero(f, to.memory, to.type->size());
  // The length takes the lower half of the header's 8 bytes.
  f.ir.store(length, to.memory.pointer, to.memory.align);
  const Memory bytes = at(f.ir, to.memory, types::kBufferHeader);
  if (value.is_scalar()) {
    const Space space = value.type->is_pointer() ? space_of(f, *value.type) : f.default_space();
    probe_read(f, space, bytes, length, f.ir.resize(value.scalar, 64, false));
  } else {
    const Space space = value.place.space == Space::User ? Space::User : Space::Kernel;
    const Place source = value.place.access == types::FieldAccess::Direct
                             ? value.place
                             : follow_data_loc(f, value.place);
    probe_read(f, space, bytes, length, address(f, source));
  }
  return made_at(to);
}

}  // namespace sonde::codegen::function
