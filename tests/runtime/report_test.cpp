// --report: the page of a run, beside its usual output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Report : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
    char name[] = "/tmp/sonde-report-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  ~Report() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }
  // The names in the folder: nothing but the page may stay there.
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      names.push_back(entry.path().filename());
    return names;
  }

  std::string folder_;
};

TEST_F(Report, StandsBesideTheOutput) {
  const Outcome outcome =
      run({.words = {SONDE_PROGRAM, "--report", path("a.html"), "-e",
                     "begin { @x[1, \"a\"] = 2; printf(\"hello\\n\"); exit(); }"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Attached 1 probe\nhello\n\n\n@x[1, a]: 2\n");
  EXPECT_EQ(outcome.err, "Report: " + path("a.html") + "\n");
  const std::string page = read(path("a.html"));
  EXPECT_THAT(page, HasSubstr(R"("rows":[[1,"a",2]])"));
  EXPECT_THAT(page, HasSubstr(R"("hello"])"));
  EXPECT_THAT(page, HasSubstr(R"("probes":1)"));
  EXPECT_THAT(files(), testing::ElementsAre("a.html"));
  struct stat info{};
  ASSERT_EQ(::stat(path("a.html").c_str(), &info), 0);
  const mode_t mask = ::umask(022);
  ::umask(mask);
  EXPECT_EQ(info.st_mode & 0777, 0666 & ~mask);
}

TEST_F(Report, NamesTheKeysAsTheScriptDoes) {
  const Outcome outcome =
      run({.words = {SONDE_PROGRAM, "-q", "--report", path("a.html"), "-c",
                     std::string(SONDE_WORKLOAD) + " calls 1", "-e",
                     "begin { @[pid, comm] = count(); @one[\"x\"] = 1; exit(); }"}});
  EXPECT_EQ(outcome.err, "");
  const std::string page = read(path("a.html"));
  EXPECT_THAT(page,
              HasSubstr(R"([{"title":"pid","kind":"number"},{"title":"comm","kind":"text"}])"));
  EXPECT_THAT(page, HasSubstr(R"([{"title":"key","kind":"text"}])"));
}

TEST_F(Report, IsWrittenAfterASignal) {
  const Outcome outcome =
      run({.words = {SONDE_PROGRAM, "-f", "json", "--report", path("a.html"), "-e",
                     "begin { @x = 18446744073709551615; } interval:ms:10 { print(@x); }"},
           .after = "sleep 0.3",
           .signal = "INT"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(R"({"type": "map", "data": {"@x": 18446744073709551615}})"));
  const std::string page = read(path("a.html"));
  EXPECT_THAT(page, HasSubstr(R"("exit":false,"entries":1,"rows":[["18446744073709551615"]])"));
  EXPECT_THAT(page, HasSubstr(R"("exit":true,"entries":1,"rows":[["18446744073709551615"]])"));
}

TEST_F(Report, IsWrittenWhenNobodyReadsTheOutput) {
  const std::string script = "interval:ms:5 { printf(\\\"line\\\\n\\\"); @n = count(); }";
  const Outcome outcome =
      run({.words = {"/bin/sh", "-c",
                     std::string(SONDE_PROGRAM) + " -q --report " + path("a.html") + " -e \"" +
                         script + "\" | head -n 1"}});
  EXPECT_EQ(outcome.out, "line\n") << outcome.err;
  EXPECT_THAT(read(path("a.html")), HasSubstr("\"@n\""));
}

TEST_F(Report, AnUnusablePathIsToldBeforeAnythingRuns) {
  for (const std::string& wrong : {path("none/a.html"), folder_, std::string("/proc/sonde.html")}) {
    const Outcome outcome = run({.words = {SONDE_PROGRAM, "--report", wrong, "-c",
                                           "touch " + path("ran"), "-e", "begin { exit(); }"}});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("ERROR: write the report to " + wrong + ": "));
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(files(), testing::IsEmpty());
  }
}

TEST_F(Report, ItsFileIsNotThatOfTheResults) {
  std::filesystem::create_symlink("b.html", path("link.html"));
  for (const std::string& other : {path("a.html"), path("./a.html"), path("link.html")}) {
    const std::string file = path(other == path("link.html") ? "b.html" : "a.html");
    const Outcome outcome = run({.words = {SONDE_PROGRAM, "--report", file, "-o", other, "-e",
                                           "begin { print(1); exit(); }"}});
    EXPECT_EQ(outcome.status, 1) << other;
    EXPECT_THAT(outcome.err, HasSubstr("-o writes to the same file")) << other;
    EXPECT_THAT(files(), testing::ElementsAre("link.html"));
  }
}

TEST_F(Report, ARunThatFailsLeavesTheOldPage) {
  std::ofstream(path("a.html")) << "old";
  const Outcome outcome =
      run({.words = {SONDE_PROGRAM, "--report", path("a.html"), "-e",
                     "config = { max_map_keys = 400000000 } begin { @x[1, comm] = 1; exit(); }"}});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(read(path("a.html")), "old");
  EXPECT_THAT(files(), testing::ElementsAre("a.html"));
}

TEST_F(Report, ALinkStaysALink) {
  std::filesystem::create_symlink("real.html", path("link.html"));
  const Outcome outcome = run({.words = {SONDE_PROGRAM, "-q", "--report", path("link.html"), "-e",
                                         "begin { @x = 1; exit(); }"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(std::filesystem::is_symlink(path("link.html")));
  EXPECT_THAT(read(path("real.html")), HasSubstr("\"@x\""));
}

TEST_F(Report, GoesToAPipeAsItIs) {
  const Outcome outcome =
      run({.words = {
               "/bin/sh", "-c",
               std::string(SONDE_PROGRAM) +
                   " -q -o /dev/null --report /dev/stdout -e 'begin { @x = 1; exit(); }' | cat"}});
  EXPECT_THAT(outcome.out, testing::StartsWith("<!DOCTYPE html>")) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("</html>"));
}

TEST_F(Report, ADryRunHasNone) {
  const Outcome outcome = run({.words = {SONDE_PROGRAM, "--dry-run", "--report", path("a.html"),
                                         "-e", "begin { @x = 1; }"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(files(), testing::IsEmpty());
}

}  // namespace
}  // namespace sonde::test
