#include "kernel/headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/c_text.h"
#include "base/text.h"
#include "kernel/btf.h"
#include "kernel/btf_headers.h"
#include "kernel/c_compiler.h"
#include "kernel/c_object.h"

namespace sonde::kernel {
namespace {

// Between the preprocessed text and the replacements of macros.
constexpr std::string_view kNames = "__sonde_names__";
constexpr std::string_view kConstant = "__sonde_constant_";

class CompiledHeaders final : public BtfHeaders {
 public:
  CompiledHeaders(types::Context& types, Btf btf)
      : BtfHeaders(types, std::move(btf), types::AddressSpace::Unknown), types_(types) {}

  std::optional<EnumConstant> find_enum_constant(std::string_view name) override {
    if (auto named = BtfHeaders::find_enum_constant(name)) return named;
    // Of an enum that has no name and so no type worth showing.
    auto probed = found_.find_enum_constant(fmt::format("{}{}", kConstant, name));
    if (probed) probed->type = types_.integer(probed->type->bits(), probed->type->is_signed());
    return probed;
  }

 private:
  types::Context& types_;
};

// Macros only: no type is wanted.
class NoTypes final : public Headers {
 public:
  const types::Type* find_record(std::string_view, types::Record::Keyword) override {
    return nullptr;
  }
  const types::Type* find_enum(std::string_view) override { return nullptr; }
  const types::Type* find_typedef(std::string_view) override { return nullptr; }
  std::optional<EnumConstant> find_enum_constant(std::string_view) override { return std::nullopt; }
  void set_fallback(types::RecordSource*) override {}
};

// Each name that is a macro stands on a line of its own, behind its number.
std::string text_with_names(const HeaderQuery& query) {
  std::string text = fmt::format("{}\n{}\n", query.text, kNames);
  for (std::size_t i = 0; i < query.names.size(); ++i) {
    text += fmt::format("#ifdef {0}\n{1} {2} {0}\n#endif\n", query.names[i], kNames, i);
  }
  return text;
}

// What stands behind the names in the preprocessed text.
std::map<std::string, std::string, std::less<>> replacements(std::string_view text,
                                                             const HeaderQuery& query) {
  std::map<std::string, std::string, std::less<>> macros;
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(kNames)) continue;
    line = trim(line.substr(kNames.size()));
    const std::size_t end = line.find(' ');
    const auto index = parse_u64(line.substr(0, end));
    if (!index || *index >= query.names.size()) continue;
    const std::string& name = query.names[*index];
    const std::string_view value = end == line.npos ? "" : trim(line.substr(end));
    if (value != name) macros.emplace(name, value);
  }
  return macros;
}

// Variables make the compiler describe their types. A struct that only pointers lead to would be left without its members.
// Empty if the outline has none of the names.
std::string variables(const COutline& outline, const std::vector<std::string>& names) {
  const std::set<std::string_view> wanted(names.begin(), names.end());
  bool any = false;
  std::string text;
  std::size_t count = 0;
  const auto declare = [&](const std::string& type, std::string_view name) {
    any |= wanted.contains(name);
    text += fmt::format("{} __sonde_variable_{};\n", type, count++);
  };
  for (const COutline::Tag& tag : outline.tags)
    declare(fmt::format("{} {}", tag.keyword, tag.name), tag.name);
  for (const std::string_view name : outline.typedefs) declare(fmt::format("{}*", name), name);
  for (const std::string_view name : outline.constants) {
    if (!wanted.contains(name)) continue;
    declare(fmt::format("enum {{ {0}{1} = {1} }}", kConstant, name), name);
  }
  return any ? text : std::string();
}

std::vector<std::string> preprocessor_arguments(const HeaderHost& host, const HeaderQuery& query) {
  std::vector<std::string> arguments = diagnostic_arguments();
  arguments.push_back("-E");
  for (const std::string& argument : host.arguments) arguments.push_back(argument);
  if (host.has_btf) {
    arguments.push_back("-DSONDE_HAVE_BTF=1");
    arguments.push_back("-DBPFTRACE_HAVE_BTF=1");
  }
  if (!query.quote_folder.empty()) arguments.push_back("-iquote" + query.quote_folder);
  for (const std::string& folder : query.include_folders) arguments.push_back("-I" + folder);
  for (const std::string& file : query.include_files) {
    arguments.push_back("-include");
    arguments.push_back(file);
  }
  arguments.push_back("-");
  return arguments;
}

// An object with the types of `text`. Functions would drag in the inline assembly of this machine.
Result<CompilerRun> make_object(const std::string& compiler, const std::string& text) {
  std::vector<std::string> arguments = diagnostic_arguments();
  for (const char* argument : {"-target", "bpf", "-g", "-O0", "-c", "-o", "-", "-"}) {
    arguments.emplace_back(argument);
  }
  return run_compiler(compiler, arguments, text);
}

