// Maps that have stacks in their keys, as samples of a profile: what flame graphs and pprof are made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sink.h"

namespace sonde::output {

struct Sample {
  std::vector<std::string> labels;  // The parts of the key that are no stacks, as text.
  std::vector<const Frame*>
      frames;  // Outermost first, the kernel's behind the program's; of the map that they come from.
  std::vector<bool> in_kernel;  // By frame.
  std::int64_t count = 0;
};

// Whether the map's keys are stacks, or tuples with stacks in them.
[[nodiscard]] bool has_stacks(const MapSnapshot& map);

// One for each entry with a stack, largest first. Counts are the numbers that the map holds: of avg() and stats() the totals, of
// histograms how many values they counted. Entries of other values, of 0 and below it are left out: `left_out` says how many.
struct Samples {
  std::vector<Sample> samples;
  std::uint64_t left_out = 0;
};
[[nodiscard]] Samples samples(const MapSnapshot& map, const MapPrintOptions& options);

// The function's name; the place in the binary, "[libc.so.6+0x1234]", or the address where there is none.
[[nodiscard]] std::string frame_label(const Frame& frame);

}  // namespace sonde::output
