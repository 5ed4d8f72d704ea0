// What a runtime case asks for, read from the `// NAME: value` comments of its script.
#pragma once

#include <string>
#include <vector>

namespace sonde::test {

struct Expectation {
  enum class Kind { Line, Regex, NotLine, NotRegex, ErrorText };
  Kind kind;
  std::string text;
};

struct Directives {
  std::string run;          // RUN: arguments for sonde in front of the script; default none
  std::string environment;  // ENV: words NAME=VALUE for sonde's environment
  std::string parameters;   // PARAMS: words behind the script
  std::string after;        // AFTER: shell command run once every probe is attached
  std::string signal;       // SIGNAL: sent to sonde after AFTER: INT, TERM or USR1
  std::vector<std::string> requirements;  // REQUIRES: words, see requirements.h
  std::vector<Expectation> expectations;  // EXPECT, EXPECT_RE, REJECT, REJECT_RE, EXPECT_ERR
  int status = 0;                         // STATUS: expected exit status
  int timeout = 20;  // TIMEOUT: seconds; multiplied in the guest, which is emulated
  std::vector<std::string> problems;  // Unknown directives: the case is wrong.
};

// Reads the directives of `script`. {workload} stands for the path of the workload program, {dir} for the case's folder.
[[nodiscard]] Directives parse_directives(const std::string& script, const std::string& workload,
                                          const std::string& dir);

}  // namespace sonde::test
