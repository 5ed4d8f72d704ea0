#include "codegen/helpers.h"

#include "base/check.h"

namespace sonde::codegen {

HelperTrait trait(Helper helper) {
  switch (static_cast<std::uint32_t>(helper)) {
#define SONDE_HELPER(Id, number, name, trait, kernel) \
  case number: return HelperTrait::trait;
#include "codegen/helpers.def"
#define SONDE_KERNEL_CALL(Id, number, name, kernel) \
  case number: return HelperTrait::kPlain;
#include "plan/kernel_calls.def"
  }
  SONDE_UNREACHABLE();
}

std::string_view name(Helper helper) {
  switch (static_cast<std::uint32_t>(helper)) {
#define SONDE_HELPER(Id, number, name, trait, kernel) \
  case number: return name;
#include "codegen/helpers.def"
#define SONDE_KERNEL_CALL(Id, number, name, kernel) \
  case number: return name;
#include "plan/kernel_calls.def"
  }
  SONDE_UNREACHABLE();
}

}  // namespace sonde::codegen
