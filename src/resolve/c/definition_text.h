// A type as C would define it, shortened, for messages.
#pragma once

#include <string>

#include "types/type.h"

namespace sonde::resolve::c {

// "struct list_head { struct list_head *next; struct list_head *prev; }, 16 bytes"; after a few fields stands "...".
[[nodiscard]] std::string definition_text(const types::Type& type);

}  // namespace sonde::resolve::c
