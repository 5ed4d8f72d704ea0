#include "kernel/elf.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <tuple>

#include "base/fd.h"
#include "base/glob.h"
#include "kernel/debug_file.h"
#include "kernel/demangle.h"
#include "kernel/elf_file.h"

namespace sonde::kernel {
namespace {

// "malloc@@GLIBC_2.2.5" -> "malloc"
std::string_view without_version(std::string_view name) {
  const std::size_t at = name.find('@', 1);
  return name.substr(0, at);
}

// Of the symbols at one address the exported and the shorter names say more.
int alias_rank(const GElf_Sym& symbol) {
  switch (GELF_ST_BIND(symbol.st_info)) {
    case STB_GLOBAL: return 0;
    case STB_WEAK: return 1;
    default: return 2;
  }
}

}  // namespace

bool is_elf(const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char magic[SELFMAG];
  return fd.valid() && ::read(fd.get(), magic, SELFMAG) == SELFMAG &&
         std::memcmp(magic, ELFMAG, SELFMAG) == 0;
}

struct ElfSymbols::Impl {
  struct Entry {
    std::uint64_t address;
    std::uint64_t size;
    const char* name;
    int rank;
  };

  explicit Impl(ElfFile main) { files.push_back(std::move(main)); }

  template <class Visit>
  void each_function(Visit&& visit) const {
    for (const ElfFile& file : files) file.functions(visit);
  }
  void sort();

  std::vector<ElfFile> files;  // The binary itself, then what has its symbols, if it was stripped.
  std::vector<ElfSegment> segments;
  std::vector<Entry> sorted;  // By address, each address once.
  bool is_sorted = false;
};

void ElfSymbols::Impl::sort() {
  is_sorted = true;
  each_function([&](const char* name, const GElf_Sym& symbol) {
    sorted.push_back({symbol.st_value, symbol.st_size, name, alias_rank(symbol)});
  });
  std::sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
    if (a.address != b.address) return a.address < b.address;
    if ((a.size == 0) != (b.size == 0)) return b.size == 0;  // One with a size is a better answer.
    if (a.rank != b.rank) return a.rank < b.rank;
    const auto length = [](const Entry& entry) { return std::strlen(entry.name); };
    if (length(a) != length(b)) return length(a) < length(b);
    return std::strcmp(a.name, b.name) < 0;
  });
  const auto same = [](const Entry& a, const Entry& b) { return a.address == b.address; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
}

