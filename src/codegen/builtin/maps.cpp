#include "base/check.h"
#include "codegen/aggregation.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/stack.h"
#include "codegen/convert.h"
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

Value emit_Find(Function& f, const FunctionUse& use) {
  const MapUse map = use_of(f, map_argument(use).map);
  const auto* variable = ast::as<ast::ScratchVariable>(use.call.arguments[2]);
  SONDE_CHECK(variable != nullptr);
  const Memory key = emit_key(f, map_of(f, map_argument(use)), use.call.arguments[1]);
  const IrValue is_found = f.ir.stack_scalar(64);
  f.ir.store(f.ir.i64(0), is_found, 8);
  if_not_null(f, lookup(f, map, key), [&](IrValue pointer) {
    f.ir.store(f.ir.i64(1), is_found, 8);
    const types::Type* type = variable->variable->type;
    store(f, element_value(f, map, key, pointer),
          {f.variable(*variable->variable), type, Fill::Any});
  });
  return truth(f, use, f.ir.is_nonzero(f.ir.load(64, is_found, 8)));
}

Value emit_Len(Function& f, const FunctionUse& use) {
  ast::Expression& argument = *use.call.arguments[0];
  if (auto* access = ast::as<ast::MapAccess>(&argument);
      access != nullptr && access->key == nullptr) {
    const plan::Map& map = map_of(f, *access);
    if (!map.is_scalar()) return number(f, use.call.type, count_keys(f, access->map));
  }
  SONDE_CHECK(argument.type->is_stack());
  return number(f, use.call.type, stack_depth(f, emit(f, argument)));
}

}  // namespace sonde::codegen::function
