// uprobe:BINARY@FILE:LINE[:COLUMN]: statements of a program's source, by its line tables.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "resolve/user_place.h"

namespace sonde::resolve {
namespace {

struct Written {
  std::string binary;
  kernel::SourceLine line;
  diag::Location file_at;
  diag::Location line_at;
};

std::optional<std::uint32_t> small_number(const std::string& text) {
  const auto number = parse_u64(text);
  if (!number || text.starts_with("0x") || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

// The parts behind the file.
bool read_numbers(Expansion& e, std::size_t first, Written& written) {
  const auto line = small_number(e.piece(first));
  if (!line || *line == 0) {
    e.syntax(e.where(first), "the line is not a number");
    return false;
  }
  written.line.line = *line;
  written.line_at = e.where(first);
  if (e.point.pieces.size() == first + 1) return true;
  const auto column = small_number(e.piece(first + 1));
  if (!column || *column == 0) {
    e.syntax(e.where(first + 1), "the column is not a number");
    return false;
  }
  written.line.column = *column;
  return true;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string nearest_files(const kernel::SourcePlaces& found, const std::string& wanted) {
  std::vector<std::string> names;
  for (const std::string& file : found.other_files) names.push_back(base_name(file));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string hint = diag::did_you_mean(nearest(base_name(wanted), names));
  constexpr std::size_t kShown = 6;
  if (!hint.empty() || names.empty()) return hint;
  const std::size_t count = names.size();
  names.resize(std::min(count, kShown));
  return fmt::format("its code is from {}{}", fmt::join(names, ", "),
                     count > kShown ? ", ..." : "");
}

std::string missing_line(const kernel::SourcePlaces& found, const Written& written) {
  if (found.files.empty()) return nearest_files(found, written.line.file);
  if (!found.columns.empty()) {
    return fmt::format("statements of line {} begin at column {}", written.line.line,
                       fmt::join(found.columns, ", "));
  }
  if (found.nearest_lines.empty()) return {};
  return fmt::format("line {} has no code; the nearest that {} {}", written.line.line,
                     found.nearest_lines.size() > 1 ? "have are" : "has is",
                     fmt::join(found.nearest_lines, " and "));
}

// The function around an address; without a name if no symbol covers it.
kernel::UserFunction function_around(Expansion& e, const std::string& path, std::uint64_t address) {
  const auto all = e.view.user_functions(path, "*");
  if (!all) return {};
  for (const kernel::UserFunction& function : *all) {
    if (address >= function.address && address - function.address < function.size) return function;
  }
  return {};
}

void expand(Expansion& e, const kernel::BinaryFile& file, const Written& written) {
  const auto found = e.view.source_places(file.path, written.line);
  if (!found) {
    e.emitter
        .emit(diag::kinds::ProbeNotTraceable, e.point.location, e.point.text,
              found.error().message())
        .hint(found.error().hint);
    return;
  }
  if (found->files.size() > 1) {
    e.syntax(written.file_at, fmt::format("several files are called '{}'", written.line.file),
             fmt::format("write more of its path: {}", fmt::join(found->files, " or ")));
    return;
  }
  if (found->places.empty()) return e.not_found(missing_line(*found, written));
  const std::string column =
      written.line.column == 0 ? "" : fmt::format(":{}", written.line.column);
  for (const kernel::SourcePlace& source : found->places) {
    if (const auto reason = e.view.probe_obstacle(file.path, source.file_offset); !reason.empty()) {
      e.emitter.emit(diag::kinds::ProbeNotTraceable, e.point.location, e.point.text,
                     std::string(reason));
      return;
    }
    const kernel::UserFunction function = function_around(e, file.path, source.address);
    plan::AttachPoint& place =
        e.add(fmt::format("{}@{}:{}{}", file.name, written.line.file, written.line.line, column));
    place.target = file.path;
    place.symbol = e.settings.cpp_demangle ? function.source_name : function.name;
    place.offset = source.file_offset;
    describe_user_place(e, place, function.name, source.address);
  }
}

// The place of the '@' in BINARY@FILE; npos if there is none.
std::size_t at_of(const std::string& text) {
  const std::size_t at = text.rfind('@');
  return at == 0 || at + 1 == text.size() ? std::string::npos : at;
}

}  // namespace

bool expand_source_line(Expansion& e, bool is_return) {
  const std::size_t count = e.point.pieces.size();
  if (count < 2) return false;
  Written written;
  const std::size_t at = at_of(e.piece(0));
  std::size_t first_number = 1;
  if (at != std::string::npos && !e.view.find_binaries(e.piece(0))) {
    written.binary = e.piece(0).substr(0, at);
    written.line.file = e.piece(0).substr(at + 1);
    written.file_at = e.where(0);
  } else if (count > 2 && small_number(e.piece(2))) {
    written.binary = e.piece(0);
    written.line.file = e.piece(1);
    written.file_at = e.where(1);
    first_number = 2;
  } else {
    return false;
  }
  if (!e.expect_pieces(first_number + 1, first_number + 2)) return true;
  if (is_return) {
    e.syntax(written.file_at, "a return probe takes no line",
             "a function returns: write uretprobe:BINARY:FUNCTION");
    return true;
  }
  if (!read_numbers(e, first_number, written)) return true;
  const auto files = e.view.find_binaries(written.binary);
  if (!files) {
    e.emitter.emit(diag::kinds::BinaryNotFound, e.where(0), written.binary)
        .hint(files.error().hint);
    return true;
  }
  for (const kernel::BinaryFile& file : *files) expand(e, file, written);
  return true;
}

}  // namespace sonde::resolve
