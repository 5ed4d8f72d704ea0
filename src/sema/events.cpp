#include "sema/events.h"

#include <algorithm>

namespace sonde::sema {
namespace {

std::uint32_t align_up(std::uint32_t offset, std::uint32_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

}  // namespace

void lay_out(plan::Action& action) {
  constexpr std::uint32_t kRecordAlignment = 8;
  std::uint32_t offset = sizeof(plan::RecordHeader);
  for (plan::EventField& field : action.fields) {
    field.offset = align_up(offset, std::max(1U, field.type->alignment()));
    offset = field.offset + field.type->size();
  }
  action.size = align_up(offset, kRecordAlignment);
}

}  // namespace sonde::sema
