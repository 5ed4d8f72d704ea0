// What programs and libraries have: functions and static probes. See lister.h.
#include <fmt/format.h>

#include "base/glob.h"
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

// By debug information.
void add_user_arguments(Lister& l, ListedProbe& probe, const kernel::BinaryFile& file,
                        const kernel::UserFunction& function) {
  const auto signature = l.view().user_signature(file.path, function.address, function.name);
  if (!signature) return;
  if (!l.kind().has(builtins::kRetval)) {
    for (const types::Field& parameter : (*signature)->parameters)
      Lister::add_argument(probe, parameter);
  } else if (const std::string& text = (*signature)->result_text; text != "void") {
    probe.arguments.push_back({text, "retval", text + " retval"});
  }
}

void list_functions_of(Lister& l, const kernel::BinaryFile& file) {
  const bool by_source = l.parts().size() > 2;
  const auto found = by_source ? l.view().source_functions(file.path, source_pattern(l.parts()),
                                                           language_of(l.part(1)))
                               : l.view().user_functions(file.path, l.part(1));
  if (!found) {
    if (!is_glob(l.part(0))) l.problem(found.error());
    return;
  }
  for (const kernel::UserFunction& function : *found) {
    ListedProbe* probe =
        l.add(by_source ? fmt::format("{}:{}:\"{}\"", file.name, l.part(1), function.source_name)
                        : file.name + ":" + function.name);
    if (probe != nullptr) add_user_arguments(l, *probe, file, function);
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
