#include "sema/both_ends.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plan/manifest.h"

namespace sonde::sema {
namespace {

using plan::AttachPoint;
using plan::BpfProgram;

bool may_join(const BpfProgram& program) {
  return program.type == plan::ProgramType::KprobeMulti && program.part_of < 0 &&
         program.entry_part < 0;
}

// The entry's places in the order of the return's: the link tells both by one number which it is. False if they are not the same.
bool put_in_order(std::vector<AttachPoint>& entries, const std::vector<AttachPoint>& returns) {
  if (entries.size() != returns.size()) return false;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (std::size_t i = 0; i < entries.size(); ++i)
    places[{entries[i].target, entries[i].symbol}] = i;
  std::vector<std::size_t> order;
  for (const AttachPoint& place : returns) {
    const auto found = places.find({place.target, place.symbol});
    if (found == places.end()) return false;
    order.push_back(found->second);
  }
  std::vector<AttachPoint> ordered;
  ordered.reserve(order.size());
  for (const std::size_t index : order) ordered.push_back(std::move(entries[index]));
  entries = std::move(ordered);
  return true;
}

}  // namespace

void join_both_ends(Session& session) {
  if (!session.has(plan::Feature::KprobeSession) || session.has(plan::Feature::ReturnPool) ||
      session.has(plan::Feature::EntriesApart))
    return;
  std::vector<BpfProgram>& programs = session.plan.manifest.programs;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    BpfProgram& at_return = programs[i];
    if (!at_return.is_return || !may_join(at_return)) continue;
    for (std::size_t j = 0; j < programs.size(); ++j) {
      BpfProgram& at_entry = programs[j];
      if (at_entry.is_return || !may_join(at_entry)) continue;
      if (!put_in_order(at_entry.attach_points, at_return.attach_points)) continue;
      at_entry.part_of = static_cast<int>(i);
      at_return.entry_part = static_cast<int>(j);
      break;
    }
  }
}

}  // namespace sonde::sema
