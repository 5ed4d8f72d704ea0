#include "support.h"

namespace {

using namespace sonde::output;
using namespace sonde::output::test;
using sonde::types::StackMode;

const std::string kFullBar(52, '@');

TEST(TextSinkTest, Attached) {
  Captured sink(make_text_sink);
  sink->attached(1);
  sink->attached(3);
  sink->attached(0);
  EXPECT_EQ(sink.out(), "Attached 1 probe\nAttached 3 probes\nAttached 0 probes\n");
}

TEST(TextSinkTest, QuietSaysNothingOfProbes) {
  Captured sink(make_text_sink, {.quiet = true});
  sink->attached(1);
  sink->value(num(1));
  EXPECT_EQ(sink.out(), "1\n");
}

TEST(TextSinkTest, TablesOfTestsAndBenchmarks) {
  Captured sink(make_text_sink);
  sink->tests(std::vector<TestResult>{{"okay", ""}, {"b", ""}});
  sink->benchmarks(std::vector<Benchmark>{{"count", 40}});
  EXPECT_EQ(sink.out(),
            "\n\n+------+--------+\n| TEST | RESULT |\n+------+--------+\n| okay | PASS   |\n"
            "| b    | PASS   |\n+------+--------+\n"
            "\n\n+-----------+-------------+\n| BENCHMARK | NANOSECONDS |\n"
            "+-----------+-------------+\n| count     | 40          |\n"
            "+-----------+-------------+\n");
}

TEST(TextSinkTest, CapturedOutputIsShownOrForgotten) {
  Captured sink(make_text_sink);
  sink->capture();
  sink->join("forgotten");
  sink->release(false);
  sink->capture();
  sink->join("shown");
  EXPECT_EQ(sink.out(), "");
  sink->release(true);
  EXPECT_EQ(sink.out(), "shown\n");
}

TEST(TextSinkTest, PrintedTextAndValues) {
  Captured sink(make_text_sink);
  sink->printf(make_format("pid %d\n"), {num(7)});
  sink->printf(make_format("no newline"), {});
  sink->value(tuple({num(1), text("a")}));
  sink->time("12:00:00\n");
  sink->join("/bin/echo a b");
  EXPECT_EQ(sink.out(), "pid 7\nno newline(1, a)\n12:00:00\n/bin/echo a b\n");
}

TEST(TextSinkTest, AStackValueStandsOnItsOwnLines) {
  Captured sink(make_text_sink);
  sink->value({Stack{.frames = {{.address = 1, .symbol = "f", .offset = 2}}}});
  EXPECT_EQ(sink.out(), "\n        f+2\n\n");
}

TEST(TextSinkTest, ScalarAndKeyedMaps) {
  Captured sink(make_text_sink);
  sink->map(scalar("@s", num(1)), {});
  sink->map(
      keyed("@a", {{tuple({num(1), text("x")}), num(2)}, {tuple({num(3), text("y")}), num(1)}}),
      {});
  sink->map(scalar("@t", text("foo")), {});
  sink->map({.name = "@empty"}, {});
  EXPECT_EQ(sink.out(), "@s: 1\n@a[3, y]: 1\n@a[1, x]: 2\n@t: foo\n");
}

TEST(TextSinkTest, StatisticsAreFollowedByABlankLine) {
  Captured sink(make_text_sink);
  sink->map(keyed("@", {{text("a"), stats(5, 1)}, {text("b"), stats(2, 2)}}), {});
  sink->map(scalar("@avg", stats(8, 2, true)), {});
  sink->map(scalar("@max", num(3)), {});
  EXPECT_EQ(sink.out(),
            "@[b]: count 2, average 1, total 2\n@[a]: count 1, average 5, total 5\n\n@avg: "
            "4\n\n@max: 3\n");
}

TEST(TextSinkTest, HistogramsStandBelowTheirName) {
  Captured sink(make_text_sink);
  sink->map(scalar("@b", hist({5})), {});
  sink->map(keyed("@h", {{num(1), hist({4096})}, {num(2), hist({})}}), {});
  EXPECT_EQ(sink.out(), "@b: \n[4, 8)                 1 |" + kFullBar +
                            "|\n\n"
                            "@h[2]: \n\n"
                            "@h[1]: \n[4K, 8K)               1 |" +
                            kFullBar + "|\n\n");
}

TEST(TextSinkTest, StacksAsKeysAndValues) {
  Captured sink(make_text_sink);
  sink->map(keyed("@k", {{stack(StackMode::Bpftrace), num(4)}}), {});
  sink->map(keyed("@p", {{tuple({num(1), stack(StackMode::Perf)}), num(2)}}), {});
  sink->map(scalar("@v", stack(StackMode::Raw)), {});
  EXPECT_EQ(sink.out(),
            "@k[\n    vfs_read+16\n    main+0\n    0xdeadbeef\n]: 4\n"
            "@p[1, \n\tffffffff81000010 vfs_read+16\n\t7f00001234 main+0 (/bin/cat)\n\tdeadbeef "
            "0xdeadbeef\n]: 2\n"
            "@v: \n        ffffffff81000010\n        7f00001234\n        deadbeef\n\n");
}

TEST(TextSinkTest, TopAndDivisor) {
  Captured sink(make_text_sink);
  const auto map = keyed("@a", {{num(1), num(1)}, {num(2), num(5)}, {num(3), num(9)}});
  sink->map(map, {.top = 2});
  sink->map(map, {.top = 1, .divisor = 2});
  sink->map(map, {.divisor = 2});
  EXPECT_EQ(sink.out(), "@a[2]: 5\n@a[3]: 9\n@a[3]: 4\n@a[1]: 0\n@a[2]: 2\n@a[3]: 4\n");
}

TEST(TextSinkTest, ControlCharactersAreShownIfAsked) {
  const std::string bell = "\x07";
  Captured sink(make_text_sink, {.escape = true});
  sink->value(text(bell));
  sink->value({Text{.bytes = bell, .is_literal = true}});
  sink->map(keyed("@", {{text(bell), text(bell)}}), {});
  sink->join(bell + "a");
  sink->cat(bell + "\n");
  sink->time(bell);
  EXPECT_EQ(sink.out(), "\\x07\n\x07\n@[\\x07]: \\x07\n\\x07a\n\\x07\n\x07");
}

TEST(TextSinkTest, BytesStayAsTheyAreOtherwise) {
  Captured sink(make_text_sink);
  sink->value(text("\x1b[2J\xff"));
  sink->cat("\x1b");
  EXPECT_EQ(sink.out(), "\x1b[2J\xff\n\x1b");
}

TEST(TextSinkTest, TablesCountColumns) {
  Captured sink(make_text_sink);
  sink->benchmarks(std::vector<Benchmark>{{"caf\xc3\xa9", 1}});
  EXPECT_NE(sink.out().find("| caf\xc3\xa9      | 1 "), std::string::npos) << sink.out();
}

TEST(TextSinkTest, MapsAtExitAreSetApart) {
  Captured sink(make_text_sink);
  sink->attached(1);
  sink->exit_maps();
  sink->map(scalar("@", num(1)), {});
  EXPECT_EQ(sink.out(), "Attached 1 probe\n\n\n@: 1\n");
}

TEST(TextSinkTest, LostEventsGoToTheErrorOutput) {
  Captured sink(make_text_sink);
  sink->lost(
      {.events = 3,
       .stacks = 2,
       .map_updates = {
           {.map = "@x", .full = 5}, {.map = "@y"}, {.map = "@z", .no_memory = 2, .busy = 3}}});
  sink->lost({});
  EXPECT_EQ(sink.out(), "");
  EXPECT_EQ(sink.err(),
            "Lost 3 events\nLost 2 stacks\n"
            "@x is full: 5 updates lost; raise max_map_keys (SONDE_MAX_MAP_KEYS)\n"
            "Lost 2 updates of @z: no memory for so many new keys at once (a smaller max_map_keys "
            "helps)\n"
            "Lost 3 updates of @z: another was under way\n");
}

TEST(TextSinkTest, WarningsEndTheirLine) {
  Captured sink(make_text_sink);
  sink->warning("a.bt:1:1: WARNING: x");
  sink->warning("two\nlines\n");
  EXPECT_EQ(sink.err(), "a.bt:1:1: WARNING: x\ntwo\nlines\n");
}

// On a terminal both are one stream: what was printed first must be seen first.
TEST(TextSinkTest, OutputIsFlushedBeforeAComplaint) {
  const MemoryFile both;
  Writer out(both.fd(), Buffering::Full);
  Writer err(both.fd(), Buffering::Full);
  const auto sink = make_text_sink(out, err, {});
  sink->value(num(1));
  sink->warning("WARNING: x");
  EXPECT_EQ(both.contents(), "1\nWARNING: x\n");
}

}  // namespace
