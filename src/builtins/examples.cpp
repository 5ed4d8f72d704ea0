#include "builtins/examples.h"

#include <algorithm>

#include "base/text.h"

namespace sonde::builtins {
namespace {

constexpr Example kExamples[] = {
#define SONDE_EXAMPLE(names, options, requirement, script, text, json) \
  {names, options, requirement, script, text, json},
#include "builtins/examples.def"
};

}  // namespace

bool Example::shows(std::string_view name) const {
  const auto all = split(names, ',');
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::span<const Example> examples() { return kExamples; }

}  // namespace sonde::builtins
