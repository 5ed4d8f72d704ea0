#include "kernel/c_object.h"

#include <gelf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>

#include "kernel/elf_sections.h"

namespace sonde::kernel {
namespace {

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfPtr = std::unique_ptr<Elf, EndElf>;

ElfPtr open_memory(std::string& object) {
  elf_version(EV_CURRENT);
  return ElfPtr(elf_memory(object.data(), object.size()));
}

// Calls visit(symbol, name, section, offset in the file) for the defined global functions.
void each_function(Elf* elf,
                   const std::function<void(const char*, std::string_view, std::size_t)>& visit) {
  each_section(elf, [&](Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = header.sh_type == SHT_SYMTAB ? elf_getdata(section, nullptr) : nullptr;
    if (data == nullptr || header.sh_entsize != sizeof(Elf64_Sym)) return false;
    const std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) continue;
      if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || GELF_ST_BIND(symbol.st_info) == STB_LOCAL ||
          symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
        continue;
      const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name == nullptr) continue;
      GElf_Shdr own;
      const bool is_known = gelf_getshdr(elf_getscn(elf, symbol.st_shndx), &own) != nullptr;
      visit(name, is_known ? section_name(elf, own) : std::string_view(),
            header.sh_offset + i * sizeof(Elf64_Sym));
    }
    return false;
  });
}

}  // namespace

std::string object_section(std::string& object, std::string_view name) {
  const ElfPtr elf = open_memory(object);
  if (elf == nullptr) return {};
  std::string bytes;
  each_section(elf.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
    if (section_name(elf.get(), header) != name) return false;
    const Elf_Data* data = elf_getdata(section, nullptr);
    if (data != nullptr && data->d_buf != nullptr)
      bytes.assign(static_cast<const char*>(data->d_buf), data->d_size);
    return true;
  });
  return bytes;
}

std::vector<ObjectFunction> object_functions(std::string& object) {
  std::vector<ObjectFunction> functions;
  const ElfPtr elf = open_memory(object);
  if (elf == nullptr) return functions;
  each_function(elf.get(), [&](const char* name, std::string_view section, std::size_t) {
    functions.push_back({name, std::string(section)});
  });
  return functions;
}

void hide_functions(std::string& object) {
  std::vector<std::size_t> symbols;
  {
    const ElfPtr elf = open_memory(object);
    if (elf == nullptr) return;
    each_function(elf.get(), [&](const char*, std::string_view section, std::size_t offset) {
      if (section == ".text") symbols.push_back(offset);
    });
  }
  for (const std::size_t offset : symbols) {
    const std::size_t other = offset + offsetof(Elf64_Sym, st_other);
    if (other < object.size()) object[other] = STV_HIDDEN;
  }
}

void fix_license(std::string& object) {
  std::size_t flags = 0;
  {
    const ElfPtr elf = open_memory(object);
    GElf_Ehdr header;
    if (elf == nullptr || gelf_getehdr(elf.get(), &header) == nullptr) return;
    each_section(elf.get(), [&](Elf_Scn* section, const GElf_Shdr& one) {
      if (section_name(elf.get(), one) == "license")
        flags = header.e_shoff + elf_ndxscn(section) * sizeof(Elf64_Shdr) +
                offsetof(Elf64_Shdr, sh_flags);
      return false;
    });
  }
  const std::uint64_t read_only = SHF_ALLOC;
  if (flags != 0 && flags + sizeof read_only <= object.size())
    std::memcpy(object.data() + flags, &read_only, sizeof read_only);
}

}  // namespace sonde::kernel
