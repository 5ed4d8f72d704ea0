// Runs sonde as a user would: a child process with its output in files, a deadline, and word when it is ready.
#pragma once

#include <string>
#include <vector>

namespace sonde::test {

struct Outcome {
  bool timed_out = false;
  bool never_ready = false;  // A command for AFTER was given, but READY did not come.
  int status = -1;           // Exit status; 128 + signal if killed.
  int after_status = 0;      // Of the AFTER command.
  std::string out;
  std::string err;
};

struct Invocation {
  std::vector<std::string> words;        // Program and arguments.
  std::vector<std::string> environment;  // NAME=VALUE each, on top of the test's own.
  std::string after;   // Shell command once READY has been written to --notify-fd; may be empty.
  std::string signal;  // "INT", "TERM", "USR1" or empty: sent after `after`.
  int timeout_seconds = 20;
};

// The program gets `--notify-fd N` behind its first word if `after` or `signal` is set.
[[nodiscard]] Outcome run(const Invocation& invocation);

// Words of a shell-like line: blanks separate, single and double quotes keep together.
[[nodiscard]] std::vector<std::string> split_words(const std::string& line);

}  // namespace sonde::test
