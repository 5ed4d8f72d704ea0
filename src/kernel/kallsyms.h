// Symbols of the running kernel from /proc/kallsyms. The kernel formats the file anew for each reader, 40 ms for all of
// it, so it is read only when somebody asks. Addresses read as 0 without CAP_SYSLOG (kernel.kptr_restrict).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

struct KernelSymbolLine {
  std::uint64_t address = 0;
  char type = '?';  // As nm(1) has it; 't' and 'T' are code.
  std::string_view name;
  std::string_view module;  // "" for the kernel itself.
  [[nodiscard]] bool is_code() const {
    return type == 't' || type == 'T' || type == 'w' || type == 'W';
  }
};

// Reads `path` piece by piece and calls visit(line) until it returns true.
[[nodiscard]] Result<void> scan_kallsyms(const std::function<bool(const KernelSymbolLine&)>& visit,
                                         const std::string& path = "/proc/kallsyms");

// Address of the first symbol of that name; nullopt if there is none or addresses are hidden.
[[nodiscard]] std::optional<std::uint64_t> kernel_symbol_address(
    std::string_view name, const std::string& path = "/proc/kallsyms");

// Address -> symbol, for stacks and ksym(). Loads the table with the first question.
class KernelSymbols {
 public:
  explicit KernelSymbols(std::string path = "/proc/kallsyms") : path_(std::move(path)) {}

  struct Symbol {
    std::string_view name;     // Valid as long as this object.
    std::uint64_t offset = 0;  // Bytes from the symbol's start.
    std::string_view module;   // "" for the kernel itself.
  };
  // nullopt for addresses outside of the kernel and its modules, and when the table cannot be read.
  [[nodiscard]] std::optional<Symbol> resolve(std::uint64_t address);
  // Reads the table now. An error also when all addresses are hidden.
  [[nodiscard]] Result<void> load();

 private:
  struct Entry {
    std::uint64_t address;
    std::uint32_t text;  // Where name, NUL, module, NUL stand in text_.
  };
  std::string path_;
  bool loaded_ = false;
  std::string text_;
  std::vector<Entry> entries_;  // By address; of equal addresses only the first of the file.
};

}  // namespace sonde::kernel
