// The manifest as text.
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

#include "base/text.h"
#include "plan/plan.h"

namespace sonde::plan {
namespace {

using Output = std::back_insert_iterator<std::string>;

std::string_view name_of(Map::Kind kind) {
  switch (kind) {
    case Map::Kind::Array: return "array";
    case Map::Kind::PerCpuArray: return "percpu_array";
    case Map::Kind::Hash: return "hash";
    case Map::Kind::PerCpuHash: return "percpu_hash";
    case Map::Kind::LruHash: return "lru_hash";
    case Map::Kind::LruPerCpuHash: return "lru_percpu_hash";
  }
  return "?";
}

std::string_view name_of(ActionKind kind) {
  static constexpr std::string_view kNames[] = {
#define SONDE_ACTION(Id, delivery) #Id,
#include "plan/actions.def"
  };
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(types::StackMode mode) {
  return types::kStackModeNames[static_cast<std::size_t>(mode)];
}

// A type's name with what only the dump shows: parameters that the script does not write as part of the type.
std::string describe(const types::Type* type) {
  if (type == nullptr) return "-";
  using types::TypeKind;
  switch (type->kind()) {
    case TypeKind::KernelStack:
    case TypeKind::UserStack:
      return fmt::format("{}({}, {})", type->name(), name_of(type->stack_mode()),
                         type->stack_limit());
    case TypeKind::CgroupPath: return fmt::format("cgroup_path(filter {})", type->format_index());
    case TypeKind::Timestamp: return fmt::format("timestamp(format {})", type->format_index());
    case TypeKind::Hist: return fmt::format("hist_t({})", type->hist_bits());
    case TypeKind::LinearHist:
      return fmt::format("lhist_t({}, {}, {})", type->lhist_min(), type->lhist_max(),
                         type->lhist_step());
    case TypeKind::Quantiles:
      return fmt::format("quantiles_t({})", fmt::join(type->percentages(), ", "));
    case TypeKind::Top:
      return fmt::format("top_t({}, {})", describe(type->element()), type->top_shown());
    case TypeKind::TimeSeries:
      return fmt::format("{}({}, {}, {})", type->name(), type->series_interval(),
                         type->series_count(), static_cast<int>(type->series_kind()));
    case TypeKind::Pointer: {
      const bool user = type->address_space() == types::AddressSpace::User;
      const bool kernel = type->address_space() == types::AddressSpace::Kernel;
      return type->name() + (user ? " (user)" : kernel ? " (kernel)" : "");
    }
    default: return type->name();
  }
}

void dump_map(Output out, const Map& map) {
  fmt::format_to(out, "  {} {} {}", map.name, map.bpf_name, name_of(map.kind));
  if (!map.is_scalar()) fmt::format_to(out, " key={}", describe(map.key));
  fmt::format_to(out, " value={} entries={}{}\n", describe(map.value), map.max_entries,
                 map.has_generations ? " generations=2" : "");
}

void dump_program(Output out, const BpfProgram& program) {
  fmt::format_to(out, "  {} {} section={}{}", program.name, program.row().name, program.section,
                 program.is_return ? " return" : "");
  if (program.entry_arguments != 0) {
    fmt::format_to(out, " {}={}:", program.is_keeper ? "keeps" : "kept", program.entry_map);
    for (std::uint32_t i = 0; i < 32; ++i) {
      if ((program.entry_arguments >> i & 1) != 0) fmt::format_to(out, " arg{}", i);
    }
  }
  if (program.part_of >= 0) fmt::format_to(out, " part-of={}", program.part_of);
  fmt::format_to(out, "\n");
  for (const AttachPoint& point : program.attach_points) {
    fmt::format_to(out, "    {}", point.name);
    if (point.offset != 0) fmt::format_to(out, " offset={:#x}", point.offset);
    if (point.watch && point.watch->argument < 0)
      fmt::format_to(out, " address={:#x}", point.watch->address);
    if (!point.pin.empty()) fmt::format_to(out, " pin={}", point.pin);
    if (point.period != 0) fmt::format_to(out, " period={}", point.period);
    if (point.frequency != 0) fmt::format_to(out, " frequency={}", point.frequency);
    fmt::format_to(out, "\n");
  }
}

void dump_action(Output out, std::size_t index, const Action& action, const Manifest& manifest) {
  fmt::format_to(out, "  {} {} size={}", index, name_of(action.kind), action.size);
  if (action.map >= 0)
    fmt::format_to(out, " map={}", manifest.maps[static_cast<std::size_t>(action.map)].name);
  if (action.printed == Action::Printed::Removed) fmt::format_to(out, " removed");
  if (action.printed == Action::Printed::Zeroed) fmt::format_to(out, " zeroed");
  if (action.together >= 0) fmt::format_to(out, " together={}", action.together);
  if (action.by)
    fmt::format_to(out, " by={}", *action.by == Settings::MapsBy::Key ? "key" : "value");
  if (action.descending)
    fmt::format_to(out, " {}", *action.descending ? "descending" : "ascending");
  if (action.format >= 0) fmt::format_to(out, " format={}", action.format);
  if (!action.text.empty()) fmt::format_to(out, " text=\"{}\"", escape(action.text));
  fmt::format_to(out, "\n");
  for (std::size_t i = 0; i < action.fields.size();) {
    // Equal neighbours (the strings of join) take one line.
    const EventField& field = action.fields[i];
    std::size_t next = i + 1;
    while (next < action.fields.size() && action.fields[next].type == field.type &&
           field.type->is_string() && action.kind == ActionKind::Join) {
      ++next;
    }
    fmt::format_to(out, "    +{} {}", field.offset, describe(field.type));
    if (next - i > 1) fmt::format_to(out, " x {}", next - i);
    fmt::format_to(out, "\n");
    i = next;
  }
}

}  // namespace

std::string dump(const Manifest& manifest) {
  std::string text;
  const Output out = std::back_inserter(text);
  if (!manifest.maps.empty()) text += "maps:\n";
  for (const Map& map : manifest.maps) dump_map(out, map);
  if (manifest.uses_stacks) fmt::format_to(out, "stacks: depth={}\n", manifest.stack_depth);
  text += "programs:\n";
  for (const BpfProgram& program : manifest.programs) dump_program(out, program);
  if (!manifest.actions.empty()) text += "actions:\n";
  for (std::size_t i = 0; i < manifest.actions.size(); ++i)
    dump_action(out, i, manifest.actions[i], manifest);
  if (!manifest.formats.empty()) text += "formats:\n";
  for (std::size_t i = 0; i < manifest.formats.size(); ++i) {
    fmt::format_to(out, "  {} \"{}\"\n", i, escape(manifest.formats[i].text));
  }
  return text;
}

}  // namespace sonde::plan
