// JSON piece by piece, with the commas where they belong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sonde::output {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open(char bracket);
  void close(char bracket);
  void name(std::string_view name);     // Of a member: its value is written next.
  void string(std::string_view bytes);  // Any bytes, see append_json_string().
  void number(std::uint64_t number);
  void milliseconds(double number);
  void json(std::string_view json);  // What is JSON already.

 private:
  void separate();

  std::string& out_;
};

}  // namespace sonde::output
