#include "resolve/imports.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"
#include "parser/parser.h"

namespace sonde::resolve {
namespace {

namespace kinds = diag::kinds;

// Two names of one file, through links for example, have one identity.
using FileId = std::pair<dev_t, ino_t>;

constexpr std::string_view kOpenToAll = "everybody may write to it";

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string join(const std::string& folder, const std::string& path) {
  if (path.starts_with('/') || folder.empty()) return path;
  return folder.ends_with('/') ? folder + path : folder + "/" + path;
}

// True if others can put a file of theirs into the folder: then nobody knows whose code it is that runs as root. In a
// folder with the sticky bit, such as /tmp, files of the user's and of root's are safe.
bool is_open_folder(const std::string& folder, const struct stat& file) {
  struct stat info{};
  if (::stat(folder.empty() ? "." : folder.c_str(), &info) != 0 || (info.st_mode & S_IWOTH) == 0)
    return false;
  const bool own = file.st_uid == 0 || file.st_uid == ::geteuid();
  return (info.st_mode & S_ISVTX) == 0 || !own;
}

class Importer {
 public:
  Importer(diag::Sources& sources, const ImportOptions& options, diag::Emitter& emitter)
      : sources_(sources), options_(options), emitter_(emitter) {
    struct stat info{};
    if (!options.script.empty() && ::stat(options.script.c_str(), &info) == 0)
      seen_.emplace(info.st_dev, info.st_ino);
  }

  void load_all(const ast::Program& program, const std::string& folder) {
    for (const ast::Import& import : program.imports) load(import, folder);
  }
  // What has been read, in the order in which it counts.
  [[nodiscard]] std::deque<ast::Program>& loaded() { return loaded_; }

 private:
  void load(const ast::Import& import, const std::string& folder);
  void load_folder(const ast::Import& import, const std::string& path, const struct stat& info);
  void load_file(const ast::Import& import, const std::string& path);
  std::optional<std::string> read(const ast::Import& import, const std::string& path);
  void refuse(const ast::Import& import, const std::string& path, std::string_view why,
              std::string hint = {}) {
    emitter_.emit(kinds::ImportRefused, import.path_location, path, std::string(why))
        .hint(std::move(hint));
  }

  diag::Sources& sources_;
  const ImportOptions& options_;
  diag::Emitter& emitter_;
  std::set<FileId> seen_;
  std::deque<ast::Program> loaded_;
};

void Importer::load(const ast::Import& import, const std::string& folder) {
  std::vector<std::string> places = {join(folder, import.path)};
  if (!import.path.starts_with('/')) {
    for (const std::string& other : options_.search_path)
      places.push_back(join(other, import.path));
  }
  for (const std::string& place : places) {
    struct stat info{};
    if (import.path.empty() || ::stat(place.c_str(), &info) != 0) {
      if (errno == EACCES || errno == ELOOP) return refuse(import, place, std::strerror(errno));
      continue;
    }
    return S_ISDIR(info.st_mode) ? load_folder(import, place, info) : load_file(import, place);
  }
  const bool may_add = options_.search_path.empty() && !import.path.starts_with('/');
  emitter_.emit(kinds::ImportNotFound, import.path_location, import.path)
      .hint(fmt::format("looked for {}{}", fmt::join(places, ", "),
                        may_add ? "; -I FOLDER adds a folder to look in" : ""));
}

void Importer::load_folder(const ast::Import& import, const std::string& path,
                           const struct stat& info) {
  if ((info.st_mode & S_IWOTH) != 0) {
    const bool is_shared = (info.st_mode & S_ISVTX) != 0;  // /tmp is meant to be so.
    return refuse(import, path, kOpenToAll,
                  is_shared ? "put the scripts into a folder of your own"
                            : fmt::format("chmod o-w {}", path));
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
  if (folder == nullptr) return refuse(import, path, std::strerror(errno));
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    const bool is_wanted = name.ends_with(".bt") || name.ends_with(".bpf.c");
    if (is_wanted && !name.starts_with('.')) names.emplace_back(name);
  }
  if (names.empty()) return refuse(import, path, "the folder holds no .bt or .bpf.c file");
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) load_file(import, join(path, name));
}

// The text of a script that may be trusted; nothing if it is known already, or after a report.
std::optional<std::string> Importer::read(const ast::Import& import, const std::string& path) {
  // A pipe would make open() wait.
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) {
    refuse(import, path, std::strerror(errno));
    return std::nullopt;
  }
  if (!S_ISREG(info.st_mode)) {
    refuse(import, path, "it is not a regular file");
    return std::nullopt;
  }
  if (!seen_.emplace(info.st_dev, info.st_ino).second) return std::nullopt;
  if ((info.st_mode & S_IWOTH) != 0) {
    refuse(import, path, kOpenToAll, fmt::format("chmod o-w {}", path));
    return std::nullopt;
  }
  // The folder as written, and the one that a link leads to.
  std::error_code failed;
  const std::string target = std::filesystem::canonical(path, failed).string();
  for (const std::string& folder : {folder_of(path), folder_of(failed ? path : target)}) {
    if (!is_open_folder(folder, info)) continue;
    refuse(import, path, "everybody may write to its folder",
           fmt::format("chmod o-w {}", folder.empty() ? "." : folder));
    return std::nullopt;
  }
  auto text = read_file(fd.get(), path);
  if (!text) {
    refuse(import, path, text.error().message());
    return std::nullopt;
  }
  return std::move(*text);
}