// `FILE:LINE:COL` or `FILE:LINE`; the file's name may hold colons.
std::optional<HeaderProblem::Place> parse_place(std::string_view text) {
  HeaderProblem::Place place;
  std::vector<std::uint32_t> numbers;
  while (numbers.size() < 2) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) break;
    const auto number = parse_u64(text.substr(colon + 1));
    if (!number) break;
    numbers.push_back(static_cast<std::uint32_t>(*number));
    text = text.substr(0, colon);
  }
  if (numbers.empty()) return std::nullopt;
  place.file = text;
  place.line = numbers.back();
  place.column = numbers.size() == 2 ? numbers.front() : 0;
  return place;
}

std::unique_ptr<Headers> failed(const CompilerRun& run) {
  auto headers = std::make_unique<NoTypes>();
  headers->problems = problems_of(run);
  return headers;
}

}  // namespace

std::vector<std::string> diagnostic_arguments() {
  return {"-x",
          "c",
          "-w",
          "-fno-caret-diagnostics",
          "-fno-color-diagnostics",
          "-fno-diagnostics-fixit-info"};
}

std::vector<HeaderProblem> problems_of(const CompilerRun& run) {
  auto problems = parse_messages(run.messages);
  if (problems.empty()) problems.push_back({{}, {}, std::string(trim(run.messages))});
  return problems;
}

std::vector<HeaderProblem> parse_messages(const std::string& text) {
  constexpr std::string_view kIncluded = "In file included from ";
  std::vector<HeaderProblem> problems;
  std::vector<HeaderProblem::Place> included_from;
  for (std::string_view line : split(text, '\n')) {
    if (line.starts_with(kIncluded)) {
      line.remove_prefix(kIncluded.size());
      const auto place = parse_place(line.substr(0, line.find_last_not_of(":,") + 1));
      if (place) included_from.push_back(*place);
      continue;
    }
    for (const std::string_view mark : {": fatal error: ", ": error: "}) {
      const std::size_t at = line.find(mark);
      if (at == std::string_view::npos) continue;
      const auto place = parse_place(line.substr(0, at));
      problems.push_back({place.value_or(HeaderProblem::Place{}), included_from,
                          std::string(line.substr(at + mark.size()))});
      break;
    }
    included_from.clear();
  }
  return problems;
}

std::vector<std::string> kernel_source_arguments(plan::Arch arch) {
  const auto variable = [](const char* ours, const char* usual) -> std::string {
    const char* value = std::getenv(ours);
    if (value == nullptr) value = std::getenv(usual);
    return value != nullptr ? value : "";
  };
  const std::string source = variable("SONDE_KERNEL_SOURCE", "BPFTRACE_KERNEL_SOURCE");
  if (source.empty()) return {};
  std::string build = variable("SONDE_KERNEL_BUILD", "BPFTRACE_KERNEL_BUILD");
  if (build.empty()) build = source;
  const std::string folder = arch == plan::Arch::Aarch64 ? "arch/arm64" : "arch/x86";
  std::vector<std::string> arguments{"-nostdinc", "-D__KERNEL__", "-DKBUILD_MODNAME=\"sonde\""};
  const auto add = [&](const std::string& top, const std::string& path) {
    arguments.push_back(fmt::format("-I{}/{}", top, path));
  };
  add(source, folder + "/include");
  add(build, folder + "/include/generated");
  add(source, "include");
  add(build, "include");
  add(source, folder + "/include/uapi");
  add(build, folder + "/include/generated/uapi");
  add(source, "include/uapi");
  add(build, "include/generated/uapi");
  arguments.insert(arguments.end(), {"-include", source + "/include/linux/kconfig.h"});
  return arguments;
}

Result<std::unique_ptr<Headers>> read_headers(types::Context& types, const HeaderHost& host,
                                              const HeaderQuery& query) {
  const auto compiler = find_compiler();
  if (!compiler) return std::unexpected(compiler.error());
  const auto preprocessed =
      run_compiler(*compiler, preprocessor_arguments(host, query), text_with_names(query));
  if (!preprocessed) return std::unexpected(preprocessed.error());
  if (!preprocessed->succeeded) return failed(*preprocessed);
  const std::string_view whole = preprocessed->output;
  const std::size_t names = std::min(whole.rfind(fmt::format("\n{}\n", kNames)), whole.size());
  auto macros = replacements(whole.substr(names), query);
  const std::string text = c_without_functions(whole.substr(0, names));
  const std::string wanted = variables(c_outline(text), query.names);
  if (wanted.empty()) {
    auto headers = std::make_unique<NoTypes>();
    headers->macros = std::move(macros);
    return headers;
  }
  auto made = make_object(*compiler, text + "\n" + wanted);
  if (!made) return std::unexpected(made.error());
  if (!made->succeeded) return failed(*made);
  auto btf = Btf::from_bytes(object_section(made->output, ".BTF"));
  if (!btf) return std::unexpected(btf.error());
  auto headers = std::make_unique<CompiledHeaders>(types, std::move(*btf));
  headers->macros = std::move(macros);
  return headers;
}

}  // namespace sonde::kernel
