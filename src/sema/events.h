// Layout of the records that programs send to user space.
#pragma once

#include <cstdint>

#include "plan/manifest.h"

namespace sonde::sema {

// The largest record. Not the ring's limit but ours: a record is reserved whole for each event. In a small ring it is half
// of the ring, so that one record can be written while another is read.
inline constexpr std::uint32_t kMaxRecord = 32768;

// Sets the offset of each field (in order, aligned to its type, behind the header) and the record's size.
void lay_out(plan::Action& action);

}  // namespace sonde::sema
