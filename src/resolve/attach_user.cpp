// uprobe, uretprobe: functions and addresses of programs and libraries.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/user_place.h"

namespace sonde::resolve {
namespace {

using kernel::SourceLanguage;

// The functions that an attach point asks for.
struct Wanted {
  std::string name;  // Or pattern.
  std::uint64_t offset = 0;
  bool by_source =
      false;  // The names are those of the source: cpp:, rust:, or a name that no symbol can have.
  std::string prefix;  // "cpp:"
  std::optional<SourceLanguage> language;
};

// False after a diagnostic.
bool parse_wanted(Expansion& e, Wanted& wanted) {
  const std::string& last = e.piece(e.point.pieces.size() - 1);
  if (e.point.pieces.size() == 3) {
    const std::string& language = e.piece(1);
    if (language == "cpp") wanted.language = SourceLanguage::Cpp;
    if (language == "rust") wanted.language = SourceLanguage::Rust;
    if (!wanted.language) {
      e.syntax(e.where(1), fmt::format("'{}' is none of the languages cpp and rust", language));
      return false;
    }
    wanted.prefix = language + ":";
  }
  wanted.by_source = wanted.language || last.find_first_of("(:<") != std::string::npos;
  wanted.name = last;
  // "operator+(A, B)" has no offset.
  if (wanted.by_source &&
      (last.rfind('+') == std::string::npos || !parse_u64(last.substr(last.rfind('+') + 1))))
    return true;
  if (split_offset(last, wanted.name, wanted.offset)) return true;
  e.syntax(e.where(e.point.pieces.size() - 1), "the offset behind '+' is not a number");
  return false;
}

Result<std::vector<kernel::UserFunction>> find_functions(Expansion& e, const std::string& path,
                                                         const Wanted& wanted) {
  return wanted.by_source ? e.view.source_functions(path, wanted.name, wanted.language)
                          : e.view.user_functions(path, wanted.name);
}

std::string nearest_functions(Expansion& e, const kernel::BinaryFile& file, const Wanted& wanted) {
  const auto all = wanted.by_source ? e.view.source_functions(file.path, "*", wanted.language)
                                    : e.view.user_functions(file.path, "*");
  if (!all) return {};
  if (all->empty()) {
    return wanted.by_source ? "the file has no function of such a language in its symbol table"
                            : "the file has no symbol table: it is stripped";
  }
  if (std::string inlined = inlined_hint(e, file.path, wanted.name); !inlined.empty())
    return inlined;
  std::vector<std::string> names;
  names.reserve(all->size());
  for (const kernel::UserFunction& function : *all)
    names.push_back(wanted.by_source ? function.source_name : function.name);
  const std::string hint = diag::did_you_mean(nearest(wanted.name, names));
  return hint.empty() ? fmt::format("list its functions with: sonde -l 'uprobe:{}:*'", file.name)
                      : hint;
}

// Functions that begin with an instruction on which the kernel can place no probe.
class LeftOut {
 public:
  void add(const std::string& name, std::string_view reason) {
    if (names_.size() < kShown) names_.push_back(name);
    ++count_;
    ++reasons_[reason];
  }

  // A pattern does without them; if there is nothing else it is an error.
  void report(Expansion& e, bool is_error) const {
    if (count_ == 0) return;
    if (is_error) {
      e.emitter
          .emit(diag::kinds::ProbeNotTraceable, e.where(1), e.point.text,
                std::string(reasons_.begin()->first))
          .hint("a place further on in the function can be given as FUNCTION+OFFSET");
    } else {
      std::string why;
      for (const auto& [reason, count] : reasons_) {
        const std::string of = reasons_.size() > 1 ? fmt::format(" ({})", count) : "";
        why += fmt::format("{}{}{}", why.empty() ? "" : ", ", reason, of);
      }
      e.emitter.emit(diag::kinds::FunctionsLeftOut, e.point.location, count_, e.piece(0), why)
          .hint(fmt::format("{}{}", fmt::join(names_, ", "), count_ > kShown ? ", ..." : ""));
    }
  }
  [[nodiscard]] bool is_empty() const { return count_ == 0; }

