#include "resolve/programs.h"

#include <algorithm>

namespace sonde::resolve {

Programs::Programs(kernel::View& view, const std::vector<plan::AttachPoint>& places)
    : view_(&view) {
  for (const plan::AttachPoint& place : places) {
    if (!place.kind->has(builtins::kUserSpace) || place.target.empty()) continue;
    if (std::ranges::find(paths_, place.target) == paths_.end()) paths_.push_back(place.target);
  }
}

}  // namespace sonde::resolve
