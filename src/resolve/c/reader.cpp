#include "resolve/c/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "ast/walk.h"
#include "base/text.h"
#include "builtins/tables.h"
#include "resolve/c/definition_text.h"

namespace sonde::resolve::c {

namespace kinds = diag::kinds;

namespace {

// What line markers call a piece: this and its number.
constexpr std::string_view kPiece = "sonde-script-";

CToken directive_name(const ast::CPart& part) { return c_token(part.text, 1); }

bool is_include(const ast::CPart& part) {
  return part.is_directive && directive_name(part).text.starts_with("include");
}

TagKind kind_of(std::string_view keyword) {
  return keyword == "struct"  ? TagKind::Struct
         : keyword == "union" ? TagKind::Union
                              : TagKind::Enum;
}

// "linux/sched.h" of `#include <linux/sched.h>`; "" for an include by way of a macro.
std::string_view included(const ast::CPart& part) {
  const std::size_t open = part.text.find_first_of("<\"");
  const std::size_t close = part.text.find_last_of(">\"");
  if (open == std::string::npos || close <= open) return {};
  return std::string_view(part.text).substr(open + 1, close - open - 1);
}

}  // namespace

std::unique_ptr<kernel::Headers> Reader::read() {
  note_tags();
  std::unique_ptr<kernel::Headers> headers;
  const auto use = [&](Share share) {
    headers = compile(share);
    scope_.headers = headers.get();
    scope_.completion.set_headers(headers.get());
    if (headers != nullptr) headers->set_fallback(&scope_.completion);
    return headers != nullptr;
  };
  const bool undecided =
      std::any_of(program_.c_parts.begin(), program_.c_parts.end(),
                  [](const ast::CPart& part) { return part.undecided && !part.is_directive; });
  const Share share = undecided ? Share::Everything : Share::Directives;
  if (needs_compiler() && !use(share)) return headers;
  if (share == Share::Everything) {
    for (const ast::CPart& part : program_.c_parts) {
      if (part.is_directive) directive(part);
    }
  } else if (read_own() == Outcome::NotPlain) {
    scope_.tags.clear();
    scope_.typedefs.clear();
    scope_.constants.clear();
    if (!use(Share::Everything)) return headers;
  }
  if (!emitter_.has_errors()) compare_with_kernel();
  return headers;
}

void Reader::note_tags() {
  for (const ast::CPart& part : program_.c_parts) {
    if (part.is_directive) continue;
    for (const COutline::Tag& tag : c_outline(part.text).tags) {
      const auto offset = static_cast<std::uint32_t>(tag.name.data() - part.text.data());
      const auto begin = part.location.begin + offset;
      const Location where{part.location.source, begin,
                           begin + static_cast<std::uint32_t>(tag.name.size())};
      scope_.defined_tags.try_emplace({kind_of(tag.keyword), std::string(tag.name)}, where);
    }
  }
}

// --- by ourselves ---

Outcome Reader::read_own() {
  Outcome worst = Outcome::Fine;
  for (const ast::CPart& part : program_.c_parts) {
    if (part.is_directive) {
      directive(part);
      continue;
    }
    Location end = part.location;
    end.begin = end.end;
    Parser parser(scope_, emitter_, expand(scope_, part.text, part.location), end);
    const Outcome outcome = parser.definition();
    if (outcome == Outcome::NotPlain) {
      not_plain_ = part.location;
      return outcome;
    }
    worst = std::max(worst, outcome == Outcome::Wrong ? outcome : Outcome::Fine);
  }
  return worst;
}

void Reader::directive(const ast::CPart& part) {
  const CToken name = directive_name(part);
  const CToken macro = c_token(part.text, name.offset + name.text.size());
  if (!macro.is_identifier()) return;
  if (name.is("undef")) scope_.macros.erase(std::string(macro.text));
  if (!name.is("define")) return;
  const std::size_t end = macro.offset + macro.text.size();
  const auto begin = part.location.begin + static_cast<std::uint32_t>(macro.offset);
  const Location where{part.location.source, begin,
                       begin + static_cast<std::uint32_t>(macro.text.size())};
  const bool has_parameters = end < part.text.size() && part.text[end] == '(';
  scope_.macros[std::string(macro.text)] = {
      std::string(trim(std::string_view(part.text).substr(end))), has_parameters, where};
}

// --- by a compiler ---

bool Reader::needs_compiler() const {
  return !options_.include_files.empty() ||
         std::any_of(program_.c_parts.begin(), program_.c_parts.end(),
                     [](const ast::CPart& part) { return part.undecided || is_include(part); });
}

std::string Reader::text_for_compiler(Share share) const {
  std::string text;
  for (std::size_t i = 0; i < program_.c_parts.size(); ++i) {
    const ast::CPart& part = program_.c_parts[i];
    if (!part.is_directive && share == Share::Directives) continue;
    if (std::find(left_out_.begin(), left_out_.end(), &part) != left_out_.end()) continue;
    text += fmt::format("#line 1 \"{}{}\"\n{}{}\n", kPiece, i, part.text,
                        part.is_directive || part.text.ends_with(';') ? "" : ";");
  }
  return text;
}

std::vector<std::string> Reader::wanted_names() const {
  std::set<std::string> names;
  const auto add_all = [&](std::string_view text) {
    for (const CToken& token : c_tokens(text)) {
      if (token.is_identifier()) names.emplace(token.text);
    }
  };
  for (const ast::CPart& part : program_.c_parts) {
    if (!part.is_directive || directive_name(part).is("define")) add_all(part.text);
  }
  const auto add_type = [&](const ast::TypeName& type) { names.insert(type.name); };
  for (const ast::Probe& probe : program_.probes) {
    ast::walk(probe, [&](ast::Node& node) {
      if (const auto* name = ast::as<ast::Identifier>(&node)) names.insert(name->name);
      if (const auto* cast = ast::as<ast::Cast>(&node)) add_type(cast->target);
      if (const auto* size = ast::as<ast::SizeOf>(&node)) add_type(size->type_name);
      if (const auto* offset = ast::as<ast::OffsetOf>(&node)) add_type(offset->type_name);
      const auto* let = ast::as<ast::Declaration>(&node);
      if (let != nullptr && let->type_name) add_type(*let->type_name);
    });
  }
  const auto is_no_word = [](const std::string& name) {
    const CToken token = c_token(name, 0);
    return !token.is_identifier() || token.text.size() != name.size();
  };
  std::erase_if(names, is_no_word);
  return {names.begin(), names.end()};
}

std::unique_ptr<kernel::Headers> Reader::compile(Share share) {
  kernel::HeaderQuery query;
  query.quote_folder = options_.quote_folder;
  query.include_folders = options_.include_folders;
  query.include_files = options_.include_files;
  query.names = wanted_names();
  while (true) {
    query.text = text_for_compiler(share);
    auto headers = scope_.view.read_headers(query);
    if (!headers) {
      const Location where = first_need();
      if (headers.error().code == ENOENT) {
        std::string what = "what is included";
        if (where.valid()) what = where.begin == not_plain_.begin ? "this definition" : "this line";
        emitter_.emit(kinds::CompilerMissing, where, what).hint("install it: apt install clang");
      } else {
        emitter_.emit(kinds::HostUnreadable, where, headers.error().message())
            .hint(headers.error().hint);
      }
      return nullptr;
    }
    const auto& problems = (*headers)->problems;
    if (problems.empty()) return std::move(*headers);
    if (leave_out(problems.front())) continue;
    for (const kernel::HeaderProblem& problem : problems) report(problem);
    return nullptr;
  }
}

Location Reader::first_need() const {
  if (not_plain_.valid()) return not_plain_;
  for (const ast::CPart& part : program_.c_parts) {
    if (part.undecided || is_include(part)) return part.location;
  }
  return {};
}

const ast::CPart* Reader::part_of(std::string_view file) const {
  if (!file.starts_with(kPiece)) return nullptr;
  const auto index = parse_u64(file.substr(kPiece.size()));
  return index && *index < program_.c_parts.size() ? &program_.c_parts[*index] : nullptr;
}

// Headers of kernel sources are what old scripts include, and hardly any machine has them.
bool Reader::leave_out(const kernel::HeaderProblem& problem) {
  const ast::CPart* part = part_of(problem.place.file);
  if (part == nullptr || !is_include(*part) || !scope_.view.has_btf() ||
      problem.text.find("file not found") == std::string::npos)
    return false;
  const std::string_view name = included(*part);
  static constexpr std::string_view kFolders[] = {"linux/", "net/",   "asm/",
                                                  "uapi/",  "trace/", "kernel/"};
  const bool of_kernel =
      std::any_of(std::begin(kFolders), std::end(kFolders),
                  [&](std::string_view folder) { return name.starts_with(folder); });
  if (!of_kernel) return false;
  emitter_.emit(kinds::HeaderLeftOut, part->location, std::string(name));
  left_out_.push_back(part);
  return true;
}

void Reader::report(const kernel::HeaderProblem& problem) {
  const bool direct = problem.included_from.empty();
  const auto& outer = direct ? problem.place : problem.included_from.front();
  const ast::CPart* part = part_of(outer.file);
  Location where = part != nullptr ? part->location : Location{};
  if (part != nullptr && direct && outer.column > 0) {
    // The very place in a piece of the script.
    std::size_t offset = 0;
    for (std::uint32_t line = 1; line < outer.line; ++line) {
      offset = std::min(part->text.find('\n', offset), part->text.size() - 1) + 1;
    }
    const CToken token =
        c_token(part->text, std::min(offset + outer.column - 1, part->text.size()));
    if (!token.text.empty()) {
      where.begin = part->location.begin + static_cast<std::uint32_t>(token.offset);
      // The name of a header is no token.
      if (!is_include(*part))
        where.end = where.begin + static_cast<std::uint32_t>(token.text.size());
    }
  }
  auto report = emitter_.emit(kinds::CompilerError, where, problem.text);
  if (!direct || part == nullptr) {
    report.note({}, fmt::format("it says so about {}:{}", problem.place.file, problem.place.line));
  }
  if (problem.text.find("file not found") != std::string::npos) {
    report.hint("-I DIR says where else to look for headers");
  }
}

// --- the kernel's own ---

const Type* Reader::from_headers(TagKind kind, const std::string& name) const {
  if (scope_.headers == nullptr) return nullptr;
  using Keyword = types::Record::Keyword;
  if (kind == TagKind::Enum) return scope_.headers->find_enum(name);
  return scope_.headers->find_record(name,
                                     kind == TagKind::Union ? Keyword::Union : Keyword::Struct);
}

void Reader::compare_with_kernel() {
  for (const auto& [tag, where] : scope_.defined_tags) {
    const auto& [kind, name] = tag;
    // The compiler's, if all of the script's C went through it.
    const auto own = scope_.tags.find(tag);
    const bool is_ours = own != scope_.tags.end();
    if (is_ours && !own->second.defined) continue;
    const Type* type = is_ours ? own->second.type : from_headers(kind, name);
    if (type == nullptr || (type->is_record() && !type->record()->complete())) continue;
    const Type* theirs = kind == TagKind::Enum
                             ? scope_.view.find_enum(name)
                             : scope_.view.find_record(name, type->record()->keyword);
    if (theirs == nullptr || types::same_definition(*type, *theirs)) continue;
    if (theirs->is_record() && !theirs->record()->complete()) continue;
    emitter_.emit(kinds::KernelTypeRedefined, is_ours ? own->second.location : where, type->name())
        .note({}, fmt::format("here: {}", definition_text(*type)))
        .note({}, fmt::format("in the kernel: {}", definition_text(*theirs)))
        .hint("leave the definition out to use the kernel's, or choose another name");
  }
}

}  // namespace sonde::resolve::c
