#include "kernel/dwarf_lines.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

namespace sonde::kernel {
namespace {

struct Row {
  std::string_view file;
  std::uint64_t address = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::size_t unit = 0;
};

// "./src//a.c" and "src/a.c" are the same file.
std::vector<std::string_view> path_parts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return parts;
}

// True if `path` ends with all parts of `wanted`: "src/a.c" names "/project/src/a.c", "c/a.c" does not.
bool is_named(std::string_view path, const std::vector<std::string_view>& wanted) {
  const auto parts = path_parts(path);
  return parts.size() >= wanted.size() &&
         std::equal(wanted.rbegin(), wanted.rend(), parts.rbegin());
}

std::string full_name(std::string_view path) {
  std::string text;
  for (const std::string_view part : path_parts(path)) text += "/" + std::string(part);
  return path.starts_with('/') ? text : text.substr(std::min<std::size_t>(1, text.size()));
}

// The rows of one unit that begin a statement, of the files that are meant.
class UnitRows {
 public:
  explicit UnitRows(const std::vector<std::string_view>& wanted) : wanted_(wanted) {}

  void read(Dwarf_Die unit, std::size_t index, std::vector<Row>& rows,
            std::set<std::string>& other_files) {
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrclines(&unit, &lines, &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
      Dwarf_Line* line = dwarf_onesrcline(lines, i);
      bool is_statement = false;
      bool is_end = false;
      int number = 0;
      int column = 0;
      Row row;
      // Line 0 stands for code that no line has made, address 0 for code that the linker has dropped.
      if (line == nullptr || dwarf_linebeginstatement(line, &is_statement) != 0 || !is_statement ||
          dwarf_lineendsequence(line, &is_end) != 0 || is_end || dwarf_lineno(line, &number) != 0 ||
          number <= 0 || dwarf_lineaddr(line, &row.address) != 0 || row.address == 0)
        continue;
      const char* file = dwarf_linesrc(line, nullptr, nullptr);
      if (file == nullptr || !is_wanted(file, other_files)) continue;
      if (dwarf_linecol(line, &column) != 0) column = 0;
      row.file = file;
      row.line = static_cast<std::uint32_t>(number);
      row.column = static_cast<std::uint32_t>(column);
      row.unit = index;
      rows.push_back(row);
    }
  }

 private:
  // The names of a unit's files are the same pointers in all its rows.
  bool is_wanted(const char* file, std::set<std::string>& other_files) {
    if (file == last_file_) return last_answer_;
    last_file_ = file;
    last_answer_ = is_named(file, wanted_);
    if (!last_answer_) other_files.insert(full_name(file));
    return last_answer_;
  }

  const std::vector<std::string_view>& wanted_;
  const char* last_file_ = nullptr;
  bool last_answer_ = false;
};

// The lines next to the wanted one that have code, at most one on each side.
std::vector<std::uint32_t> nearest_lines(const std::vector<Row>& rows, std::uint32_t wanted) {
  std::uint32_t before = 0;
  std::uint32_t behind = UINT32_MAX;
  for (const Row& row : rows) {
    if (row.line < wanted) before = std::max(before, row.line);
    if (row.line > wanted) behind = std::min(behind, row.line);
  }
  std::vector<std::uint32_t> found;
  if (before != 0) found.push_back(before);
  if (behind != UINT32_MAX) found.push_back(behind);
  return found;
}

// The function, or the inlined copy of one, that an instruction belongs to; null if none is described.
const void* body_at(Dwarf_Die unit, std::uint64_t address) {
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes(&unit, address, &scopes);
  const void* body = nullptr;
  for (int i = 0; i < count && body == nullptr; ++i) {
    const int tag = tag_of(scopes[i]);
    if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) body = scopes[i].addr;
  }
  std::free(scopes);
  return body;
}

}  // namespace

SourcePlaces find_source_places(DwarfUnits& units, const SourceLine& line) {
  const auto wanted = path_parts(line.file);
  SourcePlaces found;
  std::vector<Row> rows;
  std::set<std::string> other_files;
  for (std::size_t i = 0; i < units.own().size(); ++i)
    UnitRows(wanted).read(units.own()[i], i, rows, other_files);
  std::set<std::string> files;
  for (const Row& row : rows) files.insert(full_name(row.file));
  found.files.assign(files.begin(), files.end());
  found.other_files.assign(other_files.begin(), other_files.end());
  if (files.size() > 1) return found;
  std::ranges::stable_sort(rows, {}, &Row::address);
  std::set<std::uint32_t> columns;
  std::set<const void*> bodies;
  for (const Row& row : rows) {
    if (row.line != line.line) continue;
    columns.insert(row.column);
    if (line.column != 0 && row.column != line.column) continue;
    const void* body = body_at(units.all()[row.unit], row.address);
    const bool is_first = body != nullptr
                              ? bodies.insert(body).second
                              : found.places.empty() || found.places.back().address != row.address;
    if (is_first) found.places.push_back({row.address, 0, row.line, row.column});
  }
  found.columns.assign(columns.begin(), columns.end());
  if (columns.empty()) found.nearest_lines = nearest_lines(rows, line.line);
  return found;
}

}  // namespace sonde::kernel
