#include "kernel/kernel_functions.h"

#include <algorithm>
#include <tuple>

#include "base/file.h"
#include "base/glob.h"
#include "base/text.h"
#include "kernel/kallsyms.h"
#include "kernel/traceable.h"

namespace sonde::kernel {
namespace {

constexpr std::string_view kVmlinux = "vmlinux";

void sort_unique(std::vector<KernelFunction>& functions) {
  const auto key = [](const KernelFunction& function) {
    return std::tie(function.name, function.module);
  };
  std::sort(functions.begin(), functions.end(),
            [&](const KernelFunction& a, const KernelFunction& b) { return key(a) < key(b); });
  functions.erase(std::unique(functions.begin(), functions.end(),
                              [&](const KernelFunction& a, const KernelFunction& b) {
                                return key(a) == key(b);
                              }),
                  functions.end());
}

// Padding in front of functions, and control-flow stubs: symbols, but not functions.
bool is_prefix_symbol(std::string_view name) {
  return name.starts_with("__pfx_") || name.starts_with("__cfi_");
}

}  // namespace

Result<std::vector<KernelFunction>> functions_of_kallsyms(
    std::string_view module, std::string_view name, const std::vector<std::string>* vmlinux_names,
    const std::string& path) {
  struct Candidate {
    std::uint64_t address;
    KernelFunction function;
  };
  std::vector<Candidate> candidates;
  ForbiddenSections forbidden;
  auto scanned = scan_kallsyms(
      [&](const KernelSymbolLine& symbol) {
        forbidden.note(symbol);
        if (!symbol.is_code() || is_prefix_symbol(symbol.name)) return false;
        const std::string_view owner = symbol.module.empty() ? kVmlinux : symbol.module;
        // What the kernel generates at run time: "[bpf]", "[__builtin__kprobes]".
        if (owner == "bpf" || owner.starts_with("__builtin__")) return false;
        if (!glob_match(name, symbol.name) || !glob_match(module, owner)) return false;
        if (symbol.module.empty() && vmlinux_names != nullptr &&
            !std::binary_search(vmlinux_names->begin(), vmlinux_names->end(), symbol.name)) {
          return false;
        }
        candidates.push_back({symbol.address, {std::string(owner), std::string(symbol.name)}});
        return false;
      },
      path);
  if (!scanned) return std::unexpected(scanned.error());
  std::vector<KernelFunction> functions;
  for (Candidate& candidate : candidates) {
    if (forbidden.find(candidate.address).empty())
      functions.push_back(std::move(candidate.function));
  }
  sort_unique(functions);
  return functions;
}

Result<std::vector<KernelFunction>> find_kernel_functions(std::string_view module,
                                                          std::string_view name, KernelBtf& btf,
                                                          Tracefs& tracefs) {
  if (module.empty()) module = "*";
  const std::string vmlinux(kVmlinux);
  const bool wants_vmlinux = glob_match(module, kVmlinux);
  if (!is_glob(name)) {
    if (wants_vmlinux && !btf.functions(vmlinux, name).empty()) {
      return std::vector<KernelFunction>{{vmlinux, std::string(name)}};
    }
    return functions_of_kallsyms(module, name, nullptr);
  }
  std::vector<KernelFunction> functions;
  auto listed = tracefs.filter_functions([&](std::string_view owner, std::string_view function) {
    if (glob_match(name, function) && glob_match(module, owner)) {
      functions.push_back({std::string(owner), std::string(function)});
    }
  });
  if (listed) {
    sort_unique(functions);
    return functions;
  }
  std::vector<std::string> known;
  if (wants_vmlinux) known = btf.functions(vmlinux, name);
  const bool has_btf = btf.vmlinux() != nullptr;
  auto from_symbols = functions_of_kallsyms(module, name, has_btf ? &known : nullptr);
  if (from_symbols || !has_btf) return from_symbols;
  for (std::string& function : known) functions.push_back({vmlinux, std::move(function)});
  return functions;
}

Result<std::vector<std::string>> injectable_functions(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  std::vector<std::string> names;
  for (const std::string_view line : split(*text, '\n')) {
    const std::string_view name = line.substr(0, line.find_first_of("+ \t"));
    if (!name.empty()) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sonde::kernel
