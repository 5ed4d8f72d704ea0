// kstack and ustack with a mode and a limit.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::StackMode;
using types::TypeKind;

constexpr std::array<std::pair<std::string_view, StackMode>, 3> kModes = {{
    {"bpftrace", StackMode::Bpftrace},
    {"perf", StackMode::Perf},
    {"raw", StackMode::Raw},
}};

std::optional<StackMode> mode(Use& use, const ast::Identifier& name) {
  std::vector<std::string> names;
  for (const auto& [text, value] : kModes) {
    if (text == name.name) return value;
    names.emplace_back(text);
  }
  std::string hint = diag::did_you_mean(nearest(name.name, names));
  use.out_of_range(0, fmt::format("there is no stack mode '{}'", name.name),
                   hint.empty() ? "the modes are bpftrace, perf and raw" : hint);
  return std::nullopt;
}

const Type* stack(Use& use, TypeKind kind) {
  StackMode chosen = use.session().options.settings.stack_mode;
  std::size_t next = 0;
  const auto* name = use.count() > 0 ? ast::as<ast::Identifier>(use.argument(0)) : nullptr;
  if (name != nullptr) {
    const std::optional<StackMode> given = mode(use, *name);
    if (!given) return nullptr;
    chosen = *given;
    next = 1;
  }
  std::uint32_t limit = plan::kMaxStackDepth;
  if (next < use.count()) {
    const std::optional<Constant> given = use.constant(next);
    if (!given) return nullptr;
    if (given->negative() || given->bits < 1 || given->bits > plan::kMaxStackDepth) {
      return use.out_of_range(next,
                              fmt::format("1 to {} frames are possible", plan::kMaxStackDepth));
    }
    limit = static_cast<std::uint32_t>(given->bits);
    ++next;
  }
  if (next < use.count()) {
    use.session()
        .emit(kinds::ArgumentCount, use.call.location, use.call.name,
              "a mode and a limit in this order", use.count())
        .hint(std::string(use.row.signature));
    return nullptr;
  }
  use.session().needs_stacks(limit);
  return use.types().stack(kind, chosen, limit);
}

}  // namespace

const Type* check_KStack(Use& use) { return stack(use, TypeKind::KernelStack); }
const Type* check_UStack(Use& use) { return stack(use, TypeKind::UserStack); }

}  // namespace sonde::sema::function
