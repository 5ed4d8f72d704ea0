#include "kernel/usdt.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

#include "kernel/elf_file.h"
#include "kernel/elf_sections.h"
#include "kernel/usdt_arguments.h"

namespace sonde::kernel {
namespace {

constexpr std::uint32_t kProbeNote = 3;  // NT_STAPSDT; its name is "stapsdt".
constexpr std::string_view kOwner = "stapsdt";

// Notes are not loaded and so not moved by prelink(8), which moves this section: the difference says by how much.
constexpr std::string_view kBaseSection = ".stapsdt.base";

// The part of a note behind its header, in the file's byte order.
class Description {
 public:
  Description(Elf* elf, std::string_view bytes) : bytes_(bytes) {
    std::size_t size = 0;
    const char* identification = elf_getident(elf, &size);
    if (identification == nullptr || size < EI_NIDENT) return;
    width_ = identification[EI_CLASS] == ELFCLASS64 ? 8 : 4;
    is_big_ = identification[EI_DATA] == ELFDATA2MSB;
  }

  std::optional<std::uint64_t> address() {
    if (bytes_.size() < width_) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width_; ++i) {
      const std::size_t from = is_big_ ? i : width_ - 1 - i;
      value = value << 8 | static_cast<unsigned char>(bytes_[from]);
    }
    bytes_.remove_prefix(width_);
    return value;
  }

  std::optional<std::string_view> text() {
    const std::size_t end = bytes_.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view found = bytes_.substr(0, end);
    bytes_.remove_prefix(end + 1);
    return found;
  }

 private:
  std::string_view bytes_;
  std::size_t width_ = 8;
  bool is_big_ = false;
};

class Reader {
 public:
  Reader(const ElfFile& file, plan::Arch arch)
      : elf_(file.handle()), start_(file.base()), arch_(arch) {}

  std::vector<UsdtProbe> read() {
    each_section(elf_, [&](Elf_Scn*, const GElf_Shdr& header) {
      if (section_name(elf_, header) == kBaseSection) base_ = header.sh_addr;
      return false;
    });
    each_section(elf_, [&](Elf_Scn* section, const GElf_Shdr& header) {
      if (header.sh_type == SHT_NOTE) read_section(section);
      return false;
    });
    const auto key = [](const UsdtProbe& probe) {
      return std::tie(probe.provider, probe.name, probe.address);
    };
    std::ranges::sort(probes_, {}, key);
    const auto same = std::ranges::unique(probes_, {}, key);
    probes_.erase(same.begin(), same.end());
    return std::move(probes_);
  }

 private:
  void read_section(Elf_Scn* section) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr) return;
    const std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
    GElf_Nhdr note;
    std::size_t name = 0;
    std::size_t value = 0;
    for (std::size_t at = 0; (at = gelf_getnote(data, at, &note, &name, &value)) > 0;) {
      if (note.n_type != kProbeNote || note.n_namesz != kOwner.size() + 1) continue;
      if (bytes.substr(name, kOwner.size()) != kOwner || value > bytes.size()) continue;
      read_note(bytes.substr(value, note.n_descsz));
    }
  }

  void read_note(std::string_view bytes) {
    Description description(elf_, bytes);
    const auto address = description.address();
    const auto base = description.address();
    const auto semaphore = description.address();
    const auto provider = description.text();
    const auto name = description.text();
    const auto arguments = description.text();
    if (!semaphore || !arguments || name->empty()) return;
    const std::uint64_t moved = base_ && *base != 0 ? *base_ - *base : 0;
    UsdtProbe probe;
    probe.provider = *provider;
    probe.name = *name;
    probe.address = *address + moved;
    const auto offset = file_offset(probe.address, PF_X);
    if (!offset) return;
    probe.file_offset = *offset;
    if (*semaphore != 0) probe.semaphore = file_offset(*semaphore + moved, PF_W).value_or(0);
    const UsdtPlace place{arch_, probe.address,
                          [this](std::string_view symbol) { return find_symbol(symbol); }};
    probe.arguments = parse_usdt_arguments(*arguments, place);
    probes_.push_back(std::move(probe));
  }

  std::optional<std::uint64_t> file_offset(std::uint64_t address, std::uint32_t permission) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_, &count) != 0) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_, static_cast<int>(i), &header) == nullptr) continue;
      if (header.p_type != PT_LOAD || (header.p_flags & permission) == 0) continue;
      if (address >= header.p_vaddr && address - header.p_vaddr < header.p_filesz)
        return start_ + (address - header.p_vaddr) + header.p_offset;
    }
    return std::nullopt;
  }

  // Variables and labels; few probes ask.
  std::optional<std::uint64_t> find_symbol(std::string_view name) {
    if (!symbols_) {
      symbols_.emplace();
      each_section(elf_, [&](Elf_Scn* section, const GElf_Shdr& header) {
        if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
          read_symbols(section, header);
        return false;
      });
    }
    const auto found = symbols_->find(name);
    return found == symbols_->end() ? std::nullopt : found->second;
  }

  void read_symbols(Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) return;
    const std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
      if (symbol.st_shndx == SHN_UNDEF || GELF_ST_TYPE(symbol.st_info) == STT_TLS) continue;
      const char* name = elf_strptr(elf_, header.sh_link, symbol.st_name);
      if (name == nullptr) continue;
      // Static variables of two source files may share a name: nobody knows which is meant.
      const auto [known, is_new] = symbols_->try_emplace(name, symbol.st_value);
      if (!is_new && known->second != symbol.st_value) known->second = std::nullopt;
    }
  }

  Elf* elf_;
  std::uint64_t start_;  // Of the file, in an archive.
  plan::Arch arch_;
  std::optional<std::uint64_t> base_;
  std::optional<std::map<std::string, std::optional<std::uint64_t>, std::less<>>> symbols_;
  std::vector<UsdtProbe> probes_;
};

}  // namespace

Result<std::vector<UsdtProbe>> read_usdt_probes(const std::string& path, plan::Arch arch) {
  auto file = ElfFile::open(path);
  if (!file) return std::unexpected(file.error());
  return Reader(*file, arch).read();
}

}  // namespace sonde::kernel
