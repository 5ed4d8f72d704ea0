// Watchpoints whose address only the machine knows.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

// Of a variable of the kernel, "" if the kernel does not tell.
std::string kernel_address(const std::string& name) {
  std::ifstream symbols("/proc/kallsyms");
  for (std::string line; std::getline(symbols, line);) {
    std::istringstream words(line);
    std::string address;
    std::string type;
    std::string symbol;
    words >> address >> type >> symbol;
    if (symbol == name) return "0x" + address;
  }
  return {};
}

// Without -p and -c the address is the kernel's. The timer writes this variable, less often than HZ where the clock ticks by need.
TEST(Watchpoint, OfTheKernel) {
  for (const char* requirement : {"root", "guest", "debug_registers"}) {
    if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
  }
  const std::string address = kernel_address("jiffies");
  if (address.empty()) GTEST_SKIP() << "this kernel does not tell where its variables are";
  Invocation invocation;
  invocation.words = {SONDE_PROGRAM, "-q", "-e",
                      "watchpoint:" + address + ":8:w { @ = count(); } interval:s:2 { exit(); }"};
  invocation.timeout_seconds = 120;
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::smatch count;
  ASSERT_TRUE(std::regex_search(outcome.out, count, std::regex("@: (\\d+)\n"))) << outcome.out;
  EXPECT_GE(std::stoi(count[1]), 10);
}

}  // namespace
}  // namespace sonde::test
