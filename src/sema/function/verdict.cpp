// What a program decides on what it looks at.
#include <algorithm>

#include "base/text.h"
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

// Functions whose results programs may modify whatever they are marked with (check_attach_modify_return() of the verifier).
constexpr std::string_view kHooks = "security_";

// Why the function at `point` cannot be overridden; "" if nothing is known against it.
std::string obstacle(const plan::AttachPoint& point,
                     const std::optional<std::vector<std::string>>& marked) {
  const bool modifies = point.kind->has(builtins::kModifiesReturn);
  if (point.address != 0) return "an address may be anywhere in a function, so name the function";
  if (point.offset != 0) return "it is not at the start of the function";
  if (point.bpf_program != 0) return "the function is a BPF program's";
  if (modifies && (point.retval == nullptr || point.retval->is_void()))
    return "the function has no result";
  if (modifies && point.symbol.starts_with(kHooks)) return {};
  if (!marked || std::ranges::binary_search(*marked, point.symbol)) return {};
  return modifies ? "the kernel allows it for functions that are marked for error injection, and "
                    "for those called security_..."
                  : "the kernel allows it for functions that are marked for error injection";
}

// Reports each place of the probe where the kernel would refuse the program.
void check_places(const Use& use) {
  const auto& ask = use.session().host.injectable_functions;
  const auto marked = ask ? ask() : std::nullopt;
  for (const plan::AttachPoint& point : use.checker.probe().resolved->attach_points) {
    if (point.kind == nullptr) continue;
    const std::string why = obstacle(point, marked);
    if (why.empty()) continue;
    std::string hint;
    if (marked) hint = diag::did_you_mean(nearest(point.symbol, *marked));
    if (hint.empty())
      hint = point.kind->has(builtins::kModifiesReturn)
                 ? fmt::format("sonde -l '{}:{}*' shows some", point.kind->name, kHooks)
                 : "they stand in /sys/kernel/debug/error_injection/list";
    use.session().emit(kinds::NotOverridable, use.call.location, point.name, why).hint(hint);
  }
}

// False, with a diagnostic, if the kernel cannot do it in one of the probe's kinds.
bool can_override(const Use& use) {
  for (const builtins::ProbeKind* kind : use.checker.probe().kinds) {
    const bool modifies = kind->has(builtins::kModifiesReturn);
    const auto feature = modifies ? plan::Feature::ModifyReturn : plan::Feature::KprobeOverride;
    if (use.session().has(feature)) continue;
    use.session()
        .emit(kinds::MissingKernelFeature, use.call.location,
              fmt::format("override() in {} probes", kind->name),
              std::string(plan::feature_row(feature).name))
        .hint(modifies                       ? "Linux 5.7 and later have them"
              : use.session().takes_fentry() ? "fentry probes do without, in functions security_*"
                                             : "");
    return false;
  }
  return true;
}

}  // namespace

const Type* check_Override(Use& use) {
  if (verdict(use, builtins::kOverride) == nullptr || use.integer(0) == nullptr) return nullptr;
  ProbeFacts& probe = use.checker.probe();
  probe.overrides = true;
  const auto result = use.fold(0);
  const bool modifies = std::ranges::any_of(probe.kinds, [](const builtins::ProbeKind* kind) {
    return kind->has(builtins::kModifiesReturn);
  });
  if (modifies && result && result->bits == 0)
    return use.out_of_range(0, "in fentry probes 0 lets the function run");
  if (can_override(use) && use.session().final_pass) check_places(use);
  return use.types().void_type();
}

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
