// Which files a probe may name when processes are traced.
#include "kernel/target_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

ProcessScope self() { return {{static_cast<std::uint32_t>(::getpid())}, {}}; }

std::vector<std::string> paths(const Result<std::vector<BinaryFile>>& found) {
  std::vector<std::string> out;
  for (const BinaryFile& file : *found) out.push_back(file.path);
  return out;
}

TEST(TargetFiles, WhatAProcessHasMapped) {
  EXPECT_THAT(paths(find_binaries("*", self())), Contains(own_program()));
  const std::string name = std::filesystem::path(own_program()).filename().string();
  EXPECT_EQ(paths(find_binaries("*" + name.substr(1), self())), std::vector{own_program()});
  EXPECT_EQ(paths(find_binaries("/*/" + name, self())), std::vector{own_program()});
  EXPECT_EQ(paths(find_binaries(name, self())), std::vector{own_program()});
  EXPECT_TRUE(find_binaries("no-such-*", self())->empty());
  EXPECT_FALSE(find_binaries("no-such-file", self()).has_value());
}

TEST(TargetFiles, PatternsOfPaths) {
  const TemporaryFolder folder;
  std::filesystem::copy_file("/bin/true", folder.path("one"));
  std::filesystem::copy_file("/bin/true", folder.path("two"));
  folder.add("text", "no program");
  EXPECT_EQ(paths(find_binaries(folder.path("*"), {})),
            (std::vector{folder.path("one"), folder.path("two")}));
  EXPECT_TRUE(find_binaries(folder.path("x*"), {})->empty());
}

TEST(TargetFiles, ProgramThatIsStillToStart) {
  const auto files = files_of_program("sh");
  ASSERT_FALSE(files.empty());
  EXPECT_THAT(files[0], HasSubstr("/sh"));
  EXPECT_THAT(files, Contains(HasSubstr("/libc.so.6")));
  EXPECT_THAT(paths(find_binaries("libc.so*", {{}, "sh"})), Contains(HasSubstr("/libc.so.6")));
  EXPECT_TRUE(files_of_program("no-such-program").empty());
}

// A child in a mount namespace of its own, in which the folder holds a program that nobody else sees.
class Namespaced {
 public:
  explicit Namespaced(const std::string& folder) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      const bool done = ::unshare(CLONE_NEWNS) == 0 &&
                        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                        ::mount("none", folder.c_str(), "tmpfs", 0, nullptr) == 0;
      std::error_code error;
      if (done) std::filesystem::copy_file("/bin/true", folder + "/hidden", error);
      const char answer = done && !error ? 'y' : 'n';
      [[maybe_unused]] const ssize_t written = ::write(ready[1], &answer, 1);
      ::pause();
      ::_exit(0);
    }
    char answer = 'n';
    works_ = ::read(ready[0], &answer, 1) == 1 && answer == 'y';
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Namespaced() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] bool works() const { return works_; }
  [[nodiscard]] std::uint32_t pid() const { return static_cast<std::uint32_t>(pid_); }

 private:
  pid_t pid_ = 0;
  bool works_ = false;
};

TEST(TargetFiles, OtherMountNamespace) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const TemporaryFolder folder;
  const Namespaced child(folder.path());
  ASSERT_TRUE(child.works());
  const std::string file = folder.path("hidden");
  EXPECT_FALSE(find_binaries(file, {}).has_value());
  const auto found = find_binaries(file, {{child.pid()}, {}});
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().name, file);
  EXPECT_EQ(found->front().path, "/proc/" + std::to_string(child.pid()) + "/root" + file);
  // What both see is named without the process.
  EXPECT_EQ(paths(find_binaries("/bin/true", {{child.pid()}, {}})),
            std::vector<std::string>{"/bin/true"});
}

// A child whose root is the folder.
class Jailed {
 public:
  explicit Jailed(const std::string& folder) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      const char answer = ::chroot(folder.c_str()) == 0 ? 'y' : 'n';
      [[maybe_unused]] const ssize_t written = ::write(ready[1], &answer, 1);
      ::pause();
      ::_exit(0);
    }
    char answer = 'n';
    EXPECT_EQ(::read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Jailed() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] std::uint32_t pid() const { return static_cast<std::uint32_t>(pid_); }

 private:
  pid_t pid_ = 0;
};

// Absolute links begin at the root of the process: /lib is usually one, and ours is another file.
TEST(TargetFiles, LinksOfAnotherRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path("real"));
  std::filesystem::copy_file("/bin/true", folder.path("real/prog"));
  std::filesystem::create_symlink("/real", folder.path("lib"));
  std::filesystem::create_directories(folder.path("bin"));
  // /bin/sh is there for us, too, and is another program.
  std::filesystem::create_symlink("/real/prog", folder.path("bin/sh"));
  std::filesystem::create_symlink("../../../../real/prog", folder.path("bin/up"));
  const Jailed child(folder.path());
  for (const char* name : {"/lib/prog", "/bin/sh", "/bin/up", "/real/prog"}) {
    const auto found = find_binaries(name, {{child.pid()}, {}});
    ASSERT_TRUE(found.has_value()) << name;
    ASSERT_EQ(found->size(), 1U) << name;
    EXPECT_EQ(found->front().name, name);
    EXPECT_TRUE(std::filesystem::equivalent(found->front().path, folder.path("real/prog")))
        << found->front().path;
  }
}

}  // namespace
}  // namespace sonde::kernel
