// uprobe, uretprobe: functions and addresses of programs and libraries.
#include <fmt/format.h>

#include <set>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

std::string nearest_functions(Expansion& e, const std::string& path, const std::string& name) {
  const auto all = e.view.user_functions(path, "*");
  if (!all) return {};
  if (all->empty()) return "the file has no symbol table: it is stripped";
  std::vector<std::string> names;
  names.reserve(all->size());
  for (const kernel::UserFunction& function : *all) names.push_back(function.name);
  const std::string hint = diag::did_you_mean(nearest(name, names));
  return hint.empty() ? fmt::format("list its functions with: sonde -l 'uprobe:{}:*'", path) : hint;
}

void add_place(Expansion& e, const std::string& path, const std::string& symbol,
               std::uint64_t file_offset, const std::string& text) {
  plan::AttachPoint& place = e.add(path + ":" + text);
  place.target = path;
  place.symbol = symbol;
  place.offset = file_offset;
}

void add_address(Expansion& e, const std::string& path, std::uint64_t address) {
  const auto offset = e.view.file_offset(path, address);
  if (!offset) return e.host_failed(offset.error());
  if (!*offset) {
    e.syntax(e.where(1), fmt::format("address {:#x} is outside of the file's code", address));
    return;
  }
  add_place(e, path, fmt::format("{:#x}", address), **offset, e.piece(1));
}

void add_functions(Expansion& e, const std::string& path) {
  std::string name;
  std::uint64_t offset = 0;
  if (!split_offset(e.piece(1), name, offset)) {
    return e.syntax(e.where(1), "the offset behind '+' is not a number");
  }
  const auto found = e.view.user_functions(path, name);
  if (!found) {
    e.emitter.emit(diag::kinds::BinaryUnreadable, e.where(0), path, found.error().message())
        .hint(found.error().hint);
    return;
  }
  if (found->empty()) return e.not_found(nearest_functions(e, path, name));
  std::set<std::uint64_t> seen;  // Aliases of one function would count each call twice.
  for (const kernel::UserFunction& function : *found) {
    if (offset != 0 && offset >= function.size && function.size != 0) {
      return e.syntax(e.where(1),
                      fmt::format("offset {} is outside of the function, which has {} bytes",
                                  offset, function.size));
    }
    if (!seen.insert(function.file_offset).second) continue;
    const std::string text =
        offset == 0 ? function.name : fmt::format("{}+{}", function.name, offset);
    add_place(e, path, function.name, function.file_offset + offset, text);
  }
}

void expand_uprobe(Expansion& e, bool is_return) {
  if (!e.expect_pieces(2, 2)) return;
  const auto path = e.view.find_binary(e.piece(0));
  if (!path) {
    e.emitter.emit(diag::kinds::BinaryNotFound, e.where(0), e.piece(0)).hint(path.error().hint);
    return;
  }
  if (is_return && e.piece(1).find('+') != std::string::npos) {
    return e.syntax(e.where(1), "a return probe takes no offset");
  }
  if (const auto address = parse_u64(e.piece(1))) return add_address(e, *path, *address);
  add_functions(e, *path);
}

}  // namespace

void expand_Uprobe(Expansion& e) { expand_uprobe(e, false); }
void expand_Uretprobe(Expansion& e) { expand_uprobe(e, true); }

}  // namespace sonde::resolve
