// The definitions of an object's maps.
#include <algorithm>
#include <bit>

#include "base/check.h"
#include "codegen/module_state.h"
#include "codegen/stack_map.h"
#include "plan/both_ends.h"

namespace sonde::codegen {
namespace {

// A control record is small and rare; a ring buffer has at least one page.
constexpr std::uint32_t kControlRingBytes = 4096;

// What waits for its turn in a flood of events: a few hundred small actions, and some of the largest.
constexpr std::uint32_t kLeastKeptBytes = 32768;
constexpr std::uint32_t kKeptRecords = 4;

MapType map_type(plan::Map::Kind kind) {
  switch (kind) {
    case plan::Map::Kind::Array: return MapType::Array;
    case plan::Map::Kind::PerCpuArray: return MapType::PercpuArray;
    case plan::Map::Kind::Hash: return MapType::Hash;
    case plan::Map::Kind::PerCpuHash: return MapType::PercpuHash;
    case plan::Map::Kind::LruHash: return MapType::LruHash;
    case plan::Map::Kind::LruPerCpuHash: return MapType::LruPercpuHash;
  }
  SONDE_UNREACHABLE();
}

}  // namespace

void Module::define_script_map(std::size_t index) {
  const plan::Map& map = manifest().maps[index];
  MapDefinition definition{.type = map_type(map.kind), .max_entries = map.max_entries};
  if (map.is_scalar()) {
    definition.max_entries = map.has_generations ? 2 : 1;
    definition.key = debug().integer(32, false);
    const DebugInfo::Member members[] = {
        {"is_set", debug().integer(64, false), 0, plan::kScalarHeader},
        {"value", debug().of(map.value), plan::kScalarHeader, map.value->size()},
    };
    const std::uint32_t size = plan::kScalarHeader + map.value->size();
    definition.value = debug().structure("", members, (size + 7) / 8 * 8);
  } else {
    definition.key = debug().of(map.key);
    definition.value = debug().of(map.value);
    if (map.allocates_late) definition.flags = kMapNoPrealloc;
  }
  define_map(debug(), *state_->script_maps[index], definition);
  if (llvm::GlobalVariable* second = state_->second_maps[index])
    define_map(debug(), *second, definition);
}

void Module::define_entry_maps() {
  llvm::DIType* u64 = debug().integer(64, false);
  for (const plan::BpfProgram& program : manifest().programs) {
    const auto map = state_->entry_maps.find(program.entry_map);
    const bool keeps = program.is_keeper || plan::runs_at_both_ends(program);
    if (!keeps || map == state_->entry_maps.end()) continue;
    const auto values = static_cast<std::uint32_t>(std::popcount(program.entry_arguments));
    const DebugInfo::Member members[] = {
        {"thread", u64, 0, 8}, {"stack", u64, 8, 8}, {"place", u64, 16, 8}};
    define_map(debug(), *map->second,
               {.type = MapType::LruHash,
                .max_entries = plan::kEntryValues,
                .key = debug().structure("sonde_call", members, 24),
                .value = debug().array(u64, values, 8)});
  }
}

void Module::define_internal_maps() {
  define_entry_maps();
  define_stack_maps(debug(), manifest(), {state_->stacks, state_->deep_stacks, state_->execs});
  llvm::DIType* u32 = debug().integer(32, false);
  llvm::DIType* u64 = debug().integer(64, false);
  if (state_->ring != nullptr) {
    define_map(debug(), *state_->ring,
               {.type = MapType::Ringbuf, .max_entries = manifest().settings.ring_bytes});
  }
  if (state_->control != nullptr) {
    define_map(debug(), *state_->control,
               {.type = MapType::Ringbuf, .max_entries = kControlRingBytes});
  }
  if (state_->kept != nullptr) {
    define_map(debug(), *state_->kept,
               {.type = MapType::Ringbuf,
                .max_entries =
                    std::bit_ceil(std::max(kLeastKeptBytes, kKeptRecords * state_->kept_bytes))});
  }
  if (state_->packets != nullptr) {
    // libbpf gives it an element for each CPU.
    define_map(debug(), *state_->packets,
               {.type = MapType::PerfEventArray, .max_entries = 0, .key_size = 4, .value_size = 4});
  }
  if (state_->lost != nullptr) {
    const auto maps = static_cast<std::uint32_t>(manifest().maps.size());
    const std::uint32_t slots = plan::lost_slot(maps, plan::UpdateFailure::Full);
    define_map(debug(), *state_->lost,
               {.type = MapType::PercpuArray, .max_entries = slots, .key = u32, .value = u64});
  }
  if (state_->scratch != nullptr) {
    define_map(debug(), *state_->scratch,
               {.type = MapType::PercpuArray,
                .max_entries = state_->scratch_elements,
                .key = u32,
                .value = debug().array(u64, state_->scratch_bytes / 8, 8)});
  }
  if (state_->pids != nullptr) {
    const plan::TaskFilter& filter = manifest().filter;
    define_map(debug(), *state_->pids,
               {.type = MapType::Hash,
                .max_entries = filter.follows ? plan::TaskFilter::kMostFollowed : filter.pids,
                .key = u32,
                .value = u32});
  }
  if (state_->cgroup != nullptr) {
    define_map(debug(), *state_->cgroup,
               {.type = MapType::CgroupArray, .max_entries = 1, .key_size = 4, .value_size = 4});
  }
}

}  // namespace sonde::codegen
