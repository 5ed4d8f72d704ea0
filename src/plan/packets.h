// What skboutput() and the runtime agree on.
#pragma once

#include <cstdint>

namespace sonde::plan {

// The most bytes of one packet: a perf event has 65535 at most, its header and padding included. The file notes how long the
// packet was.
inline constexpr std::uint32_t kMostPacketBytes = 65000;

}  // namespace sonde::plan
