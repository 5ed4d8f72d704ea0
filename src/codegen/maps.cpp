#include "codegen/maps.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/Module.h>

#include <vector>

#include "codegen/debug_info.h"

namespace sonde::codegen {
namespace {

constexpr std::uint32_t kMembers = 5;

}  // namespace

llvm::GlobalVariable* declare_map(llvm::Module& module, const std::string& name) {
  auto* pointer = llvm::PointerType::get(module.getContext(), 0);
  auto* type = llvm::ArrayType::get(pointer, kMembers);
  auto* map = new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::ExternalLinkage,
                                       llvm::ConstantAggregateZero::get(type), name);
  map->setSection(".maps");
  map->setDSOLocal(true);
  return map;
}

void define_map(DebugInfo& debug, llvm::GlobalVariable& map, const MapDefinition& definition) {
  std::vector<DebugInfo::Member> members;
  const auto add = [&](const char* name, llvm::DIType* type) {
    members.push_back(
        {name, debug.pointer(type), static_cast<std::uint32_t>(8 * members.size()), 8});
  };
  // A number is spelled as a pointer to an array of that many ints.
  const auto add_number = [&](const char* name, std::uint32_t number) {
    add(name, debug.array(debug.integer(32, true), number, 4));
  };
  add_number("type", static_cast<std::uint32_t>(definition.type));
  add_number("max_entries", definition.max_entries);
  if (definition.flags != 0) add_number("map_flags", definition.flags);
  if (definition.key != nullptr) {
    add("key", definition.key);
    add("value", definition.value);
  } else if (definition.key_size != 0) {
    add_number("key_size", definition.key_size);
    add_number("value_size", definition.value_size);
  }
  debug.describe_global(map, debug.structure("", members, 8 * kMembers));
}

}  // namespace sonde::codegen
