// What a report keeps of a run and how its page holds it.
#include "output/report.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "support.h"

namespace {

using namespace sonde::output;
using namespace sonde::output::test;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A sink that shows nothing, and a report beside it whose clock the test moves.
class ReportTest : public testing::Test {
 protected:
  json data() const { return json::parse(report_.data()); }
  json map(std::size_t i = 0) const { return data()["maps"].at(i); }
  json rows() const { return map()["snapshots"].back()["rows"]; }
  void printf(std::string_view text, const std::vector<Value>& arguments = {}) {
    sink_->printf(make_format(text), arguments);
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> texts;
    const json log = data()["log"];
    for (const auto& line : log["lines"]) texts.push_back(line[2]);
    return texts;
  }

  double now_ = 1000;
  Report report_{{.version = "1.2.3",
                  .script_name = "a.bt",
                  .script = "begin { }",
                  .command_line = "sonde a.bt",
                  .keys = {{"@named", {"pid", "comm"}}}},
                 [this] { return now_; }};
  Captured text_{make_text_sink};
  std::unique_ptr<Sink> sink_ = report_.sink(*text_.operator->());
};

TEST_F(ReportTest, WhatIsShownStaysWhatItWas) {
  sink_->attached(2);
  printf("pid %d\n", {num(7)});
  sink_->map(scalar("@x", num(3)), {});
  sink_->warning("careful\n");
  EXPECT_EQ(text_.out(), "Attached 2 probes\npid 7\n@x: 3\n");
  EXPECT_EQ(text_.err(), "careful\n");
}

TEST_F(ReportTest, NothingToShowBeforeProbesAreAttached) {
  EXPECT_FALSE(report_.has_started());
  sink_->attached(0);
  EXPECT_TRUE(report_.has_started());
}

TEST_F(ReportTest, TheRunIsDescribed) {
  sink_->attached(3);
  now_ = 3500;
  sink_->flush();
  now_ = 9000;  // Detaching.
  sink_->flush();
  const json about = data()["about"];
  EXPECT_EQ(about["duration"], 2500.0);
  EXPECT_EQ(about["probes"], 3);
  EXPECT_EQ(about["version"], "1.2.3");
  EXPECT_EQ(about["script"], "begin { }");
  EXPECT_EQ(about["command"], "sonde a.bt");
}

TEST_F(ReportTest, ThePrintingOfMapsAtTheEndIsNoTracing) {
  sink_->attached(1);
  now_ = 2000;
  sink_->exit_maps();
  now_ = 8000;
  sink_->map(scalar("@x", num(1)), {});
  sink_->flush();
  EXPECT_EQ(data()["about"]["duration"], 1000.0);
}

TEST_F(ReportTest, LinesHaveTimesAndPiecesJoin) {
  printf("before\n");
  sink_->attached(1);
  now_ = 1250;
  printf("a");
  printf("b\nc\n\n");
  sink_->warning("w");
  EXPECT_THAT(lines(), ElementsAre("before", "ab", "c", "", "w"));
  const json log = data()["log"]["lines"];
  ASSERT_EQ(log.size(), 5U);
  EXPECT_EQ(log[0][0], 0);
  EXPECT_EQ(log[1][0], 250);
  EXPECT_EQ(log[1][1], "out");
  EXPECT_EQ(log[4][1], "warning");
}

TEST_F(ReportTest, ALongTextKeepsBothEnds) {
  const std::string filler(1000, 'x');
  for (int i = 0; i < 5000; ++i) printf("%d %s\n", {num(i), text(filler)});
  const json log = data()["log"];
  const std::size_t kept = log["lines"].size();
  EXPECT_GT(log["dropped"], 2000);
  EXPECT_EQ(kept + log["dropped"].get<std::size_t>(), 5000U);
  EXPECT_THAT(lines().front(), testing::StartsWith("0 "));
  EXPECT_THAT(lines().back(), testing::StartsWith("4999 "));
  const auto head = log["head"].get<std::size_t>();
  EXPECT_THAT(lines()[head - 1], testing::StartsWith(std::to_string(head - 1) + " "));
  EXPECT_THAT(lines()[head], testing::StartsWith(std::to_string(5000 - (kept - head)) + " "));
}

TEST_F(ReportTest, AnEndlessLineHasALimit) {
  const std::string piece(4096, 'x');
  for (int i = 0; i < 4096; ++i) printf("%s", {text(piece)});
  EXPECT_LT(report_.data().size(), 3U << 20);
}

TEST_F(ReportTest, NumbersOf64BitsStayExact) {
  sink_->map(keyed("@x", {{num(1), unum(UINT64_MAX)},
                          {num(2), num(INT64_MIN)},
                          {num(3), num((1LL << 53) - 1)},
                          {num(4), num(1LL << 53)},
                          {num(5), num(-5)}}),
             {});
  EXPECT_EQ(rows(), json::parse(R"([[2,"-9223372036854775808"],[5,-5],[3,9007199254740991],
                                   [4,"9007199254740992"],[1,"18446744073709551615"]])"));
  EXPECT_EQ(map()["values"][0]["kind"], "number");
}

TEST_F(ReportTest, KeysAreColumnsThatTheScriptNames) {
  sink_->map(keyed("@named", {{tuple({num(1), text("sh")}), num(2)}}), {});
  sink_->map(keyed("@other", {{tuple({text("a"), num(1)}), stats(10, 4)}}), {});
  EXPECT_EQ(map()["keys"], json::parse(R"([{"title":"pid","kind":"number"},
                                           {"title":"comm","kind":"text"}])"));
  EXPECT_EQ(map(1)["keys"][0]["title"], "key 1");
  EXPECT_EQ(map(1)["values"], json::parse(R"([{"title":"count","kind":"number"},
      {"title":"average","kind":"number"},{"title":"total","kind":"number"}])"));
  EXPECT_EQ(rows(), json::parse(R"([[1,"sh",2]])"));
  EXPECT_EQ(map(1)["snapshots"][0]["rows"], json::parse(R"([["a",1,4,2,10]])"));
}

TEST_F(ReportTest, TuplesAndRecordsAreColumnsOfValues) {
  sink_->map(keyed("@t", {{num(1), tuple({num(5), text("x")})}}), {});
  sink_->map(keyed("@r", {{num(1), Value{RecordValue{{{"size", num(9)}, {"on", Value{true}}}}}}}),
             {});
  EXPECT_EQ(rows(), json::parse(R"([[1,5,"x"]])"));
  EXPECT_EQ(map(1)["values"], json::parse(R"([{"title":"size","kind":"number"},
                                              {"title":"on","kind":"text"}])"));
  EXPECT_EQ(map(1)["snapshots"][0]["rows"], json::parse(R"([[1,9,"true"]])"));
}

TEST_F(ReportTest, HistogramsKeepTheirBuckets) {
  sink_->map(scalar("@h", hist({1, 5, 5, 2000})), {});
  sink_->map(keyed("@l", {{num(4), lhist(0, 20, 10, {1, 0, 2, 3})}}), {});
  const json buckets = rows()[0][0];
  EXPECT_EQ(buckets.front(), json::parse(R"~([1,"[1]",1])~"));
  EXPECT_EQ(buckets[2], json::parse(R"~([4,"[4, 8)",2])~"));
  EXPECT_EQ(buckets.back(), json::parse(R"~([1024,"[1K, 2K)",1])~"));
  EXPECT_EQ(map(1)["snapshots"][0]["rows"],
            json::parse(R"~([[4,[["-9223372036854775808","(..., 0)",1],[0,"[0, 10)",0],
                                 [10,"[10, 20)",2],[20,"[20, ...)",3]]]])~"));
}

