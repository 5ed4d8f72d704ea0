// A process that sees other files than the tests do: -p takes programs, and their debug information, from its mount namespace.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

namespace fs = std::filesystem;

// Runs a copy of a program in a mount namespace of its own, where it lies in a folder that is empty outside. It waits for a
// byte of the pipe `start` before it does anything.
class MountNamespace : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    fs::create_directory(folder + "/inside");
    ASSERT_EQ(::mkfifo((folder + "/start").c_str(), 0600), 0);
    const std::string script = "mount -t tmpfs none " + folder + "/inside && cp " +
                               SONDE_TEST_PROGRAMS "/debugged " + folder +
                               "/inside/prog && touch " + folder + "/ready && exec " + folder +
                               "/inside/prog wait 3 <" + folder + "/start";
    child = ::fork();
    if (child == 0) {
      ::execlp("unshare", "unshare", "-m", "sh", "-c", script.c_str(), nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 500 && !fs::exists(folder + "/ready"); ++i) ::usleep(10000);
    // The shell opens the pipe when there is a writer.
    start = ::open((folder + "/start").c_str(), O_RDWR | O_CLOEXEC);
    const std::string link = "/proc/" + std::to_string(child) + "/exe";
    for (int i = 0; i < 500; ++i) {
      std::error_code ignored;
      if (fs::read_symlink(link, ignored).filename() == "prog") break;
      ::usleep(10000);
    }
  }
  void TearDown() override {
    if (child > 0) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
    if (start >= 0) ::close(start);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  std::string folder = testing::TempDir() + "sonde_XXXXXX";
  pid_t child = -1;
  int start = -1;
};

TEST_F(MountNamespace, ProgramsOfTheProcess) {
  ASSERT_FALSE(fs::exists(folder + "/inside/prog"));
  const std::string program = folder + "/inside/prog";
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-p", std::to_string(child), "-e",
                      "uprobe:" + program +
                          ":debugged_negative { @[probe, args.n] = count(); } uprobe:" + program +
                          "@debugged.c:75 { @line = count(); }"};
  invocation.after = "echo > " + folder + "/start";
  const Outcome outcome = run(invocation);
  EXPECT_FALSE(outcome.timed_out);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("@[uprobe:" + program + ":debugged_negative, 12]: 3\n"),
            std::string::npos)
      << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("@line: 3\n"), std::string::npos) << outcome.out;
}

TEST_F(MountNamespace, OtherProcessesDoNotSeeThem) {
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-e", "uprobe:" + folder + "/inside/prog:main { }"};
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("cannot find the program"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace sonde::test
