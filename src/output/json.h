// Values as JSON, appended to what is there. Written by hand: the spacing ("key": value, one object a line) is what scripts
// around bpftrace match, 64-bit integers must stay exact and a traced string may hold any bytes. See docs/json.md.
#pragma once

#include <string>
#include <string_view>

#include "output/value.h"

namespace sonde::output {

// A JSON string with its quotes. A byte that is not part of valid UTF-8 becomes the four characters \xNN, so that the output
// stays valid and different byte strings stay different.
void append_json_string(std::string& out, std::string_view bytes);

// `with_frames`: stacks are arrays of frames instead of text.
void append_json(std::string& out, const Value& value, bool with_frames = false);

}  // namespace sonde::output
