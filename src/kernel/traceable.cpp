#include "kernel/traceable.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"

namespace sonde::kernel {
namespace {

constexpr const char* kBlacklist = "/sys/kernel/debug/kprobes/blacklist";

bool is_blacklisted(std::string_view list, std::string_view name) {
  return std::ranges::any_of(split(list, '\n'), [&](std::string_view line) {
    const std::size_t tab = line.find('\t');
    return tab != std::string_view::npos && line.substr(tab + 1) == name;
  });
}

// What kallsyms has of a function.
struct Symbols {
  std::optional<std::uint64_t> address;
  std::string variant;  // "vfs_read.isra.0": what an optimisation made of it.
  ForbiddenSections sections;
};

Symbols find_symbols(std::string_view name, const std::string& path) {
  Symbols found;
  const std::string prefix = fmt::format("{}.", name);
  const auto scanned = scan_kallsyms(
      [&](const KernelSymbolLine& symbol) {
        found.sections.note(symbol);
        if (!symbol.is_code()) return false;
        if (symbol.name == name) found.address = symbol.address;
        // Cold parts are no functions that anybody calls.
        const bool is_cold = symbol.name.find(".cold") != std::string_view::npos;
        if (symbol.name.starts_with(prefix) && !is_cold && found.variant.empty())
          found.variant = symbol.name;
        return false;
      },
      path);
  if (!scanned) found.address = 0;  // Unknown: nothing is said against it.
  return found;
}

}  // namespace

void ForbiddenSections::note(const KernelSymbolLine& symbol) {
  for (Section& section : sections_) {
    if (symbol.name == section.begin_mark) section.begin = symbol.address;
    if (symbol.name == section.end_mark) section.end = symbol.address;
  }
}

std::string_view ForbiddenSections::find(std::uint64_t address) const {
  for (const Section& section : sections_) {
    if (address >= section.begin && address < section.end) return section.name;
  }
  return {};
}

std::string why_not_traceable(std::string_view name, const FunctionFacts& facts) {
  if (is_blacklisted(facts.blacklist, name))
    return "it is on the kernel's list of functions that no kprobe may touch";
  const Symbols symbols = find_symbols(name, facts.kallsyms_path);
  if (!symbols.address && !symbols.variant.empty())
    return fmt::format("the compiler has made {} of it", symbols.variant);
  if (!symbols.address)
    return facts.is_in_btf ? "the compiler has inlined it everywhere" : std::string();
  if (const std::string_view section = symbols.sections.find(*symbols.address); !section.empty())
    return fmt::format("it lies in {}, where no probe may sit", section);
  if (facts.has_filter_list && !facts.is_in_filter_list)
    return "it is marked notrace: the kernel's function tracer leaves it out";
  return {};
}

std::string why_not_traceable(std::string_view name, KernelBtf& btf, Tracefs& tracefs) {
  FunctionFacts facts;
  facts.kallsyms_path = "/proc/kallsyms";
  if (auto list = read_file(kBlacklist)) facts.blacklist = std::move(*list);
  facts.is_in_btf = !btf.functions("vmlinux", name).empty();
  const auto listed = tracefs.filter_functions([&](std::string_view, std::string_view function) {
    if (function == name) facts.is_in_filter_list = true;
  });
  facts.has_filter_list = listed.has_value();
  return why_not_traceable(name, facts);
}

std::string function_list_flaw(Tracefs& tracefs) {
  const auto folder = tracefs.root();
  if (!folder) return folder.error().message();
  const std::string path = *folder + "/available_filter_functions";
  // Lockdown lets nobody open it; a kernel without the function tracer has no such file.
  const OwnedFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return errno == EPERM ? "kernel lockdown hides which functions can be traced: the list is made "
                            "from BTF and kallsyms"
                          : "this kernel does not tell which functions can be traced: the list is "
                            "made from BTF and kallsyms";
  }
  return {};
}

}  // namespace sonde::kernel
