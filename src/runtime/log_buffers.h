// Memory for what the verifier says. Internal to src/runtime.
#pragma once

#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace sonde::runtime {

// Verifier logs, one for each program. The pages are touched only by a log that is written.
class LogBuffers {
 public:
  explicit LogBuffers(std::size_t bytes) : bytes_(bytes) {}
  ~LogBuffers() {
    for (const Buffer& buffer : buffers_) ::munmap(buffer.memory, bytes_);
  }
  void attach(bpf_program* program, bool always) {
    void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    buffers_.push_back({::bpf_program__name(program), static_cast<char*>(memory)});
    // libbpf passes the buffer on only when a first attempt without log has failed, unless a level is set.
    ::bpf_program__set_log_buf(program, static_cast<char*>(memory), bytes_);
    if (always) ::bpf_program__set_log_level(program, 1);
  }
  [[nodiscard]] std::string_view log(std::string_view program) const {
    for (const Buffer& buffer : buffers_) {
      if (buffer.program == program) return buffer.memory;
    }
    return {};
  }
  [[nodiscard]] std::string all() const {
    std::string text;
    for (const Buffer& buffer : buffers_) text += buffer.program + ":\n" + buffer.memory + "\n";
    return text;
  }

 private:
  struct Buffer {
    std::string program;
    char* memory;
  };
  std::size_t bytes_;
  std::deque<Buffer> buffers_;
};

}  // namespace sonde::runtime
