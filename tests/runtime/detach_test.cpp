// What a run leaves in the kernel: nothing with --sync-detach, and soon nothing without.
#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

// Ids of the loaded BPF programs with this name. A program is loaded for as long as it is attached.
std::set<std::uint32_t> loaded(const std::string& name) {
  std::set<std::uint32_t> found;
  std::uint32_t id = 0;
  while (::bpf_prog_get_next_id(id, &id) == 0) {
    const int fd = ::bpf_prog_get_fd_by_id(id);
    if (fd < 0) continue;
    bpf_prog_info info{};
    std::uint32_t size = sizeof info;
    if (::bpf_obj_get_info_by_fd(fd, &info, &size) == 0 && name == info.name) found.insert(id);
    ::close(fd);
  }
  return found;
}

// Both ends of a system call by perf events, whose release takes the kernel longest. Nothing else is named after them.
constexpr const char* kScript =
    "tracepoint:syscalls:sys_enter_vhangup { @ = count(); } "
    "tracepoint:syscalls:sys_exit_vhangup { @ = count(); } begin { exit(); }";
const std::string kName = std::string("p0_sys_enter_vhangup").substr(0, 15);

Outcome trace(std::vector<std::string> options) {
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q", "--no-feature", "syscall_dispatch"};
  invocation.words.insert(invocation.words.end(), options.begin(), options.end());
  invocation.words.insert(invocation.words.end(), {"-e", kScript});
  return run(invocation);
}

class Detach : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
    before = loaded(kName);
  }
  // Programs that this test has loaded.
  std::set<std::uint32_t> left() {
    std::set<std::uint32_t> now = loaded(kName);
    for (const std::uint32_t id : before) now.erase(id);
    return now;
  }
  std::set<std::uint32_t> before;
};

TEST_F(Detach, SyncWaitsForTheKernel) {
  const Outcome outcome = trace({"--sync-detach"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  // The kernel frees a program a grace period after its last use.
  for (int i = 0; i < 50 && !left().empty(); ++i) ::usleep(10'000);
  EXPECT_TRUE(left().empty());
}

TEST_F(Detach, OtherwiseGoneSoon) {
  const Outcome outcome = trace({});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (int i = 0; i < 200 && !left().empty(); ++i) ::usleep(100'000);
  EXPECT_TRUE(left().empty());
}

}  // namespace
}  // namespace sonde::test
