// A probe on code that is mapped from an archive, as loaders of some systems do.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "process.h"
#include "requirements.h"
#include "support/zip_writer.h"

namespace sonde::test {
namespace {

std::string workload_bytes() {
  std::ifstream file(SONDE_WORKLOAD, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

class Archive : public testing::TestWithParam<const char*> {};

TEST_P(Archive, FunctionOfAMember) {
  if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  char path[] = "/tmp/sonde-archive-XXXXXX";
  const int fd = ::mkstemp(path);
  ASSERT_GE(fd, 0);
  ::close(fd);
  const std::string bytes = workload_bytes();
  const std::string archive = zip_archive("lib/workload", bytes, 4096);
  std::ofstream(path, std::ios::binary) << archive;
  const std::string member = std::string(path) + "!/lib/workload";
  Invocation invocation;
  invocation.environment = {"WORKLOAD_ARCHIVE=" + std::string(path),
                            "WORKLOAD_START=" + std::to_string(archive.find(bytes))};
  invocation.words = {SONDE_PROGRAM,
                      "--no-feature",
                      GetParam(),
                      "-c",
                      std::string(SONDE_WORKLOAD) + " mapped 3",
                      "-e",
                      "uprobe:" + member + ":workload_add { @calls = count(); @sum = sum(arg1); }"};
  const Outcome outcome = run(invocation);
  ::unlink(path);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("@calls: 3\n"), std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("@sum: 3000\n"), std::string::npos) << outcome.out;
}

// By a link of many places where the kernel has it, and by a perf event.
INSTANTIATE_TEST_SUITE_P(Runtime, Archive, testing::Values("kprobe_multi", "uprobe_multi"));

}  // namespace
}  // namespace sonde::test
