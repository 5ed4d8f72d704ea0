#include "resolve/user_place.h"

#include <fmt/format.h>

#include <algorithm>

#include "ast/walk.h"

namespace sonde::resolve {

void describe_user_place(Expansion& e, plan::AttachPoint& place, const std::string& symbol,
                         std::uint64_t pc) {
  const bool wants_result = e.kind().has(builtins::kRetval) && ast::mentions(e.probe, "retval");
  if (!wants_result && !ast::mentions(e.probe, "args")) return;
  auto signature = e.view.user_signature(place.target, pc, symbol);
  if (!signature) {
    const Error& error = signature.error();
    place.why_untyped = error.message() + (error.hint.empty() ? "" : ": " + error.hint);
    return;
  }
  place.user = std::move(*signature);
  place.args = place.user->args;
  if (wants_result) place.retval = place.user->result;
}

std::string inlined_hint(Expansion& e, const std::string& path, const std::string& function) {
  constexpr std::size_t kShown = 4;
  std::vector<std::string> callers = e.view.inlined_into(path, function);
  if (callers.empty()) return {};
  const std::size_t count = callers.size();
  callers.resize(std::min(count, kShown));
  return fmt::format(
      "the compiler has put its body into its callers and left no function: {}{}; a line of it is "
      "BINARY@FILE:LINE",
      fmt::join(callers, ", "), count > kShown ? ", ..." : "");
}

}  // namespace sonde::resolve
