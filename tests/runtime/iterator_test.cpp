// Iterators that are pinned to a file: the file holds what they print, when sonde is long gone.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

namespace fs = std::filesystem;

class Pin : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* requirement : {"root", "btf"}) {
      if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
    }
    char name[] = "/tmp/sonde-pin-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder = name;
    mounted = ::mount("none", name, "bpf", 0, nullptr) == 0;
    if (!mounted) GTEST_SKIP() << "this kernel does not mount a file system of type bpf";
  }
  void TearDown() override {
    if (mounted) ::umount(folder.c_str());
    if (!folder.empty()) fs::remove(folder);
  }

  Outcome trace(const std::string& script, std::vector<std::string> options = {}) {
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM};
    invocation.words.insert(invocation.words.end(), options.begin(), options.end());
    invocation.words.insert(invocation.words.end(), {"-e", script});
    return run(invocation);
  }

  static std::string read(const fs::path& path) {
    const std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  fs::path folder;
  bool mounted = false;
};

TEST_F(Pin, TextOfTheReader) {
  const fs::path file = folder / "list";
  const Outcome outcome =
      trace("iter:task:" + file.string() +
            " /ctx.task.pid == pid && comm == ctx.task.comm/ {"
            " printf(\"%d|%-9d|%5d|%x|%p|%c|%s|100%%\\n\", ctx.task.pid, ctx.task.tgid, -3,"
            " (int16)-1, 18, 65, \"text\"); printf(\"end\\n\"); }");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Attached 1 probe\nProgram pinned to " + file.string() + "\n");
  const std::string pid = std::to_string(::getpid());
  const std::string padded = pid + std::string(9 - pid.size(), ' ');
  const std::string expected = pid + "|" + padded + "|   -3|ffff|0x12|A|text|100%\nend\n";
  EXPECT_EQ(read(file), expected);
  EXPECT_EQ(read(file), expected);  // Each reader begins anew.
}

// With -p the iterators of tasks are those of that process.
TEST(Iterators, OfOneProcess) {
  for (const char* requirement : {"root", "btf"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  const std::string pid = std::to_string(::getpid());
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q", "-p",
                      pid,           "-e", "iter:task* { @[probe, ctx.task.tgid] = count(); }"};
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("@[iter:task, " + pid + "]: 1\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("@[iter:task_file, " + pid + "]: "), std::string::npos);
  EXPECT_NE(outcome.out.find("@[iter:task_vma, " + pid + "]: "), std::string::npos);
  EXPECT_EQ(std::ranges::count(outcome.out, '['), 3) << outcome.out;
}

// A process that sleeps, with a child that does.
class Sleepers {
 public:
  Sleepers() {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return;
    parent = ::fork();
    if (parent == 0) {
      const pid_t own = ::fork();
      if (own == 0) sleep_for_good();
      if (::write(ends[1], &own, sizeof own) != sizeof own) ::_exit(1);
      sleep_for_good();
    }
    if (::read(ends[0], &child, sizeof child) != sizeof child) child = -1;
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Sleepers() {
    for (const pid_t pid : {child, parent}) {
      if (pid > 0) ::kill(pid, SIGKILL);
    }
    if (parent > 0) ::waitpid(parent, nullptr, 0);
  }
  Sleepers(const Sleepers&) = delete;
  Sleepers& operator=(const Sleepers&) = delete;

  pid_t parent = -1;
  pid_t child = -1;

 private:
  [[noreturn]] static void sleep_for_good() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) ::pause();
  }
};

// The processes that iter:task goes through, as printed; empty after an error.
std::string tasks_of(std::vector<std::string> options) {
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q"};
  invocation.words.insert(invocation.words.end(), options.begin(), options.end());
  invocation.words.insert(invocation.words.end(),
                          {"-e", "iter:task { @[ctx.task.tgid] = count(); }"});
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.out;
}

TEST(Iterators, OfSeveralProcesses) {
  for (const char* requirement : {"root", "btf"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  const Sleepers first;
  const Sleepers second;
  const std::string a = std::to_string(first.parent);
  const std::string b = std::to_string(second.child);
  const std::string out = tasks_of({"-p", a + "," + b});
  EXPECT_NE(out.find("@[" + a + "]: 1\n"), std::string::npos) << out;
  EXPECT_NE(out.find("@[" + b + "]: 1\n"), std::string::npos) << out;
  EXPECT_EQ(std::ranges::count(out, '['), 2) << out;
}

TEST(Iterators, OfAProcessAndItsChildren) {
  for (const char* requirement : {"root", "btf"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  const Sleepers both;
  const std::string out = tasks_of({"--follow", "-p", std::to_string(both.parent)});
  EXPECT_NE(out.find("@[" + std::to_string(both.parent) + "]: 1\n"), std::string::npos) << out;
  EXPECT_NE(out.find("@[" + std::to_string(both.child) + "]: 1\n"), std::string::npos) << out;
  EXPECT_EQ(std::ranges::count(out, '['), 2) << out;
}

TEST_F(Pin, FileIsInUse) {
  const std::string script = "iter:task:" + (folder / "list").string() + " { }";
  EXPECT_EQ(trace(script).status, 0);
  const Outcome second = trace(script);
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.err.find("HINT: remove the file first: rm "), std::string::npos) << second.err;
  EXPECT_TRUE(fs::exists(folder / "list"));
}

TEST_F(Pin, DryRunLeavesNothing) {
  EXPECT_EQ(trace("iter:task:" + (folder / "list").string() + " { }", {"--dry-run"}).status, 0);
  EXPECT_FALSE(fs::exists(folder / "list"));
}

}  // namespace
}  // namespace sonde::test
