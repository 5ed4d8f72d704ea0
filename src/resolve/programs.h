// The user programs that a probe is in: their types may be named in its code.
#pragma once

#include <string>
#include <vector>

#include "kernel/view.h"
#include "plan/manifest.h"

namespace sonde::resolve {

class Programs {
 public:
  Programs() = default;
  // Those of the places. Their debug information is opened when the first name is looked for.
  Programs(kernel::View& view, const std::vector<plan::AttachPoint>& places);

  // The first result of find(kernel::NamedTypes&) that is not empty.
  template <class Find>
  auto first(Find&& find) const -> decltype(find(std::declval<kernel::NamedTypes&>())) {
    for (const std::string& path : paths_) {
      kernel::NamedTypes* types = view_->program_types(path);
      if (types == nullptr) continue;
      if (auto found = find(*types)) return found;
    }
    return {};
  }
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  kernel::View* view_ = nullptr;
  std::vector<std::string> paths_;
};

}  // namespace sonde::resolve
