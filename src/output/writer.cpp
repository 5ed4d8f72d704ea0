#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

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
  if (captures_) {
    captured_ += bytes;
    return;
  }
  pending_ += bytes;
  switch (buffering_) {
    case Buffering::None: flush(); return;
    case Buffering::Line:
      if (!held_ || pending_.size() >= kFullBuffer) write_lines();
      return;
    case Buffering::Full:
      if (pending_.size() >= kFullBuffer) flush();
      return;
  }
}

// A line that has grown too long goes out without its end.
void Writer::write_lines() {
  std::size_t end = pending_.rfind('\n') + 1;  // 0 if there is none.
  if (end == 0 && pending_.size() >= kFullBuffer) end = pending_.size();
  if (end == 0) return;
  error_ = write_all(fd_, std::string_view(pending_).substr(0, end));
  pending_.erase(0, end);
}

void Writer::release(bool show) {
  captures_ = false;
  const std::string text = std::exchange(captured_, {});
  if (show && !text.empty()) write(text);
}

void Writer::hold(bool held) {
  held_ = held;
  if (!held && error_ == 0 && buffering_ == Buffering::Line) write_lines();
}

void Writer::flush() {
  if (error_ == 0 && !pending_.empty()) error_ = write_all(fd_, pending_);
  pending_.clear();
}

}  // namespace sonde::output
