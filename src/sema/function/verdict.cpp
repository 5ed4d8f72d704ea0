// What a program decides on what it looks at.
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

// False, with a diagnostic, if one of the probe's kinds lets its programs decide nothing of the sort.
bool may_decide(const Use& use, std::uint32_t capability) {
  for (const builtins::ProbeKind* kind : use.checker.probe().kinds) {
    if ((kind->capabilities & capability) != 0) continue;
    std::string others;
    for (const builtins::ProbeKind& other : builtins::probe_kinds()) {
      if ((other.capabilities & capability) == 0) continue;
      others += (others.empty() ? "" : ", ") + std::string(other.name);
    }
    use.session()
        .emit(kinds::BuiltinNotHere, use.call.location, use.call.name + "()",
              std::string(kind->name))
        .hint(fmt::format("it exists in {} probes", others));
    return false;
  }
  return true;
}

const Type* verdict(const Use& use, std::uint32_t capability) {
  return may_decide(use, capability) ? use.types().void_type() : nullptr;
}

}  // namespace

const Type* check_Drop(Use& use) { return verdict(use, builtins::kPacket); }

const Type* check_Pass(Use& use) { return verdict(use, builtins::kPacket | builtins::kPermission); }

const Type* check_Deny(Use& use) {
  constexpr std::uint64_t kMostErrno = 4095;  // MAX_ERRNO
  if (verdict(use, builtins::kPermission) == nullptr) return nullptr;
  const auto number = use.constant(0);
  if (!number) return nullptr;
  if (number->negative() || number->bits == 0 || number->bits > kMostErrno)
    return use.out_of_range(0, "an error number is from 1 to 4095");
  for (const plan::AttachPoint& point : use.checker.probe().resolved->attach_points) {
    if (point.retval != nullptr && !point.retval->is_void()) continue;
    use.session().emit(kinds::UnsupportedFeature, use.call.location,
                       fmt::format("deny() at {}, a hook without a result,", point.name));
    return nullptr;
  }
  return use.types().void_type();
}

}  // namespace sonde::sema::function