 private:
  static constexpr std::size_t kShown = 5;
  std::uint64_t count_ = 0;
  std::map<std::string_view, std::uint64_t> reasons_;
  std::vector<std::string> names_;
};

// What of the file the probe is in.
struct Place {
  std::string symbol;
  std::uint64_t address = 0;
  std::uint64_t file_offset = 0;
};

void add_place(Expansion& e, const kernel::BinaryFile& file, const std::string& shown,
               const Place& at, const std::string& text) {
  plan::AttachPoint& place = e.add(file.name + ":" + text);
  place.target = file.path;
  place.symbol = shown;
  place.offset = at.file_offset;
  describe_user_place(e, place, at.symbol, at.address);
}

// False after a diagnostic. A breakpoint in the middle of an instruction makes another one of it: the program computes something
// else, or dies.
bool begins_instruction(Expansion& e, const kernel::BinaryFile& file, const diag::Location& where,
                        std::uint64_t file_offset, const std::string& text,
                        const std::function<std::string(std::int64_t)>& neighbour) {
  using Answer = kernel::InstructionStart::Answer;
  if (e.options.unsafe) return true;
  const kernel::InstructionStart start = e.view.instruction_start(file.path, file_offset);
  if (start.answer == Answer::Yes) return true;
  if (start.answer == Answer::No) {
    e.emitter.emit(diag::kinds::ProbeInsideInstruction, where, text)
        .hint(fmt::format(
            "instructions begin at {} and {}; a probe between them would break the program",
            neighbour(-static_cast<std::int64_t>(start.back)),
            neighbour(static_cast<std::int64_t>(start.forth))));
  } else {
    e.emitter.emit(diag::kinds::ProbeInUnknownCode, where, text)
        .hint(
            "in the middle of an instruction a probe would break the program; if you are sure: "
            "sonde --unsafe ...");
  }
  return false;
}

void add_address(Expansion& e, const kernel::BinaryFile& file, std::uint64_t address,
                 LeftOut& left_out) {
  const auto offset = e.view.file_offset(file.path, address);
  if (!offset) return e.host_failed(offset.error());
  if (!*offset) {
    e.syntax(e.where(1), fmt::format("address {:#x} is outside of the file's code", address));
    return;
  }
  const std::string name = fmt::format("{:#x}", address);
  const auto neighbour = [&](std::int64_t away) {
    return fmt::format("{:#x}", address + static_cast<std::uint64_t>(away));
  };
  if (!begins_instruction(e, file, e.where(1), **offset, name, neighbour)) return;
  if (const auto reason = e.view.probe_obstacle(file.path, **offset); !reason.empty())
    return left_out.add(name, reason);
  add_place(e, file, name, {name, address, **offset}, e.piece(1));
}

// One name for each place: aliases of a function would count each call twice. Of several the plainest says most to the
// reader: `malloc` rather than `__libc_malloc`.
void drop_aliases(std::vector<kernel::UserFunction>& functions) {
  const auto order = [](const kernel::UserFunction& function) {
    const std::size_t underscores = std::min(function.name.find_first_not_of('_'), std::size_t{8});
    return std::tuple(function.file_offset, underscores, function.name.size(),
                      std::string_view(function.name));
  };
  std::ranges::sort(functions, {}, order);
  const auto same = std::ranges::unique(functions, {}, &kernel::UserFunction::file_offset);
  functions.erase(same.begin(), same.end());
  std::ranges::sort(functions, {}, &kernel::UserFunction::name);
}

// As it would be written in a script.
std::string text_of(const Wanted& wanted, const kernel::UserFunction& function) {
  std::string text = wanted.by_source ? fmt::format("{}\"{}\"", wanted.prefix, function.source_name)
                                      : function.name;
  if (wanted.offset != 0) text += fmt::format("+{}", wanted.offset);
  return text;
}

// False after a diagnostic.
bool is_good_offset(Expansion& e, const kernel::BinaryFile& file, const Wanted& wanted,
                    const kernel::UserFunction& function) {
  const diag::Location& where = e.where(e.point.pieces.size() - 1);
  if (wanted.offset >= function.size && function.size != 0) {
    e.syntax(where, fmt::format("offset {} is outside of the function, which has {} bytes",
                                wanted.offset, function.size));
    return false;
  }
  return begins_instruction(e, file, where, function.file_offset + wanted.offset,
                            text_of(wanted, function), [&](std::int64_t away) {
                              return fmt::format("+{}",
                                                 static_cast<std::int64_t>(wanted.offset) + away);
                            });
}

// The functions of one file. False after a diagnostic.
bool add_functions(Expansion& e, const kernel::BinaryFile& file, const Wanted& wanted,
                   LeftOut& left_out) {
  auto found = find_functions(e, file.path, wanted);
  if (!found) {
    if (is_glob(e.piece(0))) return true;  // Not all that matches has to be a program.
    e.emitter.emit(diag::kinds::BinaryUnreadable, e.where(0), file.name, found.error().message())
        .hint(found.error().hint);
    return false;
  }
  drop_aliases(*found);
  for (const kernel::UserFunction& function : *found) {
    if (wanted.offset != 0 && !is_good_offset(e, file, wanted, function)) return false;
    const std::uint64_t place = function.file_offset + wanted.offset;
    const std::string& shown = e.settings.cpp_demangle ? function.source_name : function.name;
    if (const auto reason = e.view.probe_obstacle(file.path, place); !reason.empty()) {
      left_out.add(shown, reason);
      continue;
    }
    add_place(e, file, shown, {function.name, function.address + wanted.offset, place},
              text_of(wanted, function));
  }
  return true;
}

void expand_uprobe(Expansion& e, bool is_return) {
  if (expand_source_line(e, is_return)) return;
  if (!e.expect_pieces(2, 3)) return;
  const auto files = e.view.find_binaries(e.piece(0));
  if (!files) {
    return e.binary_not_found(e.where(0), e.piece(0), files.error().hint);
  }
  const auto address = parse_u64(e.piece(1));
  Wanted wanted;
  if (!parse_wanted(e, wanted)) return;
  if (is_return && wanted.offset != 0) {
    return e.syntax(e.where(1), "a return probe takes no offset");
  }
  const std::size_t before = e.out.size();
  LeftOut left_out;
  for (const kernel::BinaryFile& file : *files) {
    if (address) {
      add_address(e, file, *address, left_out);
    } else if (!add_functions(e, file, wanted, left_out)) {
      return;
    }
  }
  const bool found_none = e.out.size() == before;
  left_out.report(e, found_none);
  if (address || !found_none || !left_out.is_empty()) return;
  e.not_found(files->size() == 1 ? nearest_functions(e, files->front(), wanted) : std::string{});
}

}  // namespace

void expand_Uprobe(Expansion& e) { expand_uprobe(e, false); }
void expand_Uretprobe(Expansion& e) { expand_uprobe(e, true); }

}  // namespace sonde::resolve
