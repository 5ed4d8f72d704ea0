// What the machine must offer for a case.
#pragma once

#include <optional>
#include <string>

namespace sonde::test {

// Nothing if the requirement is met; otherwise why not. An unknown requirement is an error of the case: reported as
// "unknown requirement ...". Where SONDE_TEST_MUST_HAVE names the requirement, lacking it is a failure, not a skip: the
// machine is known to have it.
[[nodiscard]] std::optional<std::string> lacking(const std::string& requirement);
[[nodiscard]] bool must_have(const std::string& requirement);

}  // namespace sonde::test
