#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "output/sink.h"

namespace sonde::output {
namespace {

// Bytes that -B full gathers before it writes: as large as the pipe that usually reads them.
constexpr std::size_t kFullBuffer = 65536;

// Writes everything; returns 0 or the errno that ended it. A descriptor that somebody else made non-blocking is waited for.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      pollfd waiting{.fd = fd, .events = POLLOUT, .revents = 0};
      if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

Writer::Writer(int fd, Buffering buffering) : fd_(fd), buffering_(buffering) {}

Writer::~Writer() { flush(); }

void Writer::write(std::string_view bytes) {
  if (error_ != 0) return;  // Nobody reads any more: do not gather bytes for ever.
  pending_ += bytes;
  switch (buffering_) {
    case Buffering::None: flush(); return;
    case Buffering::Line: {
      const std::size_t newline = bytes.rfind('\n');
      if (newline == std::string_view::npos && pending_.size() < kFullBuffer) return;
      const std::size_t rest = newline == std::string_view::npos ? 0 : bytes.size() - newline - 1;
      const std::string_view all = pending_;
      error_ = write_all(fd_, all.substr(0, all.size() - rest));
      pending_.erase(0, pending_.size() - rest);
      return;
    }
    case Buffering::Full:
      if (pending_.size() >= kFullBuffer) flush();
      return;
  }
}

void Writer::flush() {
  if (error_ == 0 && !pending_.empty()) error_ = write_all(fd_, pending_);
  pending_.clear();
}

}  // namespace sonde::output
