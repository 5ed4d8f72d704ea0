// Folded stacks, profiles, and stacks as frames of JSON.
#include <gtest/gtest.h>

#include "output/profile.h"
#include "output/wire.h"
#include "support.h"

namespace sonde::output::test {
namespace {

Value stack_of(std::vector<Frame> frames, bool is_user = true) {
  return {Stack{.frames = std::move(frames), .is_user = is_user}};
}

const Value kUser = stack_of({{.address = 1, .symbol = "read", .offset = 3},
                              {.address = 2, .symbol = "inner;", .is_inlined = true},
                              {.address = 2, .symbol = "main"}});
const Value kKernel = stack_of({{.address = 9, .symbol = "vfs_read"}}, false);

TEST(Folded, OutermostFirstAndTheKernelLast) {
  Captured sink(make_folded_sink);
  sink->map(keyed("@", {{tuple({kKernel, kUser, text("cat")}), num(3)}}), {});
  EXPECT_EQ(sink.out(), "cat;main;inner:;read;vfs_read 3\n");
}

TEST(Folded, StacksThatReadTheSameAreOneLine) {
  Captured sink(make_folded_sink);
  sink->map(keyed("@", {{tuple({kUser, num(1)}), num(3)},
                        {tuple({kUser, num(1)}), num(4)},
                        {tuple({kUser, num(2)}), num(9)}}),
            {});
  EXPECT_EQ(sink.out(), "2;main;inner:;read 9\n1;main;inner:;read 7\n");
}

TEST(Folded, ValuesAreNumbersAboveZero) {
  Captured sink(make_folded_sink);
  sink->map(keyed("@a", {{kUser, stats(30, 3)}}), {});
  sink->map(keyed("@b", {{kUser, hist({1, 1, 8})}}), {});
  sink->map(keyed("@c", {{kUser, num(-5)}, {kUser, num(0)}}), {});
  sink->map(keyed("@d", {{kUser, num(8)}}), {.divisor = 4});
  EXPECT_EQ(sink.out(), "main;inner:;read 30\nmain;inner:;read 3\nmain;inner:;read 2\n");
  EXPECT_EQ(sink.err(), "WARNING: 2 stacks of @c without a number above 0: left out\n");
}

TEST(Folded, EverythingElseIsText) {
  Captured sink(make_folded_sink);
  sink->attached(2);
  sink->value(num(1));
  sink->map(scalar("@total", num(7)), {});
  EXPECT_EQ(sink.out(), "");
  EXPECT_EQ(sink.err(), "Attached 2 probes\n1\n@total: 7\n");
}

TEST(Folded, UnknownFunctions) {
  EXPECT_EQ(frame_label({.address = 0x1234}), "0x1234");
  EXPECT_EQ(frame_label({.address = 0x1234, .module = "/lib/libc.so.6", .file_offset = 0x34}),
            "[libc.so.6+0x34]");
  EXPECT_EQ(frame_label({.address = 0x1234, .module = "[vdso]"}), "[[vdso]]");
  Captured sink(make_folded_sink);
  sink->map(keyed("@", {{stack_of({}), num(1)}}), {});
  EXPECT_EQ(sink.out(), "[no stack] 1\n");
}

TEST(Pprof, IsWrittenOnceAndOnlyIfTracingBegan) {
  Captured idle(make_pprof_sink);
  EXPECT_EQ(idle.out(), "");
  Captured sink(make_pprof_sink);
  sink->attached(1);
  sink->map(keyed("@", {{kUser, num(3)}}), {});
  const std::string once = sink.out();
  EXPECT_EQ(once.substr(0, 2), "\x1f\x8b");  // gzip
  EXPECT_EQ(sink.out(), once);
}

TEST(Wire, Encodes) {
  WireMessage message;
  message.number(1, 150);  // The example of the format's documentation.
  EXPECT_EQ(message.encoded(), "\x08\x96\x01");
  message.number(2, 0);
  EXPECT_EQ(message.encoded().size(), 3U);
  WireMessage outer;
  outer.message(3, message);
  EXPECT_EQ(outer.encoded(), "\x1a\x03\x08\x96\x01");
  WireMessage list;
  const std::uint64_t numbers[] = {3, 270, 86942};
  list.numbers(6, numbers);
  EXPECT_EQ(list.encoded(), "\x32\x06\x03\x8e\x02\x9e\xa7\x05");
}

TEST(JsonFrames, AStackIsAnArray) {
  Captured sink(make_json_sink, {.json_stack_frames = true});
  sink->value(stack_of(
      {{.address = 16, .symbol = "f", .offset = 1, .module = "/bin/x", .file = "x.c", .line = 7},
       {.address = 17}}));
  sink->map(keyed("@", {{tuple({kKernel, num(1)}), num(2)}}), {});
  EXPECT_EQ(sink.out(),
            "{\"type\": \"value\", \"data\": [{\"address\": 16, \"symbol\": \"f\", \"offset\": 1, "
            "\"module\": \"/bin/x\", "
            "\"file\": \"x.c\", \"line\": 7}, {\"address\": 17}]}\n"
            "{\"type\": \"map\", \"data\": {\"@\": [{\"key\": [[{\"address\": 9, \"symbol\": "
            "\"vfs_read\", \"offset\": 0}],1], "
            "\"value\": 2}]}}\n");
}

}  // namespace
}  // namespace sonde::output::test
