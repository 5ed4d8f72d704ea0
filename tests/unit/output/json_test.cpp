#include "output/json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "support.h"

namespace {

using namespace std::string_literals;
using namespace sonde::output;
using namespace sonde::output::test;
using sonde::types::StackMode;

// What append_json() writes, which must be JSON.
std::string json(const Value& value) {
  std::string out;
  append_json(out, value);
  EXPECT_TRUE(nlohmann::json::accept(out)) << out;
  return out;
}

TEST(JsonTest, Numbers) {
  EXPECT_EQ(json(num(-5)), "-5");
  EXPECT_EQ(json(unum(UINT64_MAX)), "18446744073709551615");
  EXPECT_EQ(json(num(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(json({Pointer{0xffffffffffffff00}}), "18446744073709551360");
  EXPECT_EQ(json({true}), "true");
  EXPECT_EQ(json({EnumValue{.number = {.bits = 3}, .name = "RED"}}), "\"RED\"");
  EXPECT_EQ(json({EnumValue{.number = {.bits = 3}, .name = ""}}), "3");
}

TEST(JsonTest, Strings) {
  EXPECT_EQ(json(text("a\"\\/\b\f\n\r\t")), R"("a\"\\/\b\f\n\r\t")");
  EXPECT_EQ(json(text("\x01\x1f\x7f")), R"("\u0001\u001f\u007f")");
  EXPECT_EQ(json(text("a\0b"s)), R"("a\u0000b")");
  EXPECT_EQ(json({Symbol{"operator\"\"_s"}}), R"("operator\"\"_s")");
  EXPECT_EQ(json(bytes("ab\x01")), R"("ab\\x01")");
}

TEST(JsonTest, ValidUtf8StaysAsItIs) {
  const std::string all =
      "\x7f\xc2\xa0\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
  EXPECT_EQ(json(text(all.substr(1))), "\"" + all.substr(1) + "\"");
  EXPECT_EQ(nlohmann::json::parse(json(text(all))).get<std::string>(), all);
}

TEST(JsonTest, InvalidUtf8IsSpelledOut) {
  EXPECT_EQ(json(text("\xff")), R"("\\xff")");
  EXPECT_EQ(json(text("a\x80z")), R"("a\\x80z")");
  EXPECT_EQ(json(text("\xc0\xaf")), R"("\\xc0\\xaf")");                    // Overlong.
  EXPECT_EQ(json(text("\xe0\x9f\xbf")), R"("\\xe0\\x9f\\xbf")");           // Overlong.
  EXPECT_EQ(json(text("\xed\xa0\x80")), R"("\\xed\\xa0\\x80")");           // A surrogate.
  EXPECT_EQ(json(text("\xf4\x90\x80\x80")), R"("\\xf4\\x90\\x80\\x80")");  // Above U+10FFFF.
  EXPECT_EQ(json(text("\xc3")), R"("\\xc3")");                             // Cut off at the end.
  EXPECT_EQ(json(text("\xe2\x82")), R"("\\xe2\\x82")");
  EXPECT_EQ(json(text("\xe2\x82(")), R"("\\xe2\\x82(")");
}

TEST(JsonTest, EveryByteGivesValidJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; second += 5) {
      const std::string pair = {static_cast<char>(first), static_cast<char>(second)};
      EXPECT_TRUE(nlohmann::json::accept(json(text(pair)))) << first << " " << second;
    }
  }
}

TEST(JsonTest, Collections) {
  EXPECT_EQ(json(tuple({num(1), text("a"), tuple({num(2)})})), R"([1,"a",[2]])");
  EXPECT_EQ(json({ArrayValue{{num(1), num(2)}}}), "[1,2]");
  EXPECT_EQ(json({RecordValue{{{"b", num(1)}, {"a", text("x")}}}}), R"({"b": 1, "a": "x"})");
  EXPECT_EQ(json({RecordValue{}}), "{}");
}

TEST(JsonTest, StacksAreTheTextOfThem) {
  EXPECT_EQ(nlohmann::json::parse(json(stack(StackMode::Perf))).get<std::string>(),
            to_text(stack(StackMode::Perf)));
}

TEST(JsonTest, Aggregations) {
  EXPECT_EQ(json(stats(-15, 5)), R"({"count": 5, "average": -3, "total": -15})");
  EXPECT_EQ(json(stats(9, 2, true)), "4");
  EXPECT_EQ(
      json(hist({0, 3})),
      R"([{"min": 0, "max": 0, "count": 1}, {"min": 1, "max": 1, "count": 0}, {"min": 2, "max": 3, "count": 1}])");
  EXPECT_EQ(json(lhist(0, 10, 5, {1, 0, 0, 2})),
            R"([{"max": -1, "count": 1}, {"min": 0, "max": 4, "count": 0}, )"
            R"({"min": 5, "max": 9, "count": 0}, {"min": 10, "count": 2}])");
  EXPECT_EQ(json(hist({})), "[]");
}

// The run that docs/json.md shows.
void run_of_the_document(Captured& sink) {
  sink->attached(1);
  sink->pinned("/sys/fs/bpf/list");
  sink->printf(make_format("opened \"%s\"\n"), {text("/etc/passwd")});
  sink->value(unum(UINT64_MAX));
  sink->value(tuple({num(1), text("a")}));
  sink->map(scalar("@total", num(7)), {});
  sink->map(keyed("@reads", {{text("bash"), num(5)}, {text("cat"), num(2)}}), {});
  sink->map(keyed("@by", {{tuple({num(1), text("x")}), num(2)}}), {});
  sink->map(scalar("@mean", stats(8, 2, true)), {});
  sink->map(keyed("@size", {{text("cat"), stats(15, 5)}}), {});
  sink->map(scalar("@ns", hist({-1, 5})), {});
  sink->map(keyed("@linear", {{text("cat"), lhist(0, 10, 10, {0, 2, 1})}}), {});
  sink->map(scalar("@us", {DeviationValue{8, 5, 2}}), {});
  sink->map(keyed("@us", {{text("read"), {QuantilesValue{8, {{50'000, 4}, {99'900, 9}}}}}}), {});
  TopValue top{.total = 1000, .keys = {}};
  top.keys.push_back({text("/etc/passwd"), 600, 600, 60});
  top.keys.push_back({text("/tmp/a"), 90, 97, 9});
  sink->map(scalar("@files", {std::move(top)}), {});
  constexpr std::uint64_t kStart = 1'700'000'000'000'000'000;
  constexpr std::uint64_t kStep = 100'000'000;
  const auto integer = [](std::int64_t value) { return std::get<Integer>(num(value).data); };
  sink->map(scalar("@depth", {SeriesValue{kStep,
                                          {{kStart, integer(-3)},
                                           {kStart + kStep, std::nullopt},
                                           {kStart + 2 * kStep, integer(5)}}}}),
            {});
  sink->time("12:00:00\n");
  sink->join("/bin/echo a b");
  sink->cat("first line\n");
  sink->tests(std::vector<TestResult>{{"okay", ""}, {"failure", "exit code 3"}});
  sink->benchmarks(std::vector<Benchmark>{{"count", 40}, {"my_loop", 124}});
  sink->lost({.events = 3,
              .stacks = 1,
              .calls = 2,
              .map_updates = {{.map = "@reads", .full = 1, .busy = 1}, {.map = "@by"}}});
}

TEST(JsonDocumentTest, ShowsWhatIsWritten) {
  const auto document = sonde::read_file("docs/json.md");
  ASSERT_TRUE(document.has_value());
  std::string examples;
  for (const std::string_view line : sonde::split(*document, '\n')) {
    if (line.starts_with("`sonde -l")) break;  // Listings are not a sink's.
    if (line.starts_with("{\"type\"")) examples += std::string(line) + "\n";
  }
  Captured sink(make_json_sink);
  run_of_the_document(sink);
  EXPECT_EQ(sink.out(), examples);
}

TEST(JsonSinkTest, EveryLineIsAnObjectWithTypeAndData) {
  Captured sink(make_json_sink);
  run_of_the_document(sink);
  const std::string out = sink.out();
  ASSERT_TRUE(out.ends_with('\n'));
  for (const std::string_view line :
       sonde::split(std::string_view(out).substr(0, out.size() - 1), '\n')) {
    const auto object = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(object.is_object()) << line;
    EXPECT_TRUE(object.contains("type") && object.contains("data") && object.size() == 2) << line;
  }
}

TEST(JsonSinkTest, MoreDetailIfAsked) {
  Captured sink(make_json_sink, {.json_full = true});
  sink->begin({.time = 1700000000000000000, .child_pid = 1234});
  sink->printf(make_format("read %d of %s\n"), {num(512), text("cat")});
  sink->message({.text = "disk full", .place = "watch.bt:3:5-22"});
  sink->message({.is_error = true, .text = "cannot use 7", .place = "watch.bt:4:3-17"});
  sink->end({.time = 1700000001000000000, .exit_code = 3});
  const auto document = sonde::read_file("docs/json.md");
  ASSERT_TRUE(document.has_value());
  const std::size_t section = document->find("## More detail");
  ASSERT_NE(section, std::string::npos);
  EXPECT_NE(document->find("```json\n" + sink.out() + "```", section), std::string::npos)
      << sink.out();
}

TEST(JsonSinkTest, NothingMoreOtherwise) {
  Captured sink(make_json_sink);
  sink->begin({.time = 1});
  sink->message({.text = "disk full"});
  sink->printf(make_format("%d"), {num(1)});
  sink->end({.time = 2});
  EXPECT_EQ(sink.out(), "{\"type\": \"printf\", \"data\": \"1\"}\n");
}

TEST(JsonSinkTest, NothingThatATerminalObeys) {
  Captured sink(make_json_sink);
  sink->value(text("\x1b[2J\xc2\x9b\x9b\x7f"));
  EXPECT_EQ(sink.out(), "{\"type\": \"value\", \"data\": \"\\u001b[2J\\u009b\\\\x9b\\u007f\"}\n");
}

TEST(JsonSinkTest, TopAndDivisor) {
  Captured sink(make_json_sink);
  sink->map(keyed("@a", {{num(1), num(1)}, {num(2), num(5)}, {num(3), num(9)}}),
            {.top = 2, .divisor = 2});
  EXPECT_EQ(sink.out(), "{\"type\": \"map\", \"data\": {\"@a\": {\"2\": 2, \"3\": 4}}}\n");
}

TEST(JsonSinkTest, StackKeys) {
  Captured sink(make_json_sink);
  sink->map(keyed("@k", {{tuple({num(1), stack(StackMode::Bpftrace)}), num(4)}}), {});
  EXPECT_EQ(sink.out(),
            "{\"type\": \"map\", \"data\": {\"@k\": {\"1,\\n    vfs_read+16\\n    main+0\\n    "
            "0xdeadbeef\\n\": 4}}}\n");
}

TEST(JsonSinkTest, NothingToSayIsNoLine) {
  Captured sink(make_json_sink, {.quiet = true});
  sink->attached(3);
  sink->exit_maps();
  sink->map({.name = "@empty"}, {});
  sink->lost({.map_updates = {{.map = "@x"}}});
  EXPECT_EQ(sink.out(), "");
  sink->lost({.map_updates = {{.map = "@x", .full = 1}}});
  EXPECT_EQ(
      sink.out(),
      "{\"type\": \"lost_events\", \"data\": {\"events\": 0, \"map_updates\": {\"@x\": 1}}}\n");
}

TEST(JsonSinkTest, WarningsStayOutOfTheStream) {
  Captured sink(make_json_sink);
  sink->warning("WARNING: x");
  EXPECT_EQ(sink.out(), "");
  EXPECT_EQ(sink.err(), "WARNING: x\n");
}

// While results come in bulk their lines wait; a warning does not overtake them.
TEST(JsonSinkTest, WarningsStayBehindEarlierResults) {
  Captured sink(make_json_sink);
  sink->hold(true);
  sink->time("earlier");
  sink->warning("WARNING: x");
  EXPECT_EQ(sink.out(), "{\"type\": \"time\", \"data\": \"earlier\"}\n");
}

}  // namespace
