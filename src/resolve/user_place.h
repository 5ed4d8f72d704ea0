// Places in user programs: what the kinds that trace them share.
#pragma once

#include <cstdint>
#include <string>

#include "resolve/attach.h"

namespace sonde::resolve {

// Notes what debug information says of the arguments or the result, if the probe's code uses them. `symbol` is the name in the
// symbol table, `pc` the virtual address of the instruction.
void describe_user_place(Expansion& e, plan::AttachPoint& place, const std::string& symbol,
                         std::uint64_t pc);

// BINARY@FILE:LINE[:COLUMN], also written BINARY:FILE:LINE[:COLUMN]. False if the attach point is not of that form.
[[nodiscard]] bool expand_source_line(Expansion& e, bool is_return);

// "the compiler has put its body into ...", or "" if that is not why there is no such function.
[[nodiscard]] std::string inlined_hint(Expansion& e, const std::string& path,
                                       const std::string& function);

}  // namespace sonde::resolve
