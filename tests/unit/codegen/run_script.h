// Compiles a script with the fixture's facts, loads it and runs its `begin` probe once in this process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plan/manifest.h"
#include "runtime/object.h"
#include "sema/analysis.h"

namespace sonde::test {

[[nodiscard]] bool may_load();

class RunScript {
 public:
  // Adds a failure to the running test if anything goes wrong; ok() is false then.
  explicit RunScript(const std::string& script);
  [[nodiscard]] bool ok() const { return object_ != nullptr; }

  // The value of an integer key of a map (0 for a map without keys), as 64-bit words; of a per-CPU map the sum over all
  // CPUs, word by word.
  // Empty if the map does not hold the key.
  [[nodiscard]] std::vector<std::uint64_t> value(const std::string& map, std::uint64_t key) const;

 private:
  std::unique_ptr<Analysis> analysis_;
  std::unique_ptr<runtime::Object> object_;
};

}  // namespace sonde::test
