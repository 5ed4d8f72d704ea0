// What a runtime case asks for, read from the `// NAME: value` comments of its script.
#pragma once

#include <map>
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
  // NETWORK: shell command that sets up a network namespace, in which sonde and AFTER run
  std::string network;
  std::string after;                      // AFTER: shell command run once every probe is attached
  std::string signal;                     // SIGNAL: sent to sonde after AFTER: INT, TERM or USR1
  std::vector<std::string> requirements;  // REQUIRES: words, see requirements.h
  std::vector<Expectation> expectations;  // EXPECT, EXPECT_RE, REJECT, REJECT_RE, EXPECT_ERR
  int status = 0;                         // STATUS: expected exit status
  int timeout = 20;  // TIMEOUT: seconds; multiplied in the guest, which is emulated
  std::vector<std::string> problems;  // Unknown directives: the case is wrong.
};

// What stands for what in the directives: {workload} for the path of the workload program, {packets} for that of the sender of
// packets, {programs} for the folder of programs with debug information, {source} for the top folder of the sources, {dir} for that of the case.
using Placeholders = std::map<std::string, std::string>;

// Reads the directives of `script`.
[[nodiscard]] Directives parse_directives(const std::string& script,
                                          const Placeholders& placeholders);

}  // namespace sonde::test
