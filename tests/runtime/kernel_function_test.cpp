// Functions of the kernel and of BPF programs whose places are known only while the tests run.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/fd.h"
#include "cases.h"
#include "kernel/kallsyms.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Outcome trace(const std::vector<std::string>& words, const std::string& after) {
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM};
  invocation.words.insert(invocation.words.end(), words.begin(), words.end());
  invocation.after = after;
  invocation.signal = "INT";
  invocation.timeout_seconds = 20 * timeout_factor();
  return run(invocation);
}

TEST(KernelFunction, AtAnAddress) {
  for (const char* wanted : {"root", "guest", "kprobe"}) {
    if (const auto reason = lacking(wanted)) GTEST_SKIP() << *reason;
  }
  const auto address = kernel::kernel_symbol_address("vfs_write");
  ASSERT_TRUE(address.has_value());
  const std::string place = fmt::format("kprobe:{:#x}", *address);
  const std::string script =
      place + " /comm == \"workload\" && arg2 == 5000/ { @[func, probe] = count(); }";
  const Outcome traced = trace({"--unsafe", "-e", script}, SONDE_WORKLOAD " write 5000");
  EXPECT_EQ(traced.status, 0) << traced.err;
  EXPECT_NE(traced.out.find("@[vfs_write, " + place + "]: 1"), std::string::npos) << traced.out;

  Invocation refused;
  refused.words = {SONDE_PROGRAM, "-e", script};
  refused.timeout_seconds = 20 * timeout_factor();
  const Outcome outcome = run(refused);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("sonde --unsafe"), std::string::npos) << outcome.err;
}

// Each return is seen or counted as one that the kernel did not follow, by one link for one function and by one for several.
TEST(KernelFunction, CallsThatAreNotFollowedAreCounted) {
  for (const char* wanted : {"root", "guest", "kprobe_session"}) {
    if (const auto reason = lacking(wanted)) GTEST_SKIP() << *reason;
  }
  const struct {
    const char* places;
    std::uint64_t returns;
  } cases[] = {{"kretprobe:do_nanosleep", 40},
               {"kretprobe:do_nanosleep, kretprobe:hrtimer_nanosleep", 80}};
  for (const auto& c : cases) {
    Invocation invocation;
    invocation.timeout_seconds = 20 * timeout_factor();
    invocation.words = {SONDE_PROGRAM,
                        "-f",
                        "json",
                        "-e",
                        std::string(c.places) + " /comm == \"sleep\"/ { @ = count(); }",
                        "-c",
                        "sh -c 'for i in $(seq 40); do sleep 1 & done; wait'"};
    const Outcome outcome = run(invocation);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    std::uint64_t seen = 0;
    std::uint64_t lost = 0;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      const auto object = nlohmann::json::parse(line);
      if (object["type"] == "map") seen += object["data"]["@"].get<std::uint64_t>();
      if (object["type"] == "lost_events") lost += object["data"].value("calls", std::uint64_t{0});
    }
    EXPECT_GT(seen, 0U);
    EXPECT_GT(lost, 0U);
    EXPECT_GE(seen + lost, c.returns) << outcome.out;
    // Others sleep too.
    EXPECT_LE(seen + lost, c.returns + 10) << outcome.out;
  }
}

// Another sonde's program, and the function of a C file that it calls.
TEST(KernelFunction, OfBpfPrograms) {
  for (const char* wanted : {"root", "guest", "fentry", "clang"}) {
    if (const auto reason = lacking(wanted)) GTEST_SKIP() << *reason;
  }
  const std::string target =
      "import \"" SONDE_SOURCE "/tests/headers/math.bpf.c\"; uprobe:" SONDE_WORKLOAD
      ":workload_add { @sum = sum(square(arg0)); }";
  const std::string script =
      "fentry:bpf:p0_workload_add { @context[((struct pt_regs *)args.ctx).di] = count(); } "
      "fexit:bpf:p0_workload_add { @result[retval] = count(); } "
      "fentry:bpf:square { @argument[args.x] = count(); } "
      "fexit:bpf:square { @square[args.x, retval] = count(); }";
  const std::string file = testing::TempDir() + "bpf_functions";
  const Outcome outcome = trace(
      {"-e", target}, "(" SONDE_PROGRAM " -q -e '" + script + "' -c '" SONDE_WORKLOAD " add 3'; " +
                          SONDE_PROGRAM " -lv 'fexit:bpf:*:square') >" + file + " 2>&1");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("@sum: 5"), std::string::npos) << outcome.out;
  const std::string out = contents(file);
  for (const char* line : {"@context[0]: 1", "@context[1]: 1", "@context[2]: 1", "@result[0]: 3",
                           "@argument[2]: 1", "@square[0, 0]: 1", "@square[1, 1]: 1",
                           "@square[2, 4]: 1", ":square\n", "int x", "int32 retval"}) {
    EXPECT_NE(out.find(line), std::string::npos) << line << " is missing in:\n" << out;
  }
}

// A program that is neither sonde's nor attached by it, loaded here. What it sees as struct xdp_md is a struct xdp_buff.
TEST(KernelFunction, ContextOfBpfPrograms) {
  for (const char* wanted : {"root", "guest", "fentry", "clang"}) {
    if (const auto reason = lacking(wanted)) GTEST_SKIP() << *reason;
  }
  const std::string object = testing::TempDir() + "first_look.o";
  const std::string source = testing::TempDir() + "first_look.c";
  std::ofstream(source) << R"x(
struct xdp_md { unsigned data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
__attribute__((section("xdp"), used)) int first_look(struct xdp_md *context) { return 2; }
char gpl[] __attribute__((section("license"), used)) = "GPL";
)x";
  ASSERT_EQ(std::system(("clang -target bpf -O2 -g -c " + source + " -o " + object).c_str()), 0);
  bpf_object* opened = ::bpf_object__open_file(object.c_str(), nullptr);
  ASSERT_NE(opened, nullptr);
  const std::unique_ptr<bpf_object, decltype(&::bpf_object__close)> held(opened,
                                                                         &::bpf_object__close);
  ASSERT_EQ(::bpf_object__load(opened), 0);
  const int program = ::bpf_program__fd(::bpf_object__next_program(opened, nullptr));
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_SKB_MODE);
  const OwnedFd link(
      ::bpf_link_create(program, static_cast<int>(::if_nametoindex("lo")), BPF_XDP, &options));
  ASSERT_TRUE(link.valid());
  Invocation traced;
  traced.words = {SONDE_PROGRAM,
                  "-q",
                  "-e",
                  "fentry:bpf:first_look { @[(uint64)args.context.data_end - "
                  "(uint64)args.context.data] = count(); }",
                  "-c",
                  "bash -c 'echo hello >/dev/udp/127.0.0.1/9'"};
  traced.timeout_seconds = 20 * timeout_factor();
  const Outcome outcome = run(traced);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  // Headers of Ethernet (14 bytes), IP and UDP, and "hello\n"; besides, the answer that nobody listens.
  EXPECT_NE(outcome.out.find("@[48]: 1"), std::string::npos) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace sonde::test
