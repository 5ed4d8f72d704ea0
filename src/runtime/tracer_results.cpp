// What is printed without being asked for: maps at the end, and what was lost.
#include <algorithm>
#include <numeric>
#include <utility>

#include "runtime/action/action.h"
#include "runtime/clock.h"
#include "runtime/interval.h"
#include "runtime/maps.h"
#include "runtime/tracer.h"

namespace sonde::runtime {
namespace {

constexpr std::uint64_t kLossCheckInterval = 1'000'000'000;  // ns

}  // namespace

void Tracer::print_maps(bool at_exit) {
  std::vector<std::size_t> maps(manifest_.maps.size());
  std::iota(maps.begin(), maps.end(), std::size_t{0});
  std::ranges::sort(maps, {}, [&](std::size_t map) { return manifest_.maps[map].name; });
  for (const std::size_t map : maps) {
    const auto snapshot = read_map(session_, map);
    if (!snapshot) {
      warn(session_, snapshot.error());
    } else if (!snapshot->entries.empty()) {
      if (std::exchange(at_exit, false)) input_.sink.exit_maps();
      input_.sink.map(*snapshot, print_options(manifest_.settings));
    }
  }
}

void Tracer::report_losses(bool at_end) {
  const std::uint64_t now = boot_nanoseconds();
  if (!at_end && now < next_loss_check_) return;
  next_loss_check_ = now + kLossCheckInterval;
  const int fd = object_.map(plan::kLostMap);
  const auto maps = static_cast<std::uint32_t>(manifest_.maps.size());
  reported_losses_.resize(plan::lost_slot(maps, plan::UpdateFailure::Full));
  // What was lost since the last report.
  const auto growth = [&](std::uint32_t slot) {
    if (fd < 0) return std::uint64_t{0};
    const std::uint64_t total = per_cpu_counter(fd, slot, session_.possible_cpus);
    const std::uint64_t before = std::exchange(reported_losses_[slot], total);
    return total - before;
  };
  output::LostReport report;
  report.events = growth(static_cast<std::uint32_t>(plan::Lost::Events)) +
                  growth(static_cast<std::uint32_t>(plan::Lost::Control));
  const std::uint64_t missed = object_.missed_runs();
  report.events += missed - std::exchange(reported_misses_, missed);
  const std::uint64_t calls = std::max(attachments_.missed_calls(), reported_calls_);
  report.calls = calls - std::exchange(reported_calls_, calls);
  report.stacks = growth(static_cast<std::uint32_t>(plan::Lost::Stacks));
  for (std::uint32_t i = 0; i < maps; ++i) {
    using plan::UpdateFailure;
    const auto lost = [&](UpdateFailure why) { return growth(plan::lost_slot(i, why)); };
    const output::LostUpdates updates{manifest_.maps[i].name, lost(UpdateFailure::Full),
                                      lost(UpdateFailure::NoMemory), lost(UpdateFailure::Busy)};
    if (updates.all() != 0) report.map_updates.push_back(updates);
  }
  if (report.events != 0 || report.stacks != 0 || report.calls != 0 || !report.map_updates.empty())
    input_.sink.lost(report);
}

}  // namespace sonde::runtime
