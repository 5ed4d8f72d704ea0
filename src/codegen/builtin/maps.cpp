#include "base/check.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/stack.h"
#include "codegen/map_ops.h"

namespace sonde::codegen::function {
namespace {

ast::MapAccess& map_argument(const FunctionUse& use) {
  auto* access = ast::as<ast::MapAccess>(use.call.arguments[0]);
  SONDE_CHECK(access != nullptr);
  return *access;
}

// delete(@m[k]) and delete(@m, k).
ast::Expression* key_argument(const FunctionUse& use) {
  return use.call.arguments.size() == 2 ? use.call.arguments[1] : map_argument(use).key;
}

Value truth(Function& f, const FunctionUse& use, IrValue boolean) {
  const types::Type* type = use.call.type;
  if (type->is_void()) return no_value(type);
  return scalar_value(type, f.ir.resize(boolean, register_bits(*type), false));
}

}  // namespace

Value emit_Delete(Function& f, const FunctionUse& use) {
  return truth(f, use, delete_key(f, map_argument(use).map, key_argument(use)));
}

Value emit_HasKey(Function& f, const FunctionUse& use) {
  return truth(f, use, has_key(f, map_argument(use).map, key_argument(use)));
}

Value emit_Len(Function& f, const FunctionUse& use) {
  ast::Expression& argument = *use.call.arguments[0];
  if (auto* access = ast::as<ast::MapAccess>(&argument);
      access != nullptr && access->key == nullptr) {
    const plan::Map& map = map_of(f, *access);
    if (!map.is_scalar()) return number(f, use.call.type, count_keys(f, access->map));
  }
  SONDE_CHECK(argument.type->is_stack());
  return number(f, use.call.type, stack_depth(f, *argument.type));
}

}  // namespace sonde::codegen::function
