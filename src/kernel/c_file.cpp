#include "kernel/c_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/btf.h"
#include "kernel/btf_headers.h"
#include "kernel/btf_text.h"
#include "kernel/c_compiler.h"
#include "kernel/c_object.h"
#include "kernel/headers.h"

namespace sonde::kernel {
namespace {

using plan::CType;

// Deeper types than anybody writes: malformed, or a struct behind a chain of pointers that never ends.
constexpr std::uint32_t kMaxDepth = 16;
// Registers that carry arguments.
constexpr std::size_t kMaxParameters = 5;

std::vector<std::string> arguments_for(plan::Arch arch, const CFileQuery& query) {
  const bool is_arm = arch == plan::Arch::Aarch64;
  std::vector<std::string> arguments = diagnostic_arguments();
  for (const char* argument : {"-target", "bpf", "-mcpu=v3", "-g", "-O2"})
    arguments.emplace_back(argument);
  // As the headers of libbpf want it.
  arguments.emplace_back(is_arm ? "-D__TARGET_ARCH_arm64" : "-D__TARGET_ARCH_x86");
  if (!query.quote_folder.empty()) arguments.push_back("-iquote" + query.quote_folder);
  for (const std::string& folder : query.include_folders) arguments.push_back("-I" + folder);
  // Debian's place for <asm/types.h>, in which clang looks only when it compiles for this machine.
  arguments.emplace_back("-idirafter");
  arguments.push_back(fmt::format("/usr/include/{}-linux-gnu", is_arm ? "aarch64" : "x86_64"));
  for (const char* argument : {"-c", "-o", "-", "-"}) arguments.emplace_back(argument);
  return arguments;
}

// `text` in quotes, as a line marker wants it.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

CType::Kind record_kind(const BtfEntry& entry) {
  const bool is_union = entry.is(BtfKind::Union) || (entry.is(BtfKind::Forward) && entry.flag());
  return is_union ? CType::Kind::Union : CType::Kind::Struct;
}

CType c_type(const Btf& btf, std::uint32_t id, std::uint32_t depth) {
  CType type;
  const auto entry = btf.entry(strip_modifiers(btf, id));
  if (!entry) return type;
  type.name = btf.string(entry->name());
  const auto add = [&](std::uint32_t inner) {
    type.inside.push_back(c_type(btf, inner, depth + 1));
  };
  switch (entry->kind()) {
    case BtfKind::Int: {
      constexpr std::uint32_t kSigned = 1;
      type.kind = CType::Kind::Integer;
      type.bytes = entry->size();
      type.is_signed = ((entry->word(0) >> 24) & kSigned) != 0;
      break;
    }
    case BtfKind::Enum:
    case BtfKind::Enum64:
      type.kind = CType::Kind::Enum;
      type.bytes = entry->size();
      type.is_signed = entry->flag();
      break;
    case BtfKind::Struct:
    case BtfKind::Union:
    case BtfKind::Forward: type.kind = record_kind(*entry); break;
    case BtfKind::Pointer:
      type.kind = depth < kMaxDepth ? CType::Kind::Pointer : CType::Kind::Other;
      if (depth < kMaxDepth) add(entry->type());
      break;
    case BtfKind::Array:
      type.kind = depth < kMaxDepth ? CType::Kind::Array : CType::Kind::Other;
      type.count = entry->word(2);
      if (depth < kMaxDepth) add(entry->word(0));
      break;
    case BtfKind::FunctionProto:
      type.kind = depth < kMaxDepth ? CType::Kind::Function : CType::Kind::Other;
      if (depth >= kMaxDepth) break;
      add(entry->type());
      for (std::uint32_t i = 0; i < entry->count(); ++i) add(entry->parameter(i).type);
      break;
    default: type.kind = CType::Kind::Other; break;
  }
  return type;
}

// Fits into one register.
bool is_passed(const CType& type) {
  const bool is_number = type.kind == CType::Kind::Integer || type.kind == CType::Kind::Enum;
  return type.kind == CType::Kind::Pointer || (is_number && type.bytes <= 8);
}

std::string obstacle_of(const CType& type, const BtfEntry& prototype) {
  const auto& parts = type.inside;
  const bool varies = prototype.count() > 0 && prototype.parameter(prototype.count() - 1).type == 0;
  if (varies) return "it takes any number of arguments";
  if (parts.size() > kMaxParameters + 1)
    return fmt::format("BPF functions take at most {} arguments", kMaxParameters);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!is_passed(parts[i])) return fmt::format("its parameter {} is no number and no pointer", i);
  }
  const bool has_result = parts.front().kind == CType::Kind::Void || is_passed(parts.front());
  return has_result ? "" : "its result is no number and no pointer";
}

std::string declaration_of(const Btf& btf, std::string_view name, const BtfEntry& prototype) {
  const auto with_name = [](const std::string& type, std::string_view what) {
    return fmt::format("{}{}{}", type, type.ends_with('*') || what.empty() ? "" : " ", what);
  };
  std::string parameters;
  for (std::uint32_t i = 0; i < prototype.count(); ++i) {
    const BtfEntry::Parameter parameter = prototype.parameter(i);
    const std::string type = parameter.type == 0 ? "..." : c_text(btf, parameter.type);
    parameters += (i > 0 ? ", " : "") + with_name(type, btf.string(parameter.name));
  }
  return fmt::format("{}({})", with_name(c_text(btf, prototype.type()), name),
                     parameters.empty() ? "void" : parameters);
}

class FileTypes final : public BtfHeaders {
 public:
  using BtfHeaders::BtfHeaders;

  // Nullopt if BTF does not describe it.
  std::optional<plan::CFunction> function(std::string_view name) {
    const auto prototype = btf_.entry(btf_.function_prototype(name).value_or(0));
    if (!prototype || !prototype->is(BtfKind::FunctionProto)) return std::nullopt;
    plan::CFunction function;
    function.name = name;
    function.declaration = declaration_of(btf_, name, *prototype);
    function.type = c_type(btf_, prototype->id(), 0);
    function.obstacle = obstacle_of(function.type, *prototype);
    function.result = found_.type(prototype->type());
    for (std::uint32_t i = 0; i < prototype->count(); ++i)
      function.parameters.push_back(found_.type(prototype->parameter(i).type));
    return function;
  }
};

}  // namespace

Result<CompiledFile> compile_c_file(types::Context& types, plan::Arch arch,
                                    const CFileQuery& query) {
  const auto compiler = find_compiler();
  if (!compiler) return std::unexpected(compiler.error());
  auto run = run_compiler(*compiler, arguments_for(arch, query),
                          fmt::format("#line 1 {}\n{}", quoted(query.path), query.text));
  if (!run) return std::unexpected(run.error());
  CompiledFile file;
  if (!run->succeeded) {
    file.problems = problems_of(*run);
    return file;
  }
  auto btf = Btf::from_bytes(object_section(run->output, ".BTF"));
  if (!btf) return std::unexpected(btf.error());
  auto described = std::make_unique<FileTypes>(types, std::move(*btf));
  file.object.path = query.path;
  const std::string license = object_section(run->output, "license");
  file.license = license.substr(0, license.find('\0'));
  for (const ObjectFunction& function : object_functions(run->output)) {
    auto found = function.section == ".text" ? described->function(function.name) : std::nullopt;
    if (found) file.object.functions.push_back(std::move(*found));
    if (function.section != ".text") file.programs.push_back(function.name);
  }
  hide_functions(run->output);
  fix_license(run->output);
  file.object.elf = std::move(run->output);
  file.types = std::move(described);
  return file;
}

}  // namespace sonde::kernel
