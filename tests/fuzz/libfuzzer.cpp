// The entry point that libFuzzer calls; SONDE_FUZZ_TARGET is one of targets.h.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // libFuzzer's bytes, read as characters.
  sonde::fuzz::SONDE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
