// Going through the sections of an ELF file, which may be broken.
#pragma once

#include <gelf.h>
#include <libelf.h>

#include <string_view>

namespace sonde::kernel {

// Calls visit(section, header) until it returns true.
template <class Visit>
void each_section(Elf* elf, Visit&& visit) {
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) != nullptr && visit(section, header)) return;
  }
}

// "" if the file does not tell. Valid as long as the file.
inline std::string_view section_name(Elf* elf, const GElf_Shdr& header) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return {};
  const char* name = elf_strptr(elf, names, header.sh_name);
  return name != nullptr ? std::string_view(name) : std::string_view();
}

}  // namespace sonde::kernel
