// usdt: static probes of programs and libraries.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

// What the attach point asks for.
struct Wanted {
  std::string binary;
  std::string provider;  // Empty if it is not said.
  std::string name;
  bool is_complete = false;

  [[nodiscard]] bool takes(const kernel::UsdtProbe& probe) const {
    return glob_match(provider.empty() ? "*" : provider, probe.provider) &&
           glob_match(name, probe.name);
  }
};

Wanted parse(Expansion& e) {
  const std::size_t count = e.point.pieces.size();
  if (count == 1 && e.piece(0) == "*") return {"*", "*", "*", true};
  if (count < 2 || count > 3) {
    e.syntax(e.point.location, fmt::format("takes 2 or 3 parts behind the name, not {}", count));
    return {};
  }
  Wanted wanted{e.piece(0), count == 3 ? e.piece(1) : "", e.piece(count - 1), true};
  if (wanted.binary.empty() || wanted.name.empty()) {
    e.syntax(e.point.location, "a part between colons is empty");
    return {};
  }
  return wanted;
}

struct FileProbes {
  kernel::BinaryFile file;
  std::vector<kernel::UsdtProbe> probes;
};

// The probes of all files that are meant. False after a diagnostic.
bool read_files(Expansion& e, const Wanted& wanted, std::vector<FileProbes>& out) {
  const auto files = e.view.find_binaries(wanted.binary);
  if (!files) {
    e.binary_not_found(e.where(0), wanted.binary, files.error().hint);
    return false;
  }
  for (const kernel::BinaryFile& file : *files) {
    auto probes = e.view.usdt_probes(file.path);
    if (probes) {
      out.push_back({file, std::move(*probes)});
    } else if (!is_glob(wanted.binary)) {
      e.emitter.emit(diag::kinds::BinaryUnreadable, e.where(0), file.name, probes.error().message())
          .hint(probes.error().hint);
      return false;
    }
  }
  return true;
}

std::string nearest_probes(const Wanted& wanted, const std::vector<FileProbes>& files) {
  std::set<std::string> names;
  for (const FileProbes& file : files) {
    for (const kernel::UsdtProbe& probe : file.probes)
      names.insert(wanted.provider.empty() ? probe.name : probe.provider + ":" + probe.name);
  }
  if (names.empty())
    return files.size() == 1 ? "the file has no static probes" : "no such file has static probes";
  const std::string asked =
      wanted.provider.empty() ? wanted.name : wanted.provider + ":" + wanted.name;
  const std::string hint =
      diag::did_you_mean(nearest(asked, std::vector(names.begin(), names.end())));
  return hint.empty() ? fmt::format("list its probes with: sonde -l 'usdt:{}:*'", wanted.binary)
                      : hint;
}

// Without a provider a name must be that of one probe.
bool is_unique(Expansion& e, const Wanted& wanted, const FileProbes& file) {
  if (!wanted.provider.empty() || is_glob(wanted.name)) return true;
  std::set<std::string> providers;
  for (const kernel::UsdtProbe& probe : file.probes) {
    if (wanted.takes(probe)) providers.insert(probe.provider);
  }
  if (providers.size() < 2) return true;
  e.syntax(e.where(e.point.pieces.size() - 1),
           fmt::format("several providers have a probe '{}'", wanted.name),
           fmt::format("write usdt:{0}:{1}:{2}, or usdt:{0}:*:{2} for those of {3}", wanted.binary,
                       *providers.begin(), wanted.name, fmt::join(providers, " and ")));
  return false;
}

void add_place(Expansion& e, const kernel::BinaryFile& file, const kernel::UsdtProbe& probe) {
  plan::AttachPoint& place = e.add(fmt::format("{}:{}:{}", file.name, probe.provider, probe.name));
  place.target = file.path;
  place.symbol = probe.provider + ":" + probe.name;
  place.offset = probe.file_offset;
  place.semaphore = probe.semaphore;
  place.usdt_arguments = probe.arguments;
}

}  // namespace

void expand_Usdt(Expansion& e) {
  const Wanted wanted = parse(e);
  std::vector<FileProbes> files;
  if (!wanted.is_complete || !read_files(e, wanted, files)) return;
  const std::size_t before = e.out.size();
  for (const FileProbes& file : files) {
    if (!is_unique(e, wanted, file)) return;
    for (const kernel::UsdtProbe& probe : file.probes) {
      if (wanted.takes(probe)) add_place(e, file.file, probe);
    }
  }
  if (e.out.size() == before) e.not_found(nearest_probes(wanted, files));
}

}  // namespace sonde::resolve
