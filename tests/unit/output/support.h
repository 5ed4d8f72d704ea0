// Values in short form and a sink whose output can be read back.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "output/sink.h"

namespace sonde::output::test {

inline Value num(std::int64_t n) { return {Integer{.bits = static_cast<std::uint64_t>(n)}}; }
inline Value num(std::int64_t n, std::uint32_t width) {
  return {Integer{.bits = static_cast<std::uint64_t>(n), .width = width}};
}
inline Value unum(std::uint64_t n, std::uint32_t width = 64) {
  return {Integer{.bits = n, .is_signed = false, .width = width}};
}
inline Value text(std::string bytes) { return {Text{.bytes = std::move(bytes)}}; }
inline Value bytes(std::string data) { return {Bytes{.bytes = std::move(data)}}; }
inline Value tuple(std::vector<Value> elements) { return {TupleValue{std::move(elements)}}; }
inline Value stats(std::int64_t total, std::uint64_t count, bool average_only = false) {
  return {
      StatsValue{.total = total, .count = count, .is_signed = true, .average_only = average_only}};
}
inline Value stack(types::StackMode mode) {
  return {Stack{
      .frames = {{.address = 0xffffffff81000010, .symbol = "vfs_read", .offset = 16, .module = ""},
                 {.address = 0x7f00001234, .symbol = "main", .offset = 0, .module = "/bin/cat"},
                 {.address = 0xdeadbeef}},
      .mode = mode}};
}

// hist() with these values.
inline Value hist(std::initializer_list<std::int64_t> values, std::uint32_t bits = 0) {
  Histogram histogram;
  for (std::uint32_t i = 0; i < types::hist_bucket_count(bits); ++i) {
    histogram.buckets.push_back({types::hist_bucket_range(i, bits), 0});
  }
  for (const std::int64_t value : values)
    ++histogram.buckets[types::hist_bucket(value, bits)].count;
  return {std::move(histogram)};
}

// lhist() with these counts, from the bucket below `min` to the one from `max` on.
inline Value lhist(std::int64_t min, std::int64_t max, std::int64_t step,
                   const std::vector<std::uint64_t>& counts) {
  Histogram histogram{.linear = true};
  EXPECT_EQ(counts.size(), types::lhist_bucket_count(min, max, step));
  for (std::uint32_t i = 0; i < counts.size(); ++i) {
    histogram.buckets.push_back({types::lhist_bucket_range(i, min, max, step), counts[i]});
  }
  return {std::move(histogram)};
}

inline MapSnapshot scalar(std::string name, Value value) {
  return {.name = std::move(name), .entries = {{.key = std::nullopt, .value = std::move(value)}}};
}
inline MapSnapshot keyed(std::string name, std::vector<std::pair<Value, Value>> entries) {
  MapSnapshot map{.name = std::move(name)};
  for (auto& [key, value] : entries) map.entries.push_back({std::move(key), std::move(value)});
  return map;
}

inline plan::Format make_format(std::string_view text) {
  auto pieces = types::parse_format(text);
  EXPECT_TRUE(pieces.has_value()) << text;
  return {.text = std::string(text),
          .pieces = pieces ? std::move(*pieces) : std::vector<types::FormatPiece>{}};
}

// A file without a name.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("sonde_test", MFD_CLOEXEC)) { EXPECT_TRUE(fd_.valid()); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  // All that was written.
  [[nodiscard]] std::string contents() const {
    std::string all(static_cast<std::size_t>(::lseek(fd_.get(), 0, SEEK_CUR)), '\0');
    EXPECT_EQ(::pread(fd_.get(), all.data(), all.size(), 0), static_cast<ssize_t>(all.size()));
    return all;
  }

 private:
  OwnedFd fd_;
};

using MakeSink = std::unique_ptr<Sink> (*)(Writer&, Writer&, SinkOptions);

// A sink with what it wrote.
class Captured {
 public:
  explicit Captured(MakeSink make, SinkOptions options = {})
      : sink_(make(out_, err_, std::move(options))) {}
  Sink* operator->() { return sink_.get(); }
  std::string out() {
    sink_->flush();
    return out_file_.contents();
  }
  std::string err() {
    sink_->flush();
    return err_file_.contents();
  }

 private:
  MemoryFile out_file_;
  MemoryFile err_file_;
  Writer out_{out_file_.fd(), Buffering::Full};
  Writer err_{err_file_.fd(), Buffering::Full};
  std::unique_ptr<Sink> sink_;
};

}  // namespace sonde::output::test