ElfSymbols::ElfSymbols(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ElfSymbols::ElfSymbols(ElfSymbols&&) noexcept = default;
ElfSymbols& ElfSymbols::operator=(ElfSymbols&&) noexcept = default;
ElfSymbols::~ElfSymbols() = default;

Result<ElfSymbols> ElfSymbols::from_bytes(std::string bytes) {
  auto file = ElfFile::from_bytes(std::move(bytes));
  if (!file) return std::unexpected(file.error());
  auto impl = std::make_unique<Impl>(std::move(*file));
  impl->segments = impl->files.front().executable_segments();
  return ElfSymbols(std::move(impl));
}

std::string ElfSymbols::build_id() const { return impl_->files.front().build_id(); }

Result<ElfSymbols> ElfSymbols::open(const std::string& path, const std::string& known_as) {
  auto file = ElfFile::open(path);
  if (!file) return std::unexpected(file.error());
  auto impl = std::make_unique<Impl>(std::move(*file));
  impl->segments = impl->files.front().executable_segments();
  if (impl->files.front().has_symbol_table()) return ElfSymbols(std::move(impl));
  auto more = find_debug_file(impl->files.front(), known_as);
  if (!more || !more->has_symbol_table()) more = read_mini_debug_info(impl->files.front());
  if (more) impl->files.push_back(std::move(*more));
  return ElfSymbols(std::move(impl));
}

namespace {

// One per name and address, by name.
void settle(std::vector<UserFunction>& found) {
  const auto key = [](const UserFunction& function) {
    return std::tie(function.name, function.address);
  };
  std::sort(found.begin(), found.end(), [&](const UserFunction& a, const UserFunction& b) {
    return key(a) != key(b) ? key(a) < key(b) : a.size > b.size;
  });
  found.erase(
      std::unique(found.begin(), found.end(),
                  [&](const UserFunction& a, const UserFunction& b) { return key(a) == key(b); }),
      found.end());
}

}  // namespace

std::vector<UserFunction> ElfSymbols::find_by_source(std::string_view pattern,
                                                     std::optional<SourceLanguage> language) const {
  std::vector<UserFunction> found;
  impl_->each_function([&](const char* text, const GElf_Sym& symbol) {
    if (text[0] != '_' || (text[1] != 'Z' && text[1] != 'R')) return;
    const std::string_view name = without_version(text);
    // The part of a function that the compiler has put out of the way is not its beginning.
    if (name.find(".cold") != std::string_view::npos) return;
    const auto offset = file_offset(symbol.st_value);
    auto source = offset ? source_name(name) : std::nullopt;
    if (!source || (language && source->language != *language)) return;
    if (!matches_source_name(pattern, *source)) return;
    found.push_back(
        {std::string(name), std::move(source->text), symbol.st_value, *offset, symbol.st_size});
  });
  settle(found);
  return found;
}

std::vector<UserFunction> ElfSymbols::find(std::string_view glob) const {
  std::vector<UserFunction> found;
  const bool is_pattern = is_glob(glob);
  impl_->each_function([&](const char* text, const GElf_Sym& symbol) {
    // Most names differ early: the length of a name is not even taken.
    if (!is_pattern && !glob.empty() && text[0] != glob[0]) return;
    const std::string_view name = without_version(text);
    if (is_pattern ? !glob_match(glob, name) : name != glob) return;
    const auto offset = file_offset(symbol.st_value);
    if (!offset) return;
    found.push_back({std::string(name), demangle(name), symbol.st_value, *offset, symbol.st_size});
  });
  settle(found);
  return found;
}

std::optional<std::uint64_t> ElfSymbols::file_offset(std::uint64_t address) const {
  for (const ElfSegment& segment : impl_->segments) {
    if (address >= segment.address && address - segment.address < segment.size) {
      return address - segment.address + segment.offset;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ElfSymbols::address_of(std::uint64_t file_offset) const {
  for (const ElfSegment& segment : impl_->segments) {
    if (file_offset >= segment.offset && file_offset - segment.offset < segment.size) {
      return file_offset - segment.offset + segment.address;
    }
  }
  return std::nullopt;
}

std::optional<plan::ProgramSymbol> ElfSymbols::program_symbol(std::uint64_t file_offset,
                                                              std::string_view name) const {
  const auto here = address_of(file_offset);
  if (!here || name.empty()) return std::nullopt;
  for (const ElfFile& file : impl_->files) {
    const auto found = file.find_symbol(name);
    if (!found) continue;
    plan::ProgramSymbol symbol{found->st_value - *here, std::nullopt, found->st_size};
    if (!impl_->files.front().is_relocatable()) symbol.address = found->st_value;
    return symbol;
  }
  return std::nullopt;
}

std::optional<ElfSymbols::Symbol> ElfSymbols::resolve(std::uint64_t address) {
  if (!impl_->is_sorted) impl_->sort();
  const auto& sorted = impl_->sorted;
  auto next = std::upper_bound(
      sorted.begin(), sorted.end(), address,
      [](std::uint64_t wanted, const Impl::Entry& entry) { return wanted < entry.address; });
  // A symbol without size (hand-written assembly) reaches to the next one; one with a size only to its end.
  if (next == sorted.begin()) return std::nullopt;
  const Impl::Entry& entry = *--next;
  const std::uint64_t offset = address - entry.address;
  if (entry.size != 0 && offset >= entry.size) return std::nullopt;
  if (entry.size == 0 && !file_offset(address)) return std::nullopt;
  return Symbol{without_version(entry.name), offset};
}

}  // namespace sonde::kernel
