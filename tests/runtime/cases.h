// The runtime cases: where they lie and how each is run.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "directives.h"
#include "network.h"
#include "process.h"

namespace sonde::test {

// The scripts in `folder`, sorted. Deeper folders hold what the scripts import.
[[nodiscard]] std::vector<std::filesystem::path> scripts_in(const std::filesystem::path& folder);

// The directives for `script`, which stand in `file`.
[[nodiscard]] Directives directives_of(const std::filesystem::path& script,
                                       const std::filesystem::path& file);

// sonde with the script. `options` stand in front of those of the directives.
[[nodiscard]] Invocation invocation_of(const std::filesystem::path& script,
                                       const Directives& directives,
                                       const std::vector<std::string>& options = {});

// By how much slower than usual this machine is.
[[nodiscard]] int timeout_factor();

// Makes the network that the directives ask for, if any; a fatal failure of the test if that does not work.
void set_up(std::optional<NetworkNamespace>& network, const Directives& directives);

}  // namespace sonde::test
