#include "codegen/helpers.h"

#include "base/check.h"

namespace sonde::codegen {

HelperTrait trait(Helper helper) {
  switch (helper) {
#define SONDE_HELPER(Id, number, name, trait, kernel) \
  case Helper::Id: return HelperTrait::trait;
#include "codegen/helpers.def"
  }
  SONDE_UNREACHABLE();
}

std::string_view name(Helper helper) {
  switch (helper) {
#define SONDE_HELPER(Id, number, name, trait, kernel) \
  case Helper::Id: return name;
#include "codegen/helpers.def"
  }
  SONDE_UNREACHABLE();
}

}  // namespace sonde::codegen
