// What packet probes leave behind on an interface, however sonde ends: nothing. And what they find there stays.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "network.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

class Packets : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* requirement : {"root", "netns"}) {
      const auto reason = lacking(requirement);
      if (!reason) continue;
      ASSERT_FALSE(must_have(requirement)) << *reason;
      GTEST_SKIP() << *reason;
    }
    ASSERT_EQ(network_.emplace().problem(), "");
    ASSERT_EQ(std::system(SONDE_SOURCE "/tests/runtime/packet/veth"), 0);
  }

  // The id of the interface's XDP program, 0 if there is none.
  static std::uint32_t xdp_program() {
    LIBBPF_OPTS(bpf_xdp_query_opts, query);
    EXPECT_EQ(::bpf_xdp_query(interface(), 0, &query), 0);
    return query.prog_id;
  }
  static int interface() { return static_cast<int>(::if_nametoindex("veth0")); }

  // What tc knows of the interface: qdiscs and filters.
  static std::string classifiers() {
    std::string text;
    for (const char* command :
         {"tc qdisc show dev veth0", "tc filter show dev veth0 ingress 2>&1"}) {
      FILE* pipe = ::popen(command, "r");
      std::array<char, 512> line{};
      while (std::fgets(line.data(), line.size(), pipe) != nullptr) text += line.data();
      ::pclose(pipe);
    }
    return text;
  }

  static bool has_clsact() { return classifiers().find("clsact") != std::string::npos; }

  // Runs a script until everything is attached, and then the shell command; sonde's id is its first parameter.
  static Outcome trace(const std::string& script, const std::string& after) {
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q", "-e", script};
    invocation.after = after;
    invocation.signal = "INT";
    return run(invocation);
  }

  // Until the interface is as it was; what sonde-detach does takes its time.
  template <class Condition>
  static bool comes_true(Condition condition) {
    for (int i = 0; i < 100; ++i) {
      if (condition()) return true;
      ::poll(nullptr, 0, 50);
    }
    return false;
  }

  std::optional<NetworkNamespace> network_;
};

constexpr const char* kXdp = "xdp:veth0 { @ = count(); }";
constexpr const char* kTc = "tc:veth0:ingress { @ = count(); } tc:veth0:egress { @ = count(); }";
// The process that runs the AFTER command is a child of the test; sonde is the other one.
constexpr const char* kKill = "kill -KILL $(cat /proc/$PPID/task/$PPID/children | cut -d' ' -f1)";

TEST_F(Packets, XdpIsGoneAfterTheRun) {
  const Outcome outcome = trace(kXdp, "ip link show veth0 | grep -q xdp");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.after_status, 0) << "not attached while tracing";
  EXPECT_EQ(xdp_program(), 0U);
}

TEST_F(Packets, XdpIsGoneAfterAKill) {
  const Outcome outcome = trace(kXdp, kKill);
  EXPECT_EQ(outcome.status, 128 + SIGKILL);
  EXPECT_TRUE(comes_true([] { return xdp_program() == 0; }));
}

TEST_F(Packets, AnotherXdpProgramIsNamedAndStays) {
  const bpf_insn pass[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS},
                           {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  const int program =
      ::bpf_prog_load(BPF_PROG_TYPE_XDP, "their_filter", "GPL", pass, std::size(pass), nullptr);
  ASSERT_GE(program, 0);
  ASSERT_EQ(::bpf_xdp_attach(interface(), program, 0, nullptr), 0);
  const std::uint32_t id = xdp_program();
  const Outcome outcome = trace(kXdp, "");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("cannot trace 'xdp:veth0'"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("program " + std::to_string(id) + " 'their_filter'"),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(xdp_program(), id);
  ::bpf_xdp_detach(interface(), 0, nullptr);
  ::close(program);
}

TEST_F(Packets, TcLeavesNothing) {
  const std::string before = classifiers();
  const Outcome outcome = trace(kTc, "true");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(classifiers(), before);
}

TEST_F(Packets, TcLeavesNothingAfterAKill) {
  const std::string before = classifiers();
  EXPECT_EQ(trace(kTc, kKill).status, 128 + SIGKILL);
  EXPECT_TRUE(comes_true([&] { return classifiers() == before; })) << classifiers();
}

// By a filter, as before Linux 6.6, which finds the qdisc in place.
TEST_F(Packets, TcLeavesAQdiscOfOthers) {
  ASSERT_EQ(std::system("tc qdisc add dev veth0 clsact"), 0);
  const std::string before = classifiers();
  const Outcome outcome = trace(kTc, "true");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(has_clsact());
  EXPECT_EQ(classifiers(), before);
}

}  // namespace
}  // namespace sonde::test
