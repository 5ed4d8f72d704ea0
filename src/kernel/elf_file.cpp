#include "kernel/elf_file.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "kernel/elf_sections.h"
#include "kernel/zip.h"

namespace sonde::kernel {
namespace {

std::string_view data_of(Elf_Scn* section) {
  const Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const char*>(data->d_buf), data->d_size};
}

}  // namespace

Result<ElfFile> ElfFile::open(const std::string& path) {
  elf_version(EV_CURRENT);
  if (const auto parts = split_archive_path(path)) {
    auto member = read_zip_member(parts->first, parts->second);
    if (!member) return std::unexpected(member.error());
    auto file = from_bytes(std::move(member->bytes));
    if (file) file->base_ = member->offset;
    return file;
  }
  OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path);
  // Sections are read, not mapped: a file that is cut short under our eyes must not kill us.
  Elf* elf = elf_begin(fd.get(), ELF_C_READ, nullptr);
  if (elf == nullptr) return fail(fmt::format("read {}: {}", path, elf_errmsg(-1)));
  ElfFile file(std::move(fd), elf);
  if (elf_kind(elf) != ELF_K_ELF) {
    return fail(fmt::format("read {}: not an ELF file", path), 0,
                "a probe needs a program or a shared library");
  }
  return file;
}

std::vector<ElfSegment> ElfFile::executable_segments() const {
  std::vector<ElfSegment> segments;
  std::size_t count = 0;
  if (elf_getphdrnum(elf_.get(), &count) != 0) return segments;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf_.get(), static_cast<int>(i), &header) == nullptr) continue;
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    segments.push_back({header.p_vaddr, base_ + header.p_offset, header.p_filesz});
  }
  return segments;
}

void ElfFile::functions(const std::function<void(const char*, const GElf_Sym&)>& visit) const {
  symbols([&](const char* name, const GElf_Sym& symbol) {
    const int type = GELF_ST_TYPE(symbol.st_info);
    if (type == STT_FUNC || type == STT_GNU_IFUNC) visit(name, symbol);
  });
}

std::optional<GElf_Sym> ElfFile::find_symbol(std::string_view name) const {
  std::optional<GElf_Sym> found;
  symbols([&](const char* text, const GElf_Sym& symbol) {
    const int type = GELF_ST_TYPE(symbol.st_info);
    const bool is_kind = type == STT_OBJECT || type == STT_FUNC || type == STT_NOTYPE ||
                         type == STT_COMMON || type == STT_GNU_IFUNC;
    if (found || !is_kind || text[0] != name.front()) return;
    // "environ@@GLIBC_2.2.5" is `environ`.
    const std::string_view whole(text);
    if (whole.substr(0, whole.find('@', 1)) == name) found = symbol;
  });
  return found;
}

bool ElfFile::is_relocatable() const {
  GElf_Ehdr header;
  return gelf_getehdr(elf_.get(), &header) == nullptr || header.e_type != ET_EXEC;
}

void ElfFile::symbols(const std::function<void(const char*, const GElf_Sym&)>& visit) const {
  each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
      table_symbols(section, header, visit);
    return false;
  });
}

void ElfFile::table_symbols(Elf_Scn* section, const GElf_Shdr& header,
                            const std::function<void(const char*, const GElf_Sym&)>& visit) const {
  Elf_Data* data = elf_getdata(section, nullptr);
  Elf_Scn* names_section = elf_getscn(elf_.get(), header.sh_link);
  if (data == nullptr || names_section == nullptr || header.sh_entsize == 0) return;
  const std::string_view names = data_of(names_section);
  // Names are handed out as C strings: the table must end one.
  if (names.empty() || names.back() != '\0') return;
  const std::size_t count = data->d_size / header.sh_entsize;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) break;
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_value == 0) continue;
    if (symbol.st_name == 0 || symbol.st_name >= names.size()) continue;
    visit(names.data() + symbol.st_name, symbol);
  }
}

Result<ElfFile> ElfFile::from_bytes(std::string bytes) {
  elf_version(EV_CURRENT);
  auto kept = std::make_unique<std::string>(std::move(bytes));
  Elf* elf = elf_memory(kept->data(), kept->size());
  if (elf == nullptr) return fail(fmt::format("read an ELF file in memory: {}", elf_errmsg(-1)));
  ElfFile file(OwnedFd(), elf);
  file.bytes_ = std::move(kept);
  if (elf_kind(elf) != ELF_K_ELF) return fail("read an ELF file in memory: not an ELF file");
  return file;
}

std::string ElfFile::build_id() const {
  std::string id;
  each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
    if (header.sh_type != SHT_NOTE) return false;
    Elf_Data* data = elf_getdata(section, nullptr);
    GElf_Nhdr note;
    std::size_t name = 0;
    std::size_t value = 0;
    for (std::size_t at = 0;
         data != nullptr && (at = gelf_getnote(data, at, &note, &name, &value)) > 0;) {
      const char* bytes = static_cast<const char*>(data->d_buf);
      if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4) continue;
      if (std::memcmp(bytes + name, ELF_NOTE_GNU, 4) != 0) continue;
      for (std::size_t i = 0; i < note.n_descsz; ++i) {
        id += fmt::format("{:02x}", static_cast<unsigned char>(bytes[value + i]));
      }
    }
    return !id.empty();
  });
  return id;
}

bool ElfFile::has_symbol_table() const {
  bool found = false;
  each_section(elf_.get(), [&](Elf_Scn*, const GElf_Shdr& header) {
    return found = header.sh_type == SHT_SYMTAB;
  });
  return found;
}

std::string_view ElfFile::section(std::string_view name) const {
  std::string_view found;
  each_section(elf_.get(), [&](Elf_Scn* section, const GElf_Shdr& header) {
    if (section_name(elf_.get(), header) != name || header.sh_type == SHT_NOBITS) return false;
    found = data_of(section);
    return true;
  });
  return found;
}

std::optional<ElfFile::DebugLink> ElfFile::debug_link() const {
  // The name, zeros up to a multiple of four, the checksum.
  const std::string_view data = section(".gnu_debuglink");
  const std::size_t end = data.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t at = (end + 4) / 4 * 4;
  if (at + 4 > data.size()) return std::nullopt;
  DebugLink link{std::string(data.substr(0, end)), 0};
  std::memcpy(&link.checksum, data.data() + at, sizeof link.checksum);
  return link;
}

}  // namespace sonde::kernel
