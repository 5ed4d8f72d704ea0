#include "resolve/c_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/c_text.h"
#include "builtins/tables.h"

namespace sonde::resolve {
namespace {

namespace kinds = diag::kinds;
using diag::Location;

// The token at a place that the compiler names; the whole line begins at column 1 if it names none.
Location place_in(const diag::Source& source, std::uint32_t id, std::uint32_t line,
                  std::uint32_t column) {
  std::size_t offset = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = source.text.find('\n', offset);
    if (end == std::string::npos) break;
    offset = end + 1;
  }
  offset = std::min(offset + std::max(column, 1U) - 1, source.text.size());
  const CToken token = c_token(source.text, offset);
  const auto begin = static_cast<std::uint32_t>(token.text.empty() ? offset : token.offset);
  const auto length = static_cast<std::uint32_t>(std::max<std::size_t>(token.text.size(), 1));
  return {id, begin, begin + length};
}

class Compiler {
 public:
  Compiler(const ast::Program& program, const diag::Sources& sources, diag::Emitter& emitter)
      : program_(program), sources_(sources), emitter_(emitter) {}

  // Of clang, about `file` or one that it includes.
  void report(const ast::CFile& file, const kernel::HeaderProblem& problem) {
    const auto& outer =
        problem.included_from.empty() ? problem.place : problem.included_from.front();
    const bool is_inside = outer.file == file.path && outer.line > 0;
    const Location where =
        is_inside ? place_in(sources_.get(file.source), file.source, outer.line, outer.column)
                  : file.location;
    auto report = emitter_.emit(kinds::CompilerError, where, problem.text);
    if (problem.place.file != outer.file && !problem.place.file.empty()) {
      report.note({},
                  fmt::format("it says so about {}:{}", problem.place.file, problem.place.line));
    }
    if (is_inside) report.note(file.location, "imported here");
    if (problem.text.find("file not found") == std::string::npos) return;
    report.hint(problem.text.find("'bpf/") != std::string::npos
                    ? "the headers of libbpf: apt install libbpf-dev"
                    : "-I DIR says where else to look for headers");
  }

  void cannot_run(const ast::CFile& file, const Error& error) {
    if (error.code == ENOENT) {
      emitter_.emit(kinds::CompilerMissing, file.location, "this import")
          .hint("install it: apt install clang");
    } else {
      emitter_.emit(kinds::HostUnreadable, file.location, error.message()).hint(error.hint);
    }
  }

  void check(const ast::CFile& file, const kernel::CompiledFile& compiled,
             const std::string& license) {
    for (const std::string& name : compiled.programs) {
      emitter_.emit(kinds::CProgramIgnored, file.location, name)
          .hint("write the probe in the script, and let it call functions of the file");
    }
    if (!compiled.license.empty() && compiled.license != license) {
      emitter_.emit(kinds::LicensesDiffer, file.location, file.path, compiled.license, license)
          .hint(fmt::format("config = {{ license = \"{}\" }}", compiled.license));
    }
    for (const plan::CFunction& function : compiled.object.functions) {
      const auto [known, is_new] = owners_.try_emplace(function.name, &file);
      if (!is_new) {
        emitter_.emit(kinds::CFunctionTwice, file.location, function.name)
            .note(known->second->location, fmt::format("{} defines it too", known->second->path))
            .hint("a function that only its file needs is to be static");
        continue;
      }
      const bool is_builtin = builtins::find_function(function.name) != nullptr ||
                              builtins::find_variable(function.name) != nullptr;
      const bool is_macro =
          std::any_of(program_.macros.begin(), program_.macros.end(),
                      [&](const ast::Macro& macro) { return macro.name == function.name; });
      if (!is_builtin && !is_macro) continue;
      emitter_.emit(kinds::CFunctionHidden, file.location, function.name,
                    is_builtin ? "a builtin" : "a macro of the script");
    }
  }

 private:
  const ast::Program& program_;
  const diag::Sources& sources_;
  diag::Emitter& emitter_;
  std::map<std::string, const ast::CFile*, std::less<>> owners_;  // By function.
};

}  // namespace

std::vector<kernel::CompiledFile> compile_c_files(const ast::Program& program,
                                                  const diag::Sources& sources, kernel::View& view,
                                                  const HeaderOptions& options,
                                                  const std::string& license,
                                                  diag::Emitter& emitter) {
  std::vector<kernel::CompiledFile> files;
  Compiler compiler(program, sources, emitter);
  for (const ast::CFile& file : program.c_files) {
    const std::size_t slash = file.path.rfind('/');
    kernel::CFileQuery query;
    query.path = file.path;
    query.text = sources.get(file.source).text;
    query.quote_folder = slash == std::string::npos ? "." : file.path.substr(0, slash + 1);
    query.include_folders = options.include_folders;
    auto compiled = view.compile(query);
    if (!compiled) {
      compiler.cannot_run(file, compiled.error());
      return files;
    }
    for (const kernel::HeaderProblem& problem : compiled->problems) compiler.report(file, problem);
    if (compiled->problems.empty()) compiler.check(file, *compiled, license);
    files.push_back(std::move(*compiled));
  }
  return files;
}

}  // namespace sonde::resolve
