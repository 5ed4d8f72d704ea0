// signal() and signal_thread().
#include <cctype>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

constexpr std::string_view kPrefix = "SIG";

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

// "SIGTERM", "TERM", "sigterm" -> 15; nullopt for no signal. Names: signal(7).
std::optional<int> signal_number(std::string_view name) {
  std::string wanted = upper(name);
  if (wanted.starts_with(kPrefix)) wanted.erase(0, kPrefix.size());
  for (int number = 1; number < NSIG; ++number) {
    const char* known = ::sigabbrev_np(number);
    if (known != nullptr && wanted == known) return number;
  }
  return std::nullopt;
}

std::vector<std::string> signal_names() {
  std::vector<std::string> names;
  for (int number = 1; number < NSIG; ++number) {
    if (const char* known = ::sigabbrev_np(number); known != nullptr)
      names.push_back(std::string(kPrefix) + known);
  }
  return names;
}

bool has_task(const Use& use) {
  for (const builtins::ProbeKind* kind : use.checker.probe().kinds) {
    if (kind->has(builtins::kCurrentTask)) continue;
    use.session()
        .emit(kinds::BuiltinNotHere, use.call.location, fmt::format("{}()", use.row.name),
              std::string(kind->name))
        .hint("no thread is traced there that could get the signal");
    return false;
  }
  return true;
}

const Type* check_signal(Use& use) {
  if (!has_task(use)) return nullptr;
  if (const auto* name = ast::as<ast::StringLiteral>(use.argument(0))) {
    const auto number = signal_number(name->value);
    if (!number) {
      return use.out_of_range(0, fmt::format("there is no signal '{}'", name->value),
                              diag::did_you_mean(nearest(upper(name->value), signal_names())));
    }
    use.argument(0) = make_literal(use.session(), *name, {static_cast<std::uint64_t>(*number)});
    static_cast<void>(use.checker.value(use.argument(0)));
    return use.types().void_type();
  }
  if (use.integer(0) == nullptr) return nullptr;
  const auto number = use.fold(0);
  if (number && (number->value() < 1 || number->value() >= NSIG)) {
    return use.out_of_range(0, fmt::format("signals have numbers from 1 to {}", NSIG - 1),
                            "names do as well: \"SIGTERM\"");
  }
  return use.types().void_type();
}

}  // namespace

const Type* check_Signal(Use& use) { return check_signal(use); }
const Type* check_SignalThread(Use& use) { return check_signal(use); }

}  // namespace sonde::sema::function
