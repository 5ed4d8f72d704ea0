// What the handlers of events share while a program runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "diag/source.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/grace_period.h"
#include "runtime/names.h"
#include "runtime/object.h"

namespace sonde::runtime {

class Attachments;
class PacketFiles;

// Of the generation of a map that programs do not use.
enum class Left : std::uint8_t {
  Nothing,
  Unsettled,  // Values, and programs that run may still change them.
  Settled,    // Values that nobody changes.
};

struct Session {
  const plan::Manifest& manifest;
  const diag::Sources& sources;
  Object& object;
  Names& names;
  output::Sink& sink;
  std::uint32_t possible_cpus = 1;
  std::optional<int> exit_code;  // Set by exit().
  std::uint64_t errors = 0;      // Of errorf() and assert().
  GracePeriod grace_period;
  // By map: what the generation holds that programs do not use, see interval.h.
  std::vector<Left> left;
  Attachments* attachments = nullptr;
  PacketFiles* packet_files = nullptr;  // Of skboutput(); null if the script has none.
  bool escape_messages = false;         // As in Options.
};

}  // namespace sonde::runtime
