// skboutput(): packets of known bytes, sent in a network namespace, are found in the file by a reader of its own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "network.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

// What tests/runtime/packets.c sends, from the IP header on.
const std::string kAddresses = "0a0908070a090806";
const std::string kUdp =
    "4528004e123400003d110000" + kAddresses + "045708ae003a0000" + std::string(100, '0');
const std::string kTcp = "45280036123400003d060000" + kAddresses +
                         "0d0500500102030405060708601210000000000000000000" + std::string(20, '0');
const std::string kIcmp = "4528001c123400003d010000" + kAddresses + "08030000004d0009";

class Capture : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* requirement : {"root", "netns", "btf", "python3"}) {
      const auto reason = lacking(requirement);
      if (!reason) continue;
      ASSERT_FALSE(must_have(requirement)) << *reason;
      GTEST_SKIP() << *reason;
    }
    ASSERT_EQ(network_.emplace().problem(), "");
    ASSERT_EQ(std::system(
                  (SONDE_SOURCE "/tests/runtime/packet/veth " + receiver_ + " " + sender_).c_str()),
              0);
    char name[] = "/tmp/sonde-capture-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }

  Outcome trace(const std::string& script, const std::string& kinds) {
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q", "-e", script};
    invocation.after = std::string(SONDE_PACKETS) + " " + sender_ + " " + kinds;
    invocation.signal = "INT";
    return run(invocation);
  }

  // The lines of tests/support/read-pcap: the file's, then each packet's without its time.
  static std::vector<std::string> packets(const std::string& path) {
    std::vector<std::string> lines;
    FILE* pipe = ::popen((SONDE_SOURCE "/tests/support/read-pcap " + path).c_str(), "r");
    std::string text;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
    EXPECT_EQ(::pclose(pipe), 0) << path;
    std::istringstream all(text);
    for (std::string line; std::getline(all, line);) {
      if (lines.empty()) {
        lines.push_back(line);
        continue;
      }
      const std::time_t now = std::time(nullptr);
      const long sent = std::atol(line.c_str());
      EXPECT_TRUE(sent <= now && now - sent < 600) << line;
      lines.push_back(line.substr(line.find(' ') + 1));
    }
    return lines;
  }

  // Names of their own: tracepoints of the network fire for the interfaces of all namespaces, those of other tests too.
  const std::string receiver_ = "vr" + std::to_string(::getpid());
  const std::string sender_ = "vs" + std::to_string(::getpid());
  std::optional<NetworkNamespace> network_;
  std::string folder_;
};

std::string packet(const std::string& hex) {
  const std::string bytes = std::to_string(hex.size() / 2);
  return bytes + "/" + bytes + " " + hex;
}

TEST_F(Capture, PacketsAsTheyWereSent) {
  const std::string received = file("received.pcap");
  const std::string sent = file("sent.pcap");
  // Where it is received the Ethernet header has been taken off, where it is sent it has not.
  const Outcome outcome =
      trace("rawtracepoint:netif_receive_skb /args.skb.dev.name == \"" + receiver_ +
                "\"/ {"
                " @received[skboutput(\"" +
                received +
                "\", args.skb, args.skb.len, 0)] = count(); }"
                " rawtracepoint:net_dev_queue /args.skb.dev.name == \"" +
                sender_ +
                "\"/ {"
                " @sent[skboutput(\"" +
                sent + "\", args.skb, args.skb.len, 14)] = count(); }",
            "udp 1 tcp 1 icmp 1 udp 20");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("@received[0]: 23\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("@sent[0]: 23\n"), std::string::npos) << outcome.out;
  std::vector<std::string> expected = {"version 2.4 link 101", packet(kUdp), packet(kTcp),
                                       packet(kIcmp)};
  expected.insert(expected.end(), 20, packet(kUdp));
  EXPECT_EQ(packets(received), expected);
  EXPECT_EQ(packets(sent), expected);
}

TEST_F(Capture, AsManyBytesAsAreAskedFor) {
  const std::string path = file("cut.pcap");
  const std::string call = "skboutput(\"" + path + "\", args.skb, ";
  const Outcome outcome =
      trace("rawtracepoint:netif_receive_skb /args.skb.dev.name == \"" + receiver_ +
                "\"/ {"
                " if (skboutput(\"" +
                path +
                "\", args.skb, 20, 0) != 0) { exit(1) }"
                " if (" +
                call +
                "8, 20) != 0) { exit(2) }"
                " if (" +
                call +
                "1000, 70) != 0) { exit(3) }"
                " if (" +
                call + "5, 4000) != 0) { exit(4) } }",
            "udp 1");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(packets(path), (std::vector<std::string>{
                               "version 2.4 link 101", packet(kUdp.substr(0, 40)),
                               packet(kUdp.substr(40, 16)), packet(kUdp.substr(140)), "0/0 "}));
}

TEST_F(Capture, TheFileMustBeWritable) {
  const Outcome outcome = trace("rawtracepoint:netif_receive_skb { skboutput(\"" + folder_ +
                                    "/none/x.pcap\", args.skb, 1, 0); }",
                                "udp 1");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("/none/x.pcap for skboutput(): No such file or directory"),
            std::string::npos)
      << outcome.err;
}

}  // namespace
}  // namespace sonde::test
