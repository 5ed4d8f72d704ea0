// What a program decides on what it looks at.
#include "base/check.h"
#include "codegen/builtin/builtin.h"
#include "codegen/context/context.h"

namespace sonde::codegen::function {
namespace {

Value decide(Function& f, const FunctionUse& use, std::uint64_t verdict) {
  const Memory to = kept(f, f.shared.verdict);
  f.ir.store(f.ir.i64(verdict), to.pointer, 8);
  return no_value(use.call.type);
}

}  // namespace

Value emit_Drop(Function& f, const FunctionUse& use) {
  return decide(f, use, context_access(f.program.type).dropped);
}

Value emit_Pass(Function& f, const FunctionUse& use) {
  return decide(f, use, f.program.row().result);
}

Value emit_Deny(Function& f, const FunctionUse& use) {
  const auto* number = ast::as<ast::IntegerLiteral>(use.call.arguments[0]);
  SONDE_CHECK(number != nullptr);
  return decide(f, use, number->value);
}

Value emit_Override(Function& f, const FunctionUse& use) {
  const auto override = context_access(f.program.type).override;
  SONDE_CHECK(override != nullptr);
  override(f, emit_scalar(f, *use.call.arguments[0], *f.module.manifest().types->int64()));
  return no_value(use.call.type);
}

}  // namespace sonde::codegen::function
