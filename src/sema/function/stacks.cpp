// kstack and ustack with a mode and a limit.
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/text.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::StackMode;
using types::TypeKind;

std::optional<StackMode> mode(Use& use, const ast::Identifier& name) {
  const auto* found = std::ranges::find(types::kStackModeNames, name.name);
  if (found != std::end(types::kStackModeNames))
    return static_cast<StackMode>(found - std::begin(types::kStackModeNames));
  const std::vector<std::string> names(std::begin(types::kStackModeNames),
                                       std::end(types::kStackModeNames));
  std::string hint = diag::did_you_mean(nearest(name.name, names));
  use.out_of_range(0, fmt::format("there is no stack mode '{}'", name.name),
                   hint.empty() ? fmt::format("the modes are {}", fmt::join(names, ", ")) : hint);
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
  return use.session().stack_type(kind, chosen, limit);
}

}  // namespace

const Type* check_KStack(Use& use) { return stack(use, TypeKind::KernelStack); }
const Type* check_UStack(Use& use) { return stack(use, TypeKind::UserStack); }

}  // namespace sonde::sema::function
