// Function symbols and segments of an ELF file, with libelf. For finding probe places (name -> file offset) and for
// naming addresses of user stacks (file offset or address -> name).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/view.h"

namespace sonde::kernel {

// True if the file starts as ELF files do (a linker script named libc.so does not).
[[nodiscard]] bool is_elf(const std::string& path);

class ElfSymbols {
 public:
  // Opens an executable or a shared library. If it was stripped, symbols come from its separate debug file, or from its
  // .gnu_debugdata: see kernel/debug_file.h. Nothing is read before it is asked.
  [[nodiscard]] static Result<ElfSymbols> open(const std::string& path) { return open(path, path); }
  // The same of a file that is open, or lies elsewhere by now: its debug file is looked for as if it were `known_as`.
  [[nodiscard]] static Result<ElfSymbols> open(const std::string& path,
                                               const std::string& known_as);
  // A file that is in memory alone.
  [[nodiscard]] static Result<ElfSymbols> from_bytes(std::string bytes);
  // In hexadecimal; "" without one.
  [[nodiscard]] std::string build_id() const;

  ElfSymbols(ElfSymbols&&) noexcept;
  ElfSymbols& operator=(ElfSymbols&&) noexcept;
  ~ElfSymbols();

  // Defined functions whose name matches; one per name and address, sorted by name. Symbol versions ("@GLIBC_2.2.5")
  // are no part of the name.
  [[nodiscard]] std::vector<UserFunction> find(std::string_view glob) const;
  // The same by the names of the source.
  [[nodiscard]] std::vector<UserFunction> find_by_source(
      std::string_view pattern, std::optional<SourceLanguage> language) const;
  // File offset of a virtual address; nullopt outside the executable segments.
  [[nodiscard]] std::optional<std::uint64_t> file_offset(std::uint64_t address) const;
  // The inverse: virtual address of a file offset in an executable segment.
  [[nodiscard]] std::optional<std::uint64_t> address_of(std::uint64_t file_offset) const;

  // As View::program_symbol().
  [[nodiscard]] std::optional<plan::ProgramSymbol> program_symbol(std::uint64_t file_offset,
                                                                  std::string_view name) const;

  struct Symbol {
    std::string_view name;     // Valid as long as this object.
    std::uint64_t offset = 0;  // Bytes from the symbol's start.
  };
  // The function around a virtual address. Sorts the tables with the first question.
  [[nodiscard]] std::optional<Symbol> resolve(std::uint64_t address);

 private:
  struct Impl;
  explicit ElfSymbols(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sonde::kernel
