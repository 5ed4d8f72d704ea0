// What the handlers of events share while a program runs.
#pragma once

#include <cstdint>
#include <optional>

#include "diag/source.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/grace_period.h"
#include "runtime/names.h"
#include "runtime/object.h"

namespace sonde::runtime {

class Attachments;
class PacketFiles;

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
  Attachments* attachments = nullptr;
  PacketFiles* packet_files = nullptr;  // Of skboutput(); null if the script has none.
  bool escape_messages = false;         // As in Options.
};

}  // namespace sonde::runtime
