// An opened ELF file: libelf's handle with its descriptor. Internal to src/kernel.
#pragma once

#include <gelf.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace sonde::kernel {

struct ElfSegment {
  std::uint64_t address = 0;
  std::uint64_t offset = 0;  // In the file, or the archive that it lies in.
  std::uint64_t size = 0;    // In the file.
};

class ElfFile {
 public:
  // A file, or one that lies in an archive: "app.zip!/lib/libx.so".
  [[nodiscard]] static Result<ElfFile> open(const std::string& path);
  [[nodiscard]] static Result<ElfFile> from_bytes(std::string bytes);

  // PT_LOAD segments with execute permission.
  [[nodiscard]] std::vector<ElfSegment> executable_segments() const;
  // Calls visit(name, symbol) for the defined functions of .symtab and .dynsym; names stay valid as long as the file.
  void functions(const std::function<void(const char* name, const GElf_Sym& symbol)>& visit) const;
  // A defined variable or function of that name; nullopt if there is none.
  [[nodiscard]] std::optional<GElf_Sym> find_symbol(std::string_view name) const;
  // True if the program can be loaded to any place.
  [[nodiscard]] bool is_relocatable() const;
  // Where the file begins in the one that the kernel opens: not 0 in an archive.
  [[nodiscard]] std::uint64_t base() const { return base_; }
  // For readers of other sections; lives as long as the file.
  [[nodiscard]] Elf* handle() const { return elf_.get(); }
  // The table of all symbols; without it only exported functions are known (.dynsym).
  [[nodiscard]] bool has_symbol_table() const;
  // Bytes of the section of that name, as they stand in the file; empty if there is none. Valid as long as the file.
  [[nodiscard]] std::string_view section(std::string_view name) const;
  // In hexadecimal; "" without one.
  [[nodiscard]] std::string build_id() const;
  struct DebugLink {
    std::string name;  // Of the debug file, without a folder.
    std::uint32_t checksum = 0;
  };
  [[nodiscard]] std::optional<DebugLink> debug_link() const;

 private:
  struct EndElf {
    void operator()(Elf* elf) const { elf_end(elf); }
  };
  ElfFile(OwnedFd fd, Elf* elf) : fd_(std::move(fd)), elf_(elf) {}
  // All defined symbols.
  void symbols(const std::function<void(const char*, const GElf_Sym&)>& visit) const;
  void table_symbols(Elf_Scn* section, const GElf_Shdr& header,
                     const std::function<void(const char*, const GElf_Sym&)>& visit) const;

  OwnedFd fd_;
  std::unique_ptr<std::string> bytes_;  // Of a file in memory.
  std::unique_ptr<Elf, EndElf> elf_;
  std::uint64_t base_ = 0;
};

}  // namespace sonde::kernel
