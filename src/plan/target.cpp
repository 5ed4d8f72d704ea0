#include "plan/target.h"

namespace sonde::plan {

const FeatureRow& feature_row(Feature feature) {
  static constexpr FeatureRow kRows[] = {
#define SONDE_FEATURE(Id, name, kernel, marker) {Feature::Id, name, kernel, marker},
#include "plan/features.def"
  };
  return kRows[static_cast<std::size_t>(feature)];
}

}  // namespace sonde::plan
