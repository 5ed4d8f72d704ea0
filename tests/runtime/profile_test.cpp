// Profiles for pprof, read by a decoder that shares nothing with what wrote them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

namespace fs = std::filesystem;

class Profile : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  // What the profile holds that the script makes while `after` runs.
  std::string profile_of(const std::string& script, const std::string& after) {
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q",  "-f", "pprof", "-o", folder + "/profile.pb.gz",
                        "-e",          script};
    invocation.after = after;
    invocation.signal = "INT";
    const Outcome traced = run(invocation);
    EXPECT_EQ(traced.status, 0) << traced.err;
    EXPECT_EQ(traced.out, "");
    messages = traced.err;
    Invocation reader;
    reader.words = {"python3", SONDE_SOURCE "/tests/runtime/read_profile.py",
                    folder + "/profile.pb.gz"};
    const Outcome read = run(reader);
    EXPECT_EQ(read.status, 0) << read.err;
    return read.out;
  }

  std::string folder = testing::TempDir() + "sonde_XXXXXX";
  std::string messages;
};

const std::string kPrograms = SONDE_TEST_PROGRAMS;

TEST_F(Profile, SamplesOfProgramsThatHaveEnded) {
  const std::string out = profile_of(
      "rawtracepoint:sys_enter /comm == \"brief_fixed\" && arg1 == 110/ { @calls[ustack, comm] = "
      "count(); }",
      kPrograms + "/brief_fixed; " + kPrograms + "/brief_fixed");
  EXPECT_NE(out.find("type calls count\n"), std::string::npos) << out;
  EXPECT_NE(out.find("sample key=brief_fixed "), std::string::npos) << out;
  EXPECT_NE(out.find(";main;brief_outer;prog::parse::line;brief_inner 1\n"), std::string::npos)
      << out;
  EXPECT_NE(out.find("mapping " + kPrograms + "/brief_fixed "), std::string::npos) << out;
}

TEST_F(Profile, SeveralMapsAreTypesOfTheirOwn) {
  const std::string out = profile_of(
      "rawtracepoint:sys_enter /comm == \"brief_lines\" && arg1 == 110/ { @a[kstack, ustack(2)] = "
      "sum(7); "
      "@b[ustack(1)] = count(); @plain = count(); }",
      kPrograms + "/brief_lines");
  EXPECT_NE(out.find("type a count\ntype b count\n"), std::string::npos) << out;
  EXPECT_NE(out.find("sample prog::parse::line:"), std::string::npos) << out;
  EXPECT_NE(out.find(";brief_inlined:"), std::string::npos) << out;
  EXPECT_NE(out.find(" 7 0\n"), std::string::npos) << out;
  EXPECT_NE(out.find(" 0 1\n"), std::string::npos) << out;
  EXPECT_NE(out.find("mapping [kernel.kallsyms]"), std::string::npos) << out;
  EXPECT_NE(messages.find("@plain: 1\n"), std::string::npos) << messages;
}

TEST_F(Profile, NothingSeenIsAProfileToo) {
  const std::string out =
      profile_of("rawtracepoint:sys_enter /comm == \"nobody\"/ { @[ustack] = count(); }", "true");
  EXPECT_EQ(out, "type samples count\n");
}

}  // namespace
}  // namespace sonde::test
