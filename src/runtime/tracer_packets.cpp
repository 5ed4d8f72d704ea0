// A run's packets of skboutput().
#include "runtime/action/action.h"
#include "runtime/dispatch.h"
#include "runtime/tracer.h"

namespace sonde::runtime {

Result<void> Tracer::open_packets() {
  const int map = object_.map(plan::kPacketMap);
  if (map < 0) return {};
  auto files = PacketFiles::open(manifest_);
  if (!files) return std::unexpected(files.error());
  packet_files_ = std::move(*files);
  session_.packet_files = &packet_files_;
  auto buffer = PacketBuffer::open(map, manifest_.settings.ring_bytes, session_.possible_cpus,
                                   [this](Record record) { dispatch(session_, record); });
  if (!buffer) return std::unexpected(buffer.error());
  packets_ = std::move(*buffer);
  return {};
}

void Tracer::drain_packets() {
  if (packets_ == nullptr) return;
  packets_->drain();
  packet_files_.flush();
  if (const auto [code, path] = packet_files_.take_error(); code != 0)
    warn(session_, Error{"write " + path, code, {}});
}

}  // namespace sonde::runtime
