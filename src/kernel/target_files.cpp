#include "kernel/target_files.h"

#include <dirent.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <utility>

#include "base/glob.h"
#include "base/text.h"
#include "kernel/binaries.h"
#include "kernel/elf.h"
#include "kernel/elf_file.h"
#include "kernel/process_maps.h"
#include "kernel/root_path.h"

namespace sonde::kernel {
namespace {

bool has_folder(std::string_view name) { return name.find('/') != std::string_view::npos; }

// Device and inode; nullopt for what is no plain file.
std::optional<std::pair<dev_t, ino_t>> identity(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return std::pair{info.st_dev, info.st_ino};
}

// A file as a process names it. Ours by the same path, if it is the same file: shorter, and it outlives the process.
BinaryFile file_of(const std::string& path, const std::string& path_under_proc) {
  const auto theirs = identity(path_under_proc);
  if (!theirs || theirs == identity(path)) return {path, path};
  return {path, path_under_proc};
}

// Each file once, by what it is.
class Files {
 public:
  void add(BinaryFile file) {
    const auto id = identity(file.path);
    if (id && seen_.insert(*id).second) files_.push_back(std::move(file));
  }
  std::vector<BinaryFile> take() {
    std::ranges::sort(files_, {},
                      [](const BinaryFile& file) { return std::tie(file.name, file.path); });
    return std::move(files_);
  }

 private:
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::vector<BinaryFile> files_;
};

std::vector<std::uint32_t> all_processes() {
  std::vector<std::uint32_t> pids;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return pids;
  while (const dirent* entry = ::readdir(folder)) {
    if (const auto pid = parse_u64(entry->d_name)) pids.push_back(static_cast<std::uint32_t>(*pid));
  }
  ::closedir(folder);
  return pids;
}

// What process `pid` has mapped as code and `matches` likes.
template <class Matches>
Result<void> add_mapped(Files& files, std::uint32_t pid, const Matches& matches) {
  const auto maps = ProcessMaps::read(static_cast<pid_t>(pid));
  if (!maps) return std::unexpected(maps.error());
  std::set<std::string_view> seen;
  for (const ProcessMapping& mapping : maps->mappings()) {
    if (!mapping.has_file() || mapping.is_deleted || !seen.insert(mapping.path).second) continue;
    if (matches(mapping.path)) files.add(file_of(mapping.path, maps->path_under_proc(mapping)));
  }
  return {};
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Names of the folder of paths are shell patterns too.
Result<std::vector<BinaryFile>> expand_path(std::string_view pattern) {
  glob_t found{};
  const int status = ::glob(std::string(pattern).c_str(), GLOB_NOSORT, nullptr, &found);
  Files files;
  for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i) {
    if (!is_elf(found.gl_pathv[i])) continue;
    if (auto path = find_binary(found.gl_pathv[i])) files.add({*path, *path});
  }
  ::globfree(&found);
  return files.take();
}

Result<std::vector<BinaryFile>> find_matching(std::string_view pattern, const ProcessScope& scope) {
  const auto matches = [&](std::string_view path) {
    return glob_match(pattern, has_folder(pattern) ? path : base_name(path));
  };
  Files files;
  if (!scope.program.empty()) {
    for (const std::string& path : files_of_program(scope.program)) {
      if (matches(path)) files.add({path, path});
    }
    return files.take();
  }
  if (scope.pids.empty() && has_folder(pattern)) return expand_path(pattern);
  for (const std::uint32_t pid : scope.pids.empty() ? all_processes() : scope.pids) {
    const auto added = add_mapped(files, pid, matches);
    // Of all of the machine's processes some end meanwhile.
    if (!added && !scope.pids.empty()) return std::unexpected(added.error());
  }
  return files.take();
}

// A path as process `pid` sees it, or the file that it has mapped under such a name.
void find_for_process(Files& files, std::uint32_t pid, std::string_view name) {
  if (name.starts_with('/')) {
    const std::string path(name);
    files.add(file_of(path, path_in_root(fmt::format("/proc/{}/root", pid), path)));
  } else if (!has_folder(name)) {
    // One that has gone is told of when it is to be traced.
    const auto named = [&](std::string_view path) {
      return base_name(path) == name || is_library_name(base_name(path), name);
    };
    [[maybe_unused]] const auto added = add_mapped(files, pid, named);
  }
}

// The strings of the dynamic section with this tag, and the loader.
std::vector<std::string> needed_names(const std::string& path, std::string& loader) {
  std::vector<std::string> names;
  auto file = ElfFile::open(path);
  if (!file) return names;
  Elf* elf = file->handle();
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_DYNAMIC) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) continue;
    for (std::size_t i = 0; i < data->d_size / header.sh_entsize; ++i) {
      GElf_Dyn entry;
      if (gelf_getdyn(data, static_cast<int>(i), &entry) == nullptr) break;
      if (entry.d_tag != DT_NEEDED) continue;
      const char* name = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
      if (name != nullptr) names.emplace_back(name);
    }
  }
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return names;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr) continue;
    if (header.p_type != PT_INTERP) continue;
    Elf_Data* data = elf_getdata_rawchunk(elf, static_cast<std::int64_t>(header.p_offset),
                                          header.p_filesz, ELF_T_BYTE);
    if (data == nullptr || data->d_buf == nullptr) continue;
    const std::string_view text(static_cast<const char*>(data->d_buf), data->d_size);
    loader = text.substr(0, text.find('\0'));
  }
  return names;
}

}  // namespace

std::vector<std::string> files_of_program(const std::string& program) {
  std::vector<std::string> files;
  const auto add = [&](std::string_view name) {
    const auto path = find_binary(name);
    if (path && std::ranges::find(files, *path) == files.end()) files.push_back(*path);
  };
  add(program);
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::string loader;
    for (const std::string& name : needed_names(files[i], loader)) add(name);
    if (!loader.empty()) add(loader);
  }
  return files;
}

Result<std::vector<BinaryFile>> find_binaries(std::string_view pattern, const ProcessScope& scope) {
  if (is_glob(pattern)) return find_matching(pattern, scope);
  Files files;
  for (const std::uint32_t pid : scope.pids) find_for_process(files, pid, pattern);
  std::vector<BinaryFile> found = files.take();
  if (!found.empty()) return found;
  auto path = find_binary(pattern);
  if (!path) return std::unexpected(path.error());
  return std::vector{BinaryFile{*path, *path}};
}

}  // namespace sonde::kernel
