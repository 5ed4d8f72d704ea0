// skboutput()
#include <algorithm>

#include "plan/packets.h"
#include "runtime/action/action.h"
#include "runtime/clock.h"
#include "runtime/packet_files.h"

namespace sonde::runtime {

// Behind the record lie the packet's bytes, and the kernel's padding.
void act_Packet(Session& session, const plan::Action& action, Bytes record) {
  if (session.packet_files == nullptr) return;
  const std::uint64_t length = field_number(action, record, 1);
  const std::uint64_t copied = std::min<std::uint64_t>(length, plan::kMostPacketBytes);
  const Bytes behind = record.subspan(action.size);
  const Bytes bytes = behind.first(std::min<std::size_t>(behind.size(), copied));
  const auto offset = std::min<std::size_t>(field_number(action, record, 2), bytes.size());
  session.packet_files->write(
      session.manifest.formats[static_cast<std::size_t>(action.format)].text,
      field_number(action, record, 0) + boot_to_epoch(), length - offset, bytes.subspan(offset));
}

}  // namespace sonde::runtime
