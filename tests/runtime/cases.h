// The runtime cases: where they lie and how each is run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
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

// sonde with a script in words, without messages of its own and with results as JSON lines, and a run of the workload program with
// these arguments to trace.
[[nodiscard]] Invocation json_invocation(const std::string& script, const std::string& workload);

// The CPUs that this program may run on: those that "getppid_everywhere" of the workload uses.
[[nodiscard]] std::uint64_t usable_cpus();

// By how much slower than usual this machine is.
[[nodiscard]] int timeout_factor();

// Makes the network that the directives ask for, if any; a fatal failure of the test if that does not work.
void set_up(std::optional<NetworkNamespace>& network, const Directives& directives);

}  // namespace sonde::test
