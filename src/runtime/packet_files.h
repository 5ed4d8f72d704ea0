// Packets of skboutput(): the perf buffer that brings them, the files that keep them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/ring.h"

struct perf_buffer;

namespace sonde::runtime {

// The reading end of plan::kPacketMap.
class PacketBuffer {
 public:
  using Take = std::function<void(Record)>;

  // `bytes` for all CPUs together, `take` gets each record. Neither is copied nor owned: `map_fd` and what `take` refers to
  // must outlive this.
  [[nodiscard]] static Result<std::unique_ptr<PacketBuffer>> open(int map_fd, std::size_t bytes,
                                                                  std::size_t cpus, Take take);
  PacketBuffer(const PacketBuffer&) = delete;
  PacketBuffer& operator=(const PacketBuffer&) = delete;
  ~PacketBuffer();

  // Readable when there are packets.
  [[nodiscard]] int fd() const;
  // Hands over all that lie there, in the order of each CPU.
  void drain();

 private:
  explicit PacketBuffer(Take take) : take_(std::move(take)) {}
  static void on_sample(void* self, int cpu, void* data, std::uint32_t size);

  Take take_;
  perf_buffer* buffer_ = nullptr;
};

// Files in the format of libpcap (https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcap.html), with
// times in nanoseconds and packets that begin with an IP header (LINKTYPE_RAW).
class PacketFiles {
 public:
  // The files that the script's calls name, each one anew.
  [[nodiscard]] static Result<PacketFiles> open(const plan::Manifest& manifest);

  // `length` is what the packet had, of which `bytes` were sent. `time` is in nanoseconds since 1970.
  void write(const std::string& path, std::uint64_t time, std::uint64_t length, Record bytes);
  void flush();
  // errno of the first write that failed with the file's name, once; 0 if there is none to tell.
  [[nodiscard]] std::pair<int, std::string> take_error();

 private:
  struct File {
    OwnedFd fd;
    std::unique_ptr<output::Writer> writer;
    bool is_reported = false;
  };
  std::map<std::string, File> files_;
};

}  // namespace sonde::runtime