Value deviation(std::uint64_t count, long double average, long double deviation) {
  return {DeviationValue{.count = count, .average = average, .deviation = deviation}};
}

TEST_F(ReportTest, DeviationsAreColumnsWithTwoDecimals) {
  sink_->map(keyed("@d", {{num(1), deviation(3, -2.5L, 0.333333L)},
                          {num(2), deviation(4, 1e18L, 9223372036854775807.5L)}}),
             {});
  EXPECT_EQ(map()["values"], json::parse(R"([{"title":"count","kind":"number","role":"weight"},
      {"title":"average","kind":"number"},{"title":"stddev","kind":"number"}])"));
  EXPECT_EQ(rows(), json::parse(R"([[1,3,-2.5,0.33],
      [2,4,"1000000000000000000","9223372036854775808"]])"));
}

TEST_F(ReportTest, QuantilesAreColumnsInWhichNothingIsBelowZero) {
  const auto quantiles = [](std::uint64_t count, std::optional<std::uint64_t> median) {
    return Value{
        QuantilesValue{.count = count,
                       .quantiles = {{50 * sonde::types::kPercent, median}, {99'900, UINT64_MAX}}}};
  };
  sink_->map(keyed("@q", {{num(1), quantiles(2, 7)}, {num(2), quantiles(3, std::nullopt)}}), {});
  EXPECT_EQ(map()["values"], json::parse(R"([{"title":"count","kind":"number","role":"weight"},
      {"title":"p50","kind":"number","role":"percentile"},
      {"title":"p99.9","kind":"number","role":"percentile"}])"));
  EXPECT_EQ(rows(), json::parse(R"([[1,2,7,"18446744073709551615"],
                                   [2,3,null,"18446744073709551615"]])"));
}

TEST_F(ReportTest, SeriesKeepTheirTimesAndGaps) {
  const auto point = [](std::uint64_t start, std::optional<std::int64_t> value) {
    SeriesValue::Point made{.start_ns = start, .value = {}};
    if (value) made.value = Integer{.bits = static_cast<std::uint64_t>(*value)};
    return made;
  };
  constexpr std::uint64_t kStart = 1'763'700'000'123'456'789;
  const Value series{
      SeriesValue{.interval_ns = 10,
                  .points = {point(kStart, 5), point(kStart + 10, {}), point(kStart + 20, -3)}}};
  sink_->map(keyed("@s", {{num(1), series},
                          {num(2), Value{SeriesValue{.interval_ns = 10, .points = {}}}}}),
             {.divisor = 1});
  EXPECT_EQ(map()["values"], json::parse(R"([{"title":"value","kind":"series"}])"));
  EXPECT_EQ(rows(), json::parse(R"([[1,["1763700000123456789","10",[5,null,-3]]],
                                   [2,["0","10",[]]]])"));
}

TEST_F(ReportTest, FramesHaveLinesAndTellWhatIsInlined) {
  const auto calls = [](std::uint32_t line) {
    return Value{
        Stack{.frames = {
                  {.address = 16,
                   .symbol = "helper",
                   .module = "/bin/a",
                   .file = "a.c",
                   .line = line,
                   .is_inlined = true},
                  {.address = 16, .symbol = "helper", .module = "/bin/a", .file = "a.c", .line = 9},
                  {.address = 32, .symbol = "main", .module = "/bin/a"}}}};
  };
  sink_->map(keyed("@s", {{calls(3), num(1)}, {calls(4), num(2)}, {calls(3), num(3)}}), {});
  EXPECT_EQ(data()["frames"], json::parse(R"([["helper","/bin/a","a.c:3",true],
      ["helper","/bin/a","a.c:9"],["main","/bin/a"],["helper","/bin/a","a.c:4",true]])"));
  EXPECT_EQ(rows(), json::parse("[[[0,1,2],1],[[3,1,2],2],[[0,1,2],3]]"));
}

TEST_F(ReportTest, FramesOfStacksAreShared) {
  using sonde::types::StackMode;
  sink_->map(keyed("@s", {{tuple({text("a"), stack(StackMode::Bpftrace)}), num(1)},
                          {tuple({text("b"), stack(StackMode::Perf)}), num(2)}}),
             {});
  EXPECT_EQ(data()["frames"],
            json::parse(R"([["vfs_read",""],["main","/bin/cat"],["0xdeadbeef",""]])"));
  EXPECT_EQ(rows(), json::parse(R"([["a",[0,1,2],1],["b",[0,1,2],2]])"));
  EXPECT_EQ(map()["keys"][1]["kind"], "user");
}

TEST_F(ReportTest, StatesAreKeptInTime) {
  sink_->attached(1);
  now_ = 2000;
  sink_->map(keyed("@x", {{num(1), num(10)}, {num(2), num(20)}}), {.top = 1, .divisor = 5});
  sink_->map({.name = "@x"}, {});  // Cleared.
  sink_->exit_maps();
  now_ = 3000;
  sink_->map(keyed("@x", {{num(3), num(30)}}), {});
  const json states = map()["snapshots"];
  ASSERT_EQ(states.size(), 3U);
  EXPECT_EQ(states[0], json::parse(R"({"at":1000,"exit":false,"entries":2,"divisor":5,
                                       "rows":[[2,4]]})"));
  EXPECT_TRUE(states[1]["rows"].empty());
  EXPECT_EQ(states[2]["exit"], true);
  EXPECT_EQ(states[2]["at"], 2000);
  EXPECT_THAT(lines(), ElementsAre("@x", "@x"));  // Where the text was interrupted by them.
}

TEST_F(ReportTest, ALongSeriesIsThinnedEvenly) {
  sink_->attached(1);
  std::vector<std::pair<Value, Value>> entries;
  for (int i = 0; i < 1000; ++i) entries.emplace_back(num(i), text(std::string(1000, 'v')));
  for (int i = 0; i < 100; ++i) {
    now_ = 1000 + i;
    sink_->map(keyed("@x", entries), {});
  }
  const json kept = map();
  EXPECT_EQ(kept["printed"], 100);
  const json& states = kept["snapshots"];
  EXPECT_LT(states.size(), 10U);
  ASSERT_GT(states.size(), 3U);
  EXPECT_EQ(states.back()["at"], 99);
  const double step = states[1]["at"];
  for (std::size_t i = 0; i + 1 < states.size(); ++i) EXPECT_EQ(states[i]["at"], step * i);
}

TEST_F(ReportTest, LossesAddUp) {
  sink_->attached(1);
  sink_->lost({.events = 2, .map_updates = {{.map = "@x", .full = 1}}});
  sink_->lost({.events = 3,
               .stacks = 1,
               .calls = 7,
               .map_updates = {{.map = "@y", .full = 2}, {.map = "@x", .full = 4}}});
  EXPECT_EQ(data()["lost"],
            json::parse(R"({"events":5,"stacks":1,"calls":7,"maps":[["@x",5],["@y",2]]})"));
  EXPECT_THAT(lines(), testing::Contains("Lost 3 events"));
}

TEST_F(ReportTest, TestsAndCapturedOutput) {
  sink_->capture();
  printf("forgotten\n");
  sink_->map(scalar("@x", num(1)), {});
  sink_->release(false);
  sink_->capture();
  printf("shown\n");
  sink_->release(true);
  sink_->tests(std::vector<TestResult>{{"a", ""}, {"b", "it was 3"}});
  sink_->benchmarks(std::vector<Benchmark>{{"c", 40}});
  EXPECT_TRUE(report_.has_started());
  EXPECT_THAT(lines(), ElementsAre("shown"));
  EXPECT_TRUE(data()["maps"].empty());
  EXPECT_EQ(data()["tests"], json::parse(R"([["test","a","passed",""],
      ["test","b","failed","it was 3"],["benchmark","c",40]])"));
}

std::string between(const std::string& page, const std::string& begin, const std::string& end) {
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find(end, from) - from);
}

constexpr const char* kDataBegin = "<script type=\"application/json\" id=\"data\">";

TEST_F(ReportTest, ThePageHoldsTheData) {
  sink_->map(scalar("@x", num(42)), {});
  const std::string page = report_.page();
  EXPECT_EQ(json::parse(between(page, kDataBegin, "</script>")), data());
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST_F(ReportTest, HostileTextsStayInTheData) {
  const std::string hostile =
      "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>{{nonce}}{{data}}";
  const std::string bytes("\x80\xff\xed\xa0\x80\x00\x1b]0;x\x07\xc3\xa9\xe2\x80\xa8", 18);
  printf("%s\n", {text(hostile)});
  printf("%s\n", {text(bytes)});
  sink_->map(keyed("@x", {{text(hostile), text(hostile)}}), {});
  const std::string page = report_.page();
  const std::string embedded = between(page, kDataBegin, "</script>\n<script nonce=");
  EXPECT_THAT(embedded, Not(HasSubstr("<")));
  const json read = json::parse(embedded);
  EXPECT_EQ(read["log"]["lines"][0][2], hostile);
  EXPECT_EQ(read["log"]["lines"][1][2],
            std::string("\\x80\\xff\\xed\\xa0\\x80\0\x1b]0;x\x07\xc3\xa9\xe2\x80\xa8", 33));
  EXPECT_EQ(read["maps"][0]["snapshots"][0]["rows"][0][0], hostile);
}

TEST_F(ReportTest, OnlyThePagesOwnScriptMayRun) {
  const std::string page = report_.page();
  const std::string nonce = between(page, "script-src 'nonce-", "'");
  EXPECT_EQ(nonce.size(), 32U);
  EXPECT_THAT(page, HasSubstr("<script nonce=\"" + nonce + "\">"));
  EXPECT_THAT(page, HasSubstr("<style nonce=\"" + nonce + "\">"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_NE(between(report_.page(), "script-src 'nonce-", "'"), nonce);
}

TEST_F(ReportTest, OfTooManyRowsTheLargestAreKept) {
  std::vector<std::pair<Value, Value>> entries;
  for (int i = 0; i < 200'010; ++i) entries.emplace_back(num(i), num(i));
  sink_->map(keyed("@x", std::move(entries)), {});
  EXPECT_EQ(map()["snapshots"][0]["entries"], 200'010);
  EXPECT_EQ(rows().size(), 200'000U);
  EXPECT_EQ(rows().front()[0], 10);
}

}  // namespace
