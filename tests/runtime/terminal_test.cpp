// What a traced program says must not reach a terminal as an escape sequence: sonde with a pseudo-terminal as its output.
#include <gtest/gtest.h>

#include <string>

#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

// Output and errors of a run on a terminal, of which Python's pty module shows what it gets.
std::string on_terminal(const std::string& script, const std::vector<std::string>& environment,
                        const std::vector<std::string>& options = {}) {
  Invocation invocation;
  invocation.environment = environment;
  invocation.words = {"/usr/bin/python3",
                      "-c",
                      "import pty, sys; pty.spawn(sys.argv[1:])",
                      SONDE_PROGRAM,
                      "-q",
                      "-e",
                      script};
  invocation.words.insert(invocation.words.end(), options.begin(), options.end());
  const Outcome outcome = run(invocation);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.out;
}

// A text that the script does not print as it stands.
const std::string kScript =
    "begin { $name = \"\\033[2Jname\"; printf(\"\\033[1m%s|%-12s|\\n\", $name, $name);"
    " print($name); print(\"\\033[0mmeant\"); warnf(\"of %s\", $name); @[$name] = 1; exit(); }";

class Terminal : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* requirement : {"root", "python3"}) {
      if (const auto reason = lacking(requirement)) GTEST_SKIP() << *reason;
    }
  }
};

TEST_F(Terminal, ControlCharactersAreShown) {
  const std::string out = on_terminal(kScript, {"NO_COLOR=1"});
  EXPECT_NE(out.find("\x1b[1m\\x1b[2Jname|\\x1b[2Jname |\r\n"), std::string::npos) << out;
  EXPECT_NE(out.find("\n\\x1b[2Jname\r\n"), std::string::npos) << out;
  EXPECT_NE(out.find("\n\x1b[0mmeant\r\n"), std::string::npos) << out;
  EXPECT_NE(out.find("WARNING: of \\x1b[2Jname\r\n"), std::string::npos) << out;
  EXPECT_NE(out.find("@[\\x1b[2Jname]: 1\r\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("\x1b[2J"), std::string::npos) << out;
}

TEST_F(Terminal, UnlessTheScriptSaysOtherwise) {
  const std::string out = on_terminal(kScript, {"NO_COLOR=1", "SONDE_ESCAPE_CONTROLS=never"});
  EXPECT_NE(out.find("\n\x1b[2Jname\r\n"), std::string::npos) << out;
  EXPECT_NE(out.find("WARNING: of \x1b[2Jname\r\n"), std::string::npos) << out;
}

// JSON has rules of its own for such characters: they stand for what was said, wherever the lines go.
TEST_F(Terminal, JsonHoldsWhatWasSaid) {
  const std::string out = on_terminal(
      "config = { json_detail = full } begin { $name = \"\\033[2Jname\"; warnf(\"of %s\", $name);"
      " errorf(\"no %s\", $name); cat(\"/nowhere/%s\", $name); exit(); }",
      {"NO_COLOR=1"}, {"-f", "json"});
  EXPECT_NE(out.find("of \\u001b[2Jname\""), std::string::npos) << out;
  EXPECT_NE(out.find("no \\u001b[2Jname\""), std::string::npos) << out;
  EXPECT_NE(out.find("/nowhere/\\u001b[2Jname'"), std::string::npos) << out;
  EXPECT_NE(out.find("WARNING: of \\x1b[2Jname\r\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("\\\\x1b"), std::string::npos) << out;  // Escaped twice.
}

}  // namespace
}  // namespace sonde::test
