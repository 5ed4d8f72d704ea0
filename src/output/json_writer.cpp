#include "output/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "output/json.h"

namespace sonde::output {

// A value behind another one: only these three characters stand in front of a first one.
void JsonWriter::separate() {
  if (!out_.empty() && std::string_view("[{:").find(out_.back()) == std::string_view::npos)
    out_ += ',';
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
}

void JsonWriter::close(char bracket) { out_ += bracket; }

void JsonWriter::name(std::string_view name) {
  string(name);
  out_ += ':';
}

void JsonWriter::string(std::string_view bytes) {
  separate();
  append_json_string(out_, bytes);
}

void JsonWriter::number(std::uint64_t number) { json(fmt::format_int(number).c_str()); }

void JsonWriter::milliseconds(double number) { json(fmt::format("{:.3f}", number)); }

void JsonWriter::json(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace sonde::output
