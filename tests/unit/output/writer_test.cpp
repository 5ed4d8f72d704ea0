#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <thread>

#include "support.h"

namespace {

using namespace sonde::output;
using namespace sonde::output::test;

TEST(WriterTest, NoneWritesAtOnce) {
  const MemoryFile file;
  Writer writer(file.fd(), Buffering::None);
  writer.write("no newline");
  EXPECT_EQ(file.contents(), "no newline");
}

TEST(WriterTest, LineWritesWholeLines) {
  const MemoryFile file;
  Writer writer(file.fd(), Buffering::Line);
  writer.write("one ");
  EXPECT_EQ(file.contents(), "");
  writer.write("line\ntwo\nthr");
  EXPECT_EQ(file.contents(), "one line\ntwo\n");
  writer.write("ee");
  writer.write("\n");
  EXPECT_EQ(file.contents(), "one line\ntwo\nthree\n");
}

TEST(WriterTest, FullWaitsForALargeBlockOrFlush) {
  const MemoryFile file;
  Writer writer(file.fd(), Buffering::Full);
  writer.write("a\nb\n");
  EXPECT_EQ(file.contents(), "");
  writer.flush();
  EXPECT_EQ(file.contents(), "a\nb\n");
  writer.write(std::string(65536, 'x'));
  EXPECT_EQ(file.contents().size(), 4U + 65536U);
}

TEST(WriterTest, LineDoesNotGatherForEver) {
  const MemoryFile file;
  Writer writer(file.fd(), Buffering::Line);
  for (int i = 0; i < 100; ++i) writer.write(std::string(1000, 'x'));
  EXPECT_GE(file.contents().size(), 65536U);
}

TEST(WriterTest, TheEndFlushes) {
  const MemoryFile file;
  std::optional<Writer> writer(std::in_place, file.fd(), Buffering::Full);
  writer->write("late");
  writer.reset();
  EXPECT_EQ(file.contents(), "late");
}

TEST(WriterTest, RemembersTheFirstError) {
  const sonde::OwnedFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  Writer writer(full.get(), Buffering::None);
  EXPECT_EQ(writer.error(), 0);
  writer.write("x");
  EXPECT_EQ(writer.error(), ENOSPC);
  writer.write("y");
  writer.flush();
  EXPECT_EQ(writer.error(), ENOSPC);
}

class Pipe {
 public:
  explicit Pipe(int flags) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | flags), 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  sonde::OwnedFd read;
  sonde::OwnedFd write;
};

// Reads until the other end is closed.
std::string read_all(int fd) {
  std::string all;
  char chunk[4096];
  while (true) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EAGAIN) {
      pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
      ::poll(&waiting, 1, 1000);
      continue;
    }
    if (got <= 0) return all;
    all.append(chunk, static_cast<std::size_t>(got));
  }
}

// More than a pipe takes at once: the writer sees partial writes and EAGAIN.
TEST(WriterTest, WaitsForASlowReader) {
  Pipe pipe(O_NONBLOCK);
  std::string got;
  std::thread reader([&] { got = read_all(pipe.read.get()); });
  std::string sent;
  for (int i = 0; i < 50000; ++i) sent += "line " + std::to_string(i) + "\n";
  {
    Writer writer(pipe.write.get(), Buffering::None);
    writer.write(sent);
    EXPECT_EQ(writer.error(), 0);
  }
  pipe.write.reset();
  reader.join();
  EXPECT_EQ(got, sent);
}

TEST(WriterTest, AClosedPipeIsAnError) {
  struct sigaction ignore{};
  struct sigaction before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  Pipe pipe(0);
  pipe.read.reset();
  Writer writer(pipe.write.get(), Buffering::Line);
  writer.write("x\n");
  EXPECT_EQ(writer.error(), EPIPE);
  ::sigaction(SIGPIPE, &before, nullptr);
}

}  // namespace
