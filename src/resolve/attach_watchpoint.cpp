// watchpoint:ADDRESS:LENGTH:MODE and watchpoint:FUNCTION+argN:LENGTH:MODE
#include <fmt/format.h>

#include <string_view>

#include "base/text.h"
#include "resolve/attach.h"

namespace sonde::resolve {
namespace {

// HW_BREAKPOINT_* of linux/hw_breakpoint.h.
constexpr std::uint32_t kRead = 1;
constexpr std::uint32_t kWrite = 2;
constexpr std::uint32_t kExecute = 4;

constexpr std::uint64_t kMaxArgument = 9;

// False after a diagnostic. What a debug register can watch: the manual of the processor, and
// arch_build_bp_info() in arch/x86/kernel/hw_breakpoint.c and arch/arm64/kernel/hw_breakpoint.c.
bool read_access(Expansion& e, plan::Watch& watch) {
  for (const char letter : e.piece(2)) {
    const std::uint32_t bit = letter == 'r'   ? kRead
                              : letter == 'w' ? kWrite
                              : letter == 'x' ? kExecute
                                              : 0;
    if (bit == 0 || (watch.access & bit) != 0) {
      e.syntax(e.where(2), "the mode must be made of r, w and x, each once");
      return false;
    }
    watch.access |= bit;
  }
  if (watch.access > kExecute) {
    e.syntax(e.where(2), "execution cannot be watched together with reads and writes");
    return false;
  }
  const bool is_x86 = e.view.arch() == plan::Arch::X86_64;
  if (watch.access == kRead && is_x86) {
    e.syntax(e.where(2), "this processor cannot watch reads alone", "use mode rw");
    return false;
  }
  const std::uint32_t execution_length = is_x86 ? 8 : 4;
  if (watch.access == kExecute && watch.length != execution_length) {
    e.syntax(e.where(1), fmt::format("the length must be {} for execution", execution_length));
    return false;
  }
  return true;
}

bool read_length(Expansion& e, plan::Watch& watch) {
  const auto length = parse_u64(e.piece(1));
  if (!length || (*length != 1 && *length != 2 && *length != 4 && *length != 8)) {
    e.syntax(e.where(1), "the length must be 1, 2, 4 or 8 bytes");
    return false;
  }
  watch.length = static_cast<std::uint32_t>(*length);
  return true;
}

void add_address(Expansion& e, plan::Watch watch, std::uint64_t address) {
  const bool is_code = watch.access == kExecute;
  if (!is_code && address % watch.length != 0) {
    return e.syntax(e.where(0),
                    fmt::format("the address must be a multiple of the length, {}", watch.length));
  }
  watch.address = address;
  e.add(fmt::format("{:#x}:{}:{}", address, watch.length, e.piece(2))).watch = watch;
}

// "increment+arg1" -> name and number; false if it is no such text.
bool split_argument(std::string_view text, std::string& function, std::uint64_t& argument) {
  constexpr std::string_view kArgument = "+arg";
  const std::size_t plus = text.rfind(kArgument);
  if (plus == std::string_view::npos || plus == 0) return false;
  const auto number = parse_u64(text.substr(plus + kArgument.size()));
  if (!number || *number > kMaxArgument) return false;
  function = text.substr(0, plus);
  argument = *number;
  return true;
}

void add_argument(Expansion& e, plan::Watch watch, const std::string& function) {
  const std::string& path = e.options.process_program;
  if (path.empty()) {
    return e.syntax(e.where(0), "the function must be one of a process",
                    "name the process with -p, or start a command with -c");
  }
  const auto found = e.view.user_functions(path, function);
  if (!found) {
    e.emitter.emit(diag::kinds::BinaryUnreadable, e.where(0), path, found.error().message())
        .hint(found.error().hint);
    return;
  }
  if (found->empty()) {
    const auto all = e.view.user_functions(path, "*");
    std::vector<std::string> names;
    if (all) {
      for (const kernel::UserFunction& one : *all) names.push_back(one.name);
    }
    return e.not_found(diag::did_you_mean(nearest(function, names)));
  }
  for (const kernel::UserFunction& one : *found) {
    plan::AttachPoint& place =
        e.add(fmt::format("{}+arg{}:{}:{}", one.name, watch.argument, watch.length, e.piece(2)));
    place.target = path;
    place.symbol = one.name;
    place.offset = one.file_offset;
    place.watch = watch;
  }
}

void expand_watchpoint(Expansion& e, bool is_async) {
  if (!e.expect_pieces(3, 3)) return;
  plan::Watch watch;
  watch.is_async = is_async;
  watch.is_user = !e.options.process_program.empty();
  if (!read_length(e, watch) || !read_access(e, watch)) return;
  if (const auto address = parse_u64(e.piece(0))) return add_address(e, watch, *address);
  std::string function;
  std::uint64_t argument = 0;
  if (!split_argument(e.piece(0), function, argument)) {
    return e.syntax(e.where(0), "this is neither an address nor FUNCTION+argN");
  }
  watch.argument = static_cast<int>(argument);
  add_argument(e, watch, function);
}

}  // namespace

void expand_Watchpoint(Expansion& e) { expand_watchpoint(e, false); }
void expand_AsyncWatchpoint(Expansion& e) { expand_watchpoint(e, true); }

}  // namespace sonde::resolve
