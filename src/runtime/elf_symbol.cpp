#include "runtime/elf_symbol.h"

#include <elf.h>

#include <cstring>
#include <vector>

namespace sonde::runtime {
namespace {

// A copy of a T at `offset`: the object lies in a string, which need not be aligned.
template <class T>
std::optional<T> read_at(std::string_view object, std::uint64_t offset) {
  if (offset > object.size() || object.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, object.data() + offset, sizeof value);
  return value;
}

std::string_view text_at(std::string_view object, const Elf64_Shdr& table, std::uint32_t index) {
  if (index >= table.sh_size || table.sh_offset + table.sh_size > object.size()) return {};
  const char* begin = object.data() + table.sh_offset + index;
  return {begin, ::strnlen(begin, table.sh_size - index)};
}

std::vector<Elf64_Shdr> read_sections(std::string_view object, const Elf64_Ehdr& header) {
  std::vector<Elf64_Shdr> sections;
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    const auto section =
        read_at<Elf64_Shdr>(object, header.e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr));
    if (!section) return {};
    sections.push_back(*section);
  }
  return sections;
}

}  // namespace

std::optional<ElfGlobal> find_elf_global(std::string_view object, std::string_view name) {
  const auto header = read_at<Elf64_Ehdr>(object, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64) {
    return std::nullopt;
  }
  const std::vector<Elf64_Shdr> sections = read_sections(object, *header);
  for (const Elf64_Shdr& table : sections) {
    if (table.sh_type != SHT_SYMTAB || table.sh_link >= sections.size()) continue;
    for (std::uint64_t i = 0; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
      const auto symbol = read_at<Elf64_Sym>(object, table.sh_offset + i * sizeof(Elf64_Sym));
      if (!symbol || symbol->st_shndx >= sections.size() || header->e_shstrndx >= sections.size())
        continue;
      if (text_at(object, sections[table.sh_link], symbol->st_name) != name) continue;
      const Elf64_Shdr& home = sections[symbol->st_shndx];
      return ElfGlobal{std::string(text_at(object, sections[header->e_shstrndx], home.sh_name)),
                       symbol->st_value, symbol->st_size};
    }
  }
  return std::nullopt;
}

}  // namespace sonde::runtime
