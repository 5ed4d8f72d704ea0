// What programs and libraries have: functions and static probes. See lister.h.
#include <fmt/format.h>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"
#include "resolve/lister.h"

namespace sonde::resolve {
namespace {

// A file, or those that the pattern matches.
std::vector<kernel::BinaryFile> listed_files(Lister& l) {
  auto files = l.view().find_binaries(l.part(0));
  if (files) return std::move(*files);
  l.problem(files.error());
  return {};
}

std::optional<kernel::SourceLanguage> language_of(std::string_view name) {
  if (name == "cpp") return kernel::SourceLanguage::Cpp;
  if (name == "rust") return kernel::SourceLanguage::Rust;
  return std::nullopt;
}

// Names of C++ have colons: the last part goes to the end.
std::string_view source_pattern(std::span<const std::string_view> parts) {
  const std::string_view last = parts.back();
  return {parts[2].data(), static_cast<std::size_t>(last.data() + last.size() - parts[2].data())};
}

// By debug information. At the return of a function its arguments are known, too.
void add_user_arguments(Lister& l, ListedProbe& probe, const std::string& path,
                        std::uint64_t address, const std::string& symbol) {
  const auto signature = l.view().user_signature(path, address, symbol);
  if (!signature) return;
  for (const types::Field& parameter : (*signature)->parameters)
    Lister::add_argument(probe, parameter);
  const std::string& result = (*signature)->result_text;
  if (l.kind().has(builtins::kRetval) && !result.empty() && result != "void")
    probe.arguments.push_back({result, "retval", result + " retval"});
}

std::optional<std::uint32_t> small_number(std::string_view text) {
  const auto number = parse_u64(text);
  if (!number || *number == 0 || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

// BINARY@FILE:LINE[:COLUMN], BINARY:FILE:LINE[:COLUMN]
struct WrittenLine {
  std::string_view binary;
  kernel::SourceLine line;
};

std::optional<WrittenLine> written_line(const Lister& l) {
  if (l.kind().has(builtins::kRetval)) return std::nullopt;
  WrittenLine written{l.part(0), {}};
  const std::size_t at = l.part(0).rfind('@');
  std::size_t next = 1;
  if (at != std::string_view::npos) {
    written.binary = l.part(0).substr(0, at);
    written.line.file = l.part(0).substr(at + 1);
  } else {
    written.line.file = l.part(next++);
  }
  const auto line = small_number(l.part(next));
  const bool has_column = l.parts().size() > next + 1;
  const auto column = has_column ? small_number(l.part(next + 1)) : std::optional(0U);
  if (!line || !column || written.binary.empty()) return std::nullopt;
  written.line.line = *line;
  written.line.column = *column;
  return written;
}

void list_line(Lister& l, const WrittenLine& written) {
  const auto files = l.view().find_binaries(written.binary);
  if (!files) return l.problem(files.error());
  for (const kernel::BinaryFile& file : *files) {
    const auto found = l.view().source_places(file.path, written.line);
    if (!found) {
      l.problem(found.error());
      continue;
    }
    if (found->places.empty()) continue;
    const std::string column =
        written.line.column == 0 ? "" : fmt::format(":{}", written.line.column);
    ListedProbe* probe =
        l.add(fmt::format("{}@{}:{}{}", file.name, written.line.file, written.line.line, column));
    if (probe != nullptr) add_user_arguments(l, *probe, file.path, found->places[0].address, "");
  }
}

// True if a probe can be at this place, which no symbol stands for.
bool is_instruction(Lister& l, const kernel::BinaryFile& file, std::uint64_t file_offset) {
  return l.view().instruction_start(file.path, file_offset).answer ==
         kernel::InstructionStart::Answer::Yes;
}

void list_address(Lister& l, const kernel::BinaryFile& file, std::uint64_t address) {
  const auto offset = l.view().file_offset(file.path, address);
  if (!offset || !*offset || !is_instruction(l, file, **offset)) return;
  ListedProbe* probe = l.add(fmt::format("{}:{:#x}", file.name, address));
  if (probe != nullptr) add_user_arguments(l, *probe, file.path, address, "");
}

void list_functions_of(Lister& l, const kernel::BinaryFile& file) {
  const bool by_source = l.parts().size() > 2;
  if (const auto address = parse_u64(l.part(1)); address && !by_source)
    return list_address(l, file, *address);
  std::string name(l.part(1));
  std::uint64_t offset = 0;
  if (!by_source && !split_offset(std::string(l.part(1)), name, offset)) return;
  const auto found = by_source ? l.view().source_functions(file.path, source_pattern(l.parts()),
                                                           language_of(l.part(1)))
                               : l.view().user_functions(file.path, name);
  if (!found) {
    if (!is_glob(l.part(0))) l.problem(found.error());
    return;
  }
  for (const kernel::UserFunction& function : *found) {
    if (offset != 0 &&
        (offset >= function.size || !is_instruction(l, file, function.file_offset + offset)))
      continue;
    ListedProbe* probe =
        l.add(by_source ? fmt::format("{}:{}:\"{}\"", file.name, l.part(1), function.source_name)
                        : fmt::format("{}:{}{}", file.name, function.name,
                                      offset == 0 ? "" : fmt::format("+{}", offset)));
    if (probe != nullptr)
      add_user_arguments(l, *probe, file.path, function.address + offset, function.name);
  }
}

// Every function of every file is never meant.
void list_user_functions(Lister& l) {
  if (l.parts().empty()) return;
  const bool is_wide = is_glob(l.part(0)) && l.part(0).find('/') == std::string_view::npos;
  if (is_wide && !l.view().has_traced_processes()) {
    return l.problem(std::string(l.kind().name) +
                     " probes belong to files: name one, or give a process with -p");
  }
  if (const auto line = written_line(l)) return list_line(l, *line);
  for (const kernel::BinaryFile& file : listed_files(l)) list_functions_of(l, file);
}

}  // namespace

void add_usdt_arguments(ListedProbe& probe, const std::vector<plan::UsdtArgument>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const plan::UsdtArgument& argument = arguments[i];
    ListedArgument& listed = probe.arguments.emplace_back();
    listed.type = plan::type_name(argument);
    listed.name = fmt::format("arg{}", i);
    listed.declaration = fmt::format("{} {}", listed.type, listed.name);
    if (argument.form == plan::UsdtArgument::Form::Unreadable)
      listed.declaration += fmt::format("  // cannot be read: {}", argument.problem);
  }
}

void list_Uprobe(Lister& l) { list_user_functions(l); }
void list_Uretprobe(Lister& l) { list_user_functions(l); }

// usdt:BINARY:PROVIDER:NAME, or without the provider. A probe of several places is one.
void list_Usdt(Lister& l) {
  if (l.parts().empty() && !l.view().has_traced_processes()) return;
  const bool has_provider = l.parts().size() > 2;
  const std::string_view provider = has_provider && !l.part(1).empty() ? l.part(1) : "*";
  const std::string_view name = l.part(has_provider ? 2 : 1);
  for (const kernel::BinaryFile& file : listed_files(l)) {
    const auto found = l.view().usdt_probes(file.path);
    if (!found && !is_glob(l.part(0))) l.problem(found.error());
    if (!found) continue;
    const kernel::UsdtProbe* last = nullptr;
    for (const kernel::UsdtProbe& probe : *found) {
      if (!glob_match(provider, probe.provider) || !glob_match(name, probe.name)) continue;
      const bool is_same =
          last != nullptr && last->provider == probe.provider && last->name == probe.name;
      last = &probe;
      if (is_same) continue;
      ListedProbe* listed = l.add(fmt::format("{}:{}:{}", file.name, probe.provider, probe.name));
      if (listed != nullptr) add_usdt_arguments(*listed, probe.arguments);
    }
  }
}

}  // namespace sonde::resolve
