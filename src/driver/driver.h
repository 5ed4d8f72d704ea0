// The command line, and the pipeline from text to output.
#pragma once

namespace sonde::driver {

// The whole program; returns the exit status.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace sonde::driver
