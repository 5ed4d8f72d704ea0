#include "codegen/debug_info.h"

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/check.h"
#include "codegen/ir_state.h"
#include "codegen/llvm_compat.h"

namespace sonde::codegen {
namespace {

namespace dwarf = llvm::dwarf;

// Offsets of the first byte of each line.
std::vector<std::uint32_t> line_starts(std::string_view text) {
  std::vector<std::uint32_t> starts{0};
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

}  // namespace

struct DebugInfo::State {
  struct File {
    llvm::DIFile* file = nullptr;
    std::vector<std::uint32_t> lines;
  };

  State(llvm::Module& m, const diag::Sources& s) : module(m), sources(s), builder(m) {}

  llvm::Module& module;
  const diag::Sources& sources;
  llvm::DIBuilder builder;
  llvm::DICompileUnit* unit = nullptr;
  std::map<std::uint32_t, File> files;
  std::map<std::pair<std::uint32_t, bool>, llvm::DIType*> integers;
  std::map<const types::Type*, llvm::DIType*> types;

  File& file(std::uint32_t source);
  diag::Position position(diag::Location where);
};

DebugInfo::State::File& DebugInfo::State::file(std::uint32_t source) {
  const bool known = source != diag::Location::kNoSource;
  File& entry = files[known ? sources.origin(source) : source];
  if (entry.file == nullptr) {
    const std::string_view name = known ? std::string_view(sources.get(source).name) : "script";
    const std::string_view text = known ? std::string_view(sources.get(source).text) : "";
    // The embedded text gives the line info its source lines: no such file need exist.
    entry.file = text.empty() ? builder.createFile(name, ".")
                              : builder.createFile(name, ".", std::nullopt, llvm::StringRef(text));
    entry.lines = line_starts(text);
  }
  return entry;
}

diag::Position DebugInfo::State::position(diag::Location where) {
  const std::vector<std::uint32_t>& lines = file(where.source).lines;
  const auto after = std::upper_bound(lines.begin(), lines.end(), where.begin);
  const auto line = static_cast<std::uint32_t>(after - lines.begin());
  return {line, where.begin - lines[line - 1] + 1};
}

DebugInfo::DebugInfo(llvm::Module& module, const diag::Sources& sources, diag::Location first)
    : state_(std::make_unique<State>(module, sources)) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  state_->unit = compat::create_compile_unit(state_->builder, state_->file(first.source).file);
}

DebugInfo::~DebugInfo() = default;

llvm::DIType* DebugInfo::integer(std::uint32_t bits, bool is_signed) {
  llvm::DIType*& cached = state_->integers[{bits, is_signed}];
  if (cached == nullptr) {
    const std::string name = (is_signed ? "int" : "uint") + std::to_string(bits);
    const unsigned encoding = is_signed ? dwarf::DW_ATE_signed : dwarf::DW_ATE_unsigned;
    cached = state_->builder.createBasicType(name, bits, encoding);
  }
  return cached;
}

llvm::DIType* DebugInfo::array(llvm::DIType* element, std::uint64_t count,
                               std::uint64_t element_size) {
  auto* range = state_->builder.getOrCreateSubrange(0, static_cast<std::int64_t>(count));
  return state_->builder.createArrayType(count * element_size * 8, 8, element,
                                         state_->builder.getOrCreateArray({range}));
}

llvm::DIType* DebugInfo::pointer(llvm::DIType* to) {
  return state_->builder.createPointerType(to, 64);
}

llvm::DIType* DebugInfo::structure(std::string_view name, std::span<const Member> members,
                                   std::uint32_t size) {
  llvm::DIFile* file = state_->unit->getFile();
  llvm::SmallVector<llvm::Metadata*, 8> elements;
  for (const Member& member : members) {
    SONDE_CHECK(member.offset + member.size <= size);
    elements.push_back(state_->builder.createMemberType(file, member.name, file, 0, member.size * 8,
                                                        64, member.offset * 8,
                                                        llvm::DINode::FlagZero, member.type));
  }
  return state_->builder.createStructType(file, name, file, 0, size * 8, 64, llvm::DINode::FlagZero,
                                          nullptr, state_->builder.getOrCreateArray(elements));
}

llvm::DIType* DebugInfo::pair(std::string_view name, std::string_view first, bool first_signed,
                              std::string_view second) {
  const Member members[] = {{first, integer(64, first_signed), 0, 8},
                            {second, integer(64, false), 8, 8}};
  return structure(name, members, 16);
}

llvm::DIType* DebugInfo::tuple(const types::Type& type) {
  std::vector<std::string> names;
  std::vector<Member> members;
  const auto& elements = type.elements();
  names.reserve(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    // BTF names are C identifiers: a plain number would make the kernel refuse all of it.
    names.push_back("_" + std::to_string(i));
    members.push_back({names.back(), of(elements[i]), type.element_offset(i), elements[i]->size()});
  }
  return structure("", members, type.size());
}

llvm::DIType* DebugInfo::make(const types::Type& type) {
  using types::TypeKind;
  llvm::DIType* byte = integer(8, false);
  switch (type.kind()) {
    case TypeKind::Bool: return state_->builder.createBasicType("bool", 8, dwarf::DW_ATE_boolean);
    case TypeKind::String: {
      auto* character = state_->builder.createBasicType("char", 8, dwarf::DW_ATE_signed_char);
      return array(character, type.size(), 1);
    }
    case TypeKind::Buffer: {
      const Member members[] = {
          {"length", integer(32, false), 0, 4},
          {"bytes", array(byte, type.capacity(), 1), types::kBufferHeader, type.capacity()}};
      return structure("buffer", members, type.size());
    }
    case TypeKind::Array: return array(of(type.element()), type.count(), type.element()->size());
    case TypeKind::Tuple: return tuple(type);
    case TypeKind::Inet:
    case TypeKind::MacAddress: return array(integer(64, false), type.size() / 8, 8);
    case TypeKind::UserSymbol: return pair("usym", "address", false, "tgid");
    case TypeKind::UserStack: return pair("ustack", "id", true, "tgid");
    case TypeKind::Min: return pair("min", "word", false, "is_set");
    case TypeKind::Max: return pair("max", "word", false, "is_set");
    case TypeKind::Average: return pair("avg", "total", type.is_signed(), "count");
    case TypeKind::Stats: return pair("stats", "total", type.is_signed(), "count");
    case TypeKind::Hist:
    case TypeKind::LinearHist:
    case TypeKind::StdDev:
    case TypeKind::Quantiles:
    case TypeKind::Top:
    case TypeKind::TimeSeries: return array(integer(64, false), type.size() / 8, 8);
    case TypeKind::Distinct: return array(integer(8, false), type.size(), 1);
    case TypeKind::Record: return array(byte, type.size(), 1);
    case TypeKind::Void: SONDE_UNREACHABLE();
    default: return integer(type.size() * 8, type.is_signed());
  }
}

llvm::DIType* DebugInfo::of(const types::Type* type) {
  llvm::DIType*& cached = state_->types[type];
  if (cached != nullptr) return cached;
  llvm::DIType* made =
      make(*type);  // May add other types: `cached` would dangle in a hash map, not in a std::map.
  return cached = made;
}

void DebugInfo::describe_global(llvm::GlobalVariable& global, llvm::DIType* type) {
  llvm::DIFile* file = state_->unit->getFile();
  global.addDebugInfo(state_->builder.createGlobalVariableExpression(
      state_->unit, global.getName(), global.getName(), file, 0, type, false));
}

void DebugInfo::describe_function(llvm::Function& function, diag::Location where, bool is_static) {
  llvm::DIFile* file = state_->file(where.source).file;
  const std::uint32_t line = where.valid() ? state_->position(where).line : 0;
  llvm::SmallVector<llvm::Metadata*, 6> types{integer(64, true)};
  for (const llvm::Argument& argument : function.args()) {
    types.push_back(argument.getType()->isPointerTy() ? pointer(integer(8, false))
                                                      : integer(64, false));
  }
  auto* type = state_->builder.createSubroutineType(state_->builder.getOrCreateTypeArray(types));
  auto flags = llvm::DISubprogram::SPFlagDefinition;
  if (is_static) flags |= llvm::DISubprogram::SPFlagLocalToUnit;
  auto* program =
      state_->builder.createFunction(file, function.getName(), function.getName(), file, line, type,
                                     line, llvm::DINode::FlagPrototyped, flags);
  // BTF wants a name for each parameter.
  static constexpr const char* kNames[] = {"a", "b", "c", "d", "e"};
  for (unsigned i = 0; i + 1 < types.size(); ++i) {
    auto* parameter_type = static_cast<llvm::DIType*>(types[i + 1]);
    const char* name = types.size() == 2 && !is_static ? "ctx" : kNames[i];
    state_->builder.createParameterVariable(program, name, i + 1, file, line, parameter_type, true);
  }
  function.setSubprogram(program);
}

llvm::DISubroutineType* DebugInfo::c_prototype(const plan::CType& type) {
  llvm::SmallVector<llvm::Metadata*, 6> parts;
  for (const plan::CType& part : type.inside) parts.push_back(c_type(part));
  return state_->builder.createSubroutineType(state_->builder.getOrCreateTypeArray(parts));
}

// Null for void.
llvm::DIType* DebugInfo::c_type(const plan::CType& type) {
  using Kind = plan::CType::Kind;
  llvm::DIBuilder& builder = state_->builder;
  llvm::DIFile* file = state_->unit->getFile();
  switch (type.kind) {
    case Kind::Void:
    case Kind::Other: return nullptr;
    case Kind::Integer:
      return builder.createBasicType(
          type.name, type.bytes * 8,
          type.is_signed ? dwarf::DW_ATE_signed : dwarf::DW_ATE_unsigned);
    case Kind::Enum: {
      llvm::DIType* under = integer(type.bytes * 8, type.is_signed);
      return builder.createEnumerationType(file, type.name, file, 0, type.bytes * 8, 0,
                                           builder.getOrCreateArray({}), under);
    }
    case Kind::Struct:
    case Kind::Union: {
      const bool is_union = type.kind == Kind::Union;
      const unsigned tag = is_union ? dwarf::DW_TAG_union_type : dwarf::DW_TAG_structure_type;
      // The linker compares names only. The kernel refuses a declaration without one.
      if (!type.name.empty()) return builder.createForwardDecl(tag, type.name, file, file, 0);
      if (is_union)
        return builder.createUnionType(file, "", file, 0, 0, 0, llvm::DINode::FlagZero,
                                       builder.getOrCreateArray({}));
      return structure("", {}, 0);
    }
    case Kind::Pointer: return pointer(c_type(type.inside.front()));
    case Kind::Array: return array(c_type(type.inside.front()), type.count, 1);
    case Kind::Function: return c_prototype(type);
  }
  SONDE_UNREACHABLE();
}

void DebugInfo::describe_c_function(llvm::Function& function, const plan::CFunction& described) {
  llvm::DIFile* file = state_->unit->getFile();
  function.setSubprogram(state_->builder.createFunction(
      file, function.getName(), "", file, 0, c_prototype(described.type), 0,
      llvm::DINode::FlagPrototyped, llvm::DISubprogram::SPFlagZero));
}

void DebugInfo::set_location(Ir& ir, diag::Location where) {
  if (!where.valid()) return;
  llvm::DISubprogram* program = ir.function()->getSubprogram();
  const diag::Position at = state_->position(where);
  llvm::DIScope* scope = program;
  // An imported file's code: the line belongs to another file than the function's.
  llvm::DIFile* file = state_->file(where.source).file;
  if (file != program->getFile()) scope = state_->builder.createLexicalBlockFile(program, file);
  ir.state().builder.SetCurrentDebugLocation(
      llvm::DILocation::get(program->getContext(), at.line, at.column, scope));
}

void DebugInfo::finish() { state_->builder.finalize(); }

}  // namespace sonde::codegen
