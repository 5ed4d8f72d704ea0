#include "kernel/c_object.h"

#include <gelf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>

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

std::string_view section_name(Elf* elf, Elf_Scn* section) {
  GElf_Shdr header;
  std::size_t names = 0;
  if (section == nullptr || gelf_getshdr(section, &header) == nullptr ||
      elf_getshdrstrndx(elf, &names) != 0)
    return {};
  const char* name = elf_strptr(elf, names, header.sh_name);
  return name != nullptr ? std::string_view(name) : std::string_view();
}

// Calls visit(symbol, name, section, offset in the file) for the defined global functions.
void each_function(Elf* elf,
                   const std::function<void(const char*, std::string_view, std::size_t)>& visit) {
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_SYMTAB) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize != sizeof(Elf64_Sym)) continue;
    const std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) continue;
      if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || GELF_ST_BIND(symbol.st_info) == STB_LOCAL ||
          symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
        continue;
      const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name == nullptr) continue;
      visit(name, section_name(elf, elf_getscn(elf, symbol.st_shndx)),
            header.sh_offset + i * sizeof(Elf64_Sym));
    }
  }
}

}  // namespace

std::string object_section(std::string& object, std::string_view name) {
  const ElfPtr elf = open_memory(object);
  if (elf == nullptr) return {};
  for (Elf_Scn* section = elf_nextscn(elf.get(), nullptr); section != nullptr;
       section = elf_nextscn(elf.get(), section)) {
    if (section_name(elf.get(), section) != name) continue;
    const Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr) return {};
    return {static_cast<const char*>(data->d_buf), data->d_size};
  }
  return {};
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
    for (Elf_Scn* section = elf_nextscn(elf.get(), nullptr); section != nullptr;
         section = elf_nextscn(elf.get(), section)) {
      if (section_name(elf.get(), section) == "license")
        flags = header.e_shoff + elf_ndxscn(section) * sizeof(Elf64_Shdr) +
                offsetof(Elf64_Shdr, sh_flags);
    }
  }
  const std::uint64_t read_only = SHF_ALLOC;
  if (flags != 0 && flags + sizeof read_only <= object.size())
    std::memcpy(object.data() + flags, &read_only, sizeof read_only);
}

}  // namespace sonde::kernel
