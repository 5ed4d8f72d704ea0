#include "sema/session.h"

#include <algorithm>

namespace sonde::sema {

MapFacts& MapTable::get(std::string_view name, const Location& where) {
  for (MapFacts& map : maps_) {
    if (map.name == name) return map;
  }
  MapFacts& added = maps_.emplace_back();
  added.name = name;
  added.index = static_cast<int>(maps_.size()) - 1;
  added.first = where;
  return added;
}

bool ProbeFacts::is_pinned() const {
  return std::ranges::any_of(resolved->attach_points,
                             [](const plan::AttachPoint& point) { return !point.pin.empty(); });
}

bool Session::has(plan::Feature feature) {
  const auto [answer, is_new] = features.try_emplace(feature, false);
  if (is_new && host.has_feature) {
    answer->second = host.has_feature(feature);
    plan.target.features[static_cast<std::size_t>(feature)] = answer->second;
  }
  return answer->second;
}

bool Session::require(plan::Feature feature, std::string_view what, const Location& where) {
  if (has(feature)) return true;
  const plan::FeatureRow& row = plan::feature_row(feature);
  emit(kinds::MissingKernelFeature, where, std::string(what), std::string(row.name))
      .hint(fmt::format("Linux {} and later have it", row.min_kernel));
  return false;
}

int Session::format_index(std::string_view text, const std::vector<types::FormatPiece>& pieces) {
  std::vector<plan::Format>& formats = plan.manifest.formats;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (formats[i].text == text && formats[i].pieces.empty() == pieces.empty())
      return static_cast<int>(i);
  }
  formats.push_back({std::string(text), pieces});
  return static_cast<int>(formats.size()) - 1;
}

const Type* Session::stack_type(types::TypeKind kind, types::StackMode mode, std::uint32_t frames) {
  plan::Manifest& manifest = plan.manifest;
  manifest.stack_depth = manifest.uses_stacks ? std::max(manifest.stack_depth, frames) : frames;
  manifest.uses_stacks = true;
  manifest.stacks_allocate_late = has(plan::Feature::MapAllocInPrograms);
  // Codegen wants to know how many frames are BPF's own.
  if (kind == types::TypeKind::KernelStack)
    static_cast<void>(has(plan::Feature::FaultableTracepoints));
  if (kind == types::TypeKind::UserStack && mode != types::StackMode::Raw) names_user_code();
  // Build ids are of files that programs map: of the kernel the addresses are left.
  if (kind == types::TypeKind::KernelStack && mode == types::StackMode::BuildId)
    mode = types::StackMode::Raw;
  return types.stack(kind, mode, frames);
}

void Session::names_user_code() {
  plan.manifest.names_user_code = true;
  plan.manifest.stacks_allocate_late = has(plan::Feature::MapAllocInPrograms);
}

}  // namespace sonde::sema