void Importer::load_file(const ast::Import& import, const std::string& path) {
  if (path.ends_with(".c")) {
    std::optional<std::string> text = read(import, path);
    if (!text) return;
    ast::Program file;
    file.c_files.push_back({import.path_location, path, sources_.add(path, std::move(*text))});
    loaded_.push_back(std::move(file));
    return;
  }
  if (path.ends_with(".h")) {
    if (!read(import, path)) return;
    ast::Program header;
    header.c_parts.push_back({import.location, fmt::format("#include \"{}\"", path), true, false});
    loaded_.push_back(std::move(header));
    return;
  }
  if (!path.ends_with(".bt"))
    return refuse(import, path, "it is neither a folder nor a .bt, .h or .bpf.c file");
  std::optional<std::string> text = read(import, path);
  if (!text) return;
  drop_byte_order_mark(*text);
  const std::uint32_t source = sources_.add(path, std::move(*text));
  ast::Program program = parser::parse(
      sources_, source, emitter_, {.has_btf = options_.has_btf, .role = parser::Role::Imported});
  if (!program.config.empty())
    emitter_.emit(kinds::ImportedConfig, program.config.front().location, path);
  load_all(program, folder_of(path));
  loaded_.push_back(std::move(program));
}

template <class List>
void put_in_front(List& list, List& added) {
  list.insert(list.begin(), std::make_move_iterator(added.begin()),
              std::make_move_iterator(added.end()));
}

}  // namespace

void load_imports(ast::Program& program, diag::Sources& sources, const ImportOptions& options,
                  diag::Emitter& emitter) {
  if (program.imports.empty()) return;
  Importer importer(sources, options, emitter);
  importer.load_all(program, folder_of(options.script));
  for (auto imported = importer.loaded().rbegin(); imported != importer.loaded().rend();
       ++imported) {
    program.arena->adopt(*imported->arena);
    put_in_front(program.maps, imported->maps);
    put_in_front(program.c_parts, imported->c_parts);
    put_in_front(program.macros, imported->macros);
    put_in_front(program.c_files, imported->c_files);
    put_in_front(program.probes, imported->probes);
  }
  if (program.probes.empty() && !emitter.has_errors())
    emitter.emit(kinds::EmptyScript, program.imports.back().location)
        .hint("no file that it imports has one either");
}

}  // namespace sonde::resolve
