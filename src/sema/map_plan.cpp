#include "sema/map_plan.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"

namespace sonde::sema {
namespace {

using Kind = plan::Map::Kind;

// Per-CPU hash maps with larger values than this allocate when they are written: keys times CPUs times a histogram is a lot.
constexpr std::uint32_t kPreallocValueBytes = 64;
// What such a map may take where all of it is allocated at the start, and any map where that can be helped.
constexpr std::uint64_t kMaxPreallocBytes = std::uint64_t{64} << 20;
// The same on a machine of many CPUs, which has more memory, for each of them: 4096 histograms take 2.1 MiB.
constexpr std::uint64_t kMaxPreallocBytesOfCpu = std::uint64_t{8} << 20;

struct DeclaredKind {
  std::string_view name;
  bool per_cpu;
  bool lru;
};

constexpr std::array<DeclaredKind, 4> kDeclaredKinds = {{
    {"hash", false, false},
    {"lruhash", false, true},
    {"percpuhash", true, false},
    {"percpulruhash", true, true},
}};

const DeclaredKind* find_kind(std::string_view name) {
  const auto* found = std::find_if(kDeclaredKinds.begin(), kDeclaredKinds.end(),
                                   [&](const DeclaredKind& kind) { return kind.name == name; });
  return found != kDeclaredKinds.end() ? found : nullptr;
}

Kind hash_kind(bool aggregation, bool lru) {
  if (aggregation) return lru ? Kind::LruPerCpuHash : Kind::PerCpuHash;
  return lru ? Kind::LruHash : Kind::Hash;
}

// Before 6.1 memory came from the kernel's general allocator, which a program must not enter: the verifier refuses such maps
// in programs of perf events, and in others they can deadlock. LRU maps are always preallocated.
// What gets many keys at once has them from the start, where that can be helped: see map_writes.h. For a map of 4096 histograms that
// takes 4 ms on two CPUs.
void plan_memory(Session& session, plan::Map& map, const MapFacts& facts, bool is_size_declared) {
  if (map.kind == Kind::Hash && map.key != nullptr && map.value != nullptr) {
    const std::uint64_t entry = std::uint64_t{map.key->size()} + map.value->size();
    if (entry * map.max_entries > kMaxPreallocBytes)
      map.allocates_late = session.has(plan::Feature::MapAllocInPrograms);
    return;
  }
  if (map.kind != Kind::PerCpuHash || map.value->size() <= kPreallocValueBytes) return;
  const std::uint64_t entry = std::uint64_t{map.value->size()} * session.options.cpus;
  const std::uint64_t most =
      std::max(kMaxPreallocBytes, kMaxPreallocBytesOfCpu * session.options.cpus);
  if (facts.grows_at_once && entry * map.max_entries <= most) return;
  map.allocates_late = session.has(plan::Feature::MapAllocInPrograms);
  if (map.allocates_late || is_size_declared) return;
  const std::uint64_t fitting = std::max<std::uint64_t>(kMaxPreallocBytes / entry, 1);
  map.max_entries = static_cast<std::uint32_t>(std::min<std::uint64_t>(map.max_entries, fitting));
}

// Declared and in no probe: a map that nobody sees, of any type.
void settle_unused(Session& session, MapFacts& facts) {
  if (facts.value != nullptr || facts.declaration == nullptr || facts.written) return;
  session.emit(kinds::UnusedMap, facts.declaration->location, facts.name);
  if (facts.key == nullptr) facts.key = session.types.int64();
  const DeclaredKind* kind = find_kind(facts.declaration->type_name);
  facts.value = kind != nullptr && kind->per_cpu ? session.types.simple(types::TypeKind::Count)
                                                 : session.types.int64();
}

// `let @m = hash(100)` and then `@m = 1`: one value, whatever was declared.
void check_declared_keys(Session& session, const MapFacts& facts) {
  if (facts.declaration == nullptr || facts.keyed != MapFacts::Keyed::No) return;
  if (facts.declaration->entries <= 1) return;
  session
      .emit(kinds::KeyedMapWithoutKeys, facts.keyed_at, facts.name,
            fmt::format("{}", facts.declaration->entries))
      .note(facts.declaration->location, "declared here")
      .hint(fmt::format("give it a key, {}[...], or leave out the declaration", facts.name));
}

plan::Map build_map(Session& session, const MapFacts& facts) {
  plan::Map map;
  map.name = facts.name;
  map.bpf_name = "map_" + facts.name.substr(1);
  map.key = facts.key;
  map.value = facts.value;
  map.declared = facts.first;
  map.has_generations = facts.has_intervals;
  map.adds_up = !facts.is_assigned && facts.value != nullptr && facts.value->is_integral();
  const bool aggregation = facts.value != nullptr && facts.value->is_aggregation();
  const DeclaredKind* declared =
      facts.declaration != nullptr ? find_kind(facts.declaration->type_name) : nullptr;
  if (facts.key == nullptr) {
    map.kind = aggregation ? Kind::PerCpuArray : Kind::Array;
  } else {
    map.kind = hash_kind(aggregation, declared != nullptr && declared->lru);
    map.max_entries = session.options.settings.max_map_keys;
    const bool is_size_declared = facts.declaration != nullptr && facts.declaration->entries > 0;
    if (is_size_declared) {
      map.max_entries = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(facts.declaration->entries, UINT32_MAX));
    }
    if (facts.value != nullptr) plan_memory(session, map, facts, is_size_declared);
  }
  if (declared != nullptr && declared->per_cpu && facts.value != nullptr && !aggregation) {
    session.emit(kinds::PerCpuValue, facts.value_at, facts.name, std::string(declared->name))
        .note(facts.declaration->location, "declared here")
        .hint(fmt::format("declare it as {}, or assign count(), sum() and the like",
                          declared->lru ? "lruhash" : "hash"));
  }
  return map;
}

}  // namespace

void declare_maps(Session& session) {
  for (const ast::MapDeclaration& declaration : session.program.maps) {
    MapFacts& map = session.maps.get(declaration.name, declaration.location);
    if (map.declaration != nullptr) {
      session.emit(kinds::DuplicateDeclaration, declaration.location, declaration.name)
          .note(map.declaration->location, "first declared here");
      continue;
    }
    map.declaration = &declaration;
    if (find_kind(declaration.type_name) != nullptr) {
      if (declaration.entries > 0 && declaration.entries <= UINT32_MAX) continue;
      session.emit(kinds::ArgumentRange, declaration.location, declaration.type_name, 1,
                   fmt::format("a map has room for 1 to {} keys", UINT32_MAX));
      continue;
    }
    std::vector<std::string> names;
    for (const DeclaredKind& kind : kDeclaredKinds) names.emplace_back(kind.name);
    const std::string near = diag::did_you_mean(nearest(declaration.type_name, names));
    session.emit(kinds::UnknownType, declaration.location, declaration.type_name)
        .hint(near.empty() ? "hash, lruhash, percpuhash and percpulruhash are possible" : near);
  }
}

void build_maps(Session& session) {
  for (MapFacts& facts : session.maps.all()) {
    settle_unused(session, facts);
    check_declared_keys(session, facts);
    plan::Map map = build_map(session, facts);
    const auto limit = [&](const Type* type, const Location& where, std::string_view what) {
      if (type == nullptr || type->size() <= plan::kMaxTemporary) return;
      session.emit(kinds::TypeTooLarge, where, fmt::format("a {} of '{}'", what, map.name),
                   type->size(), plan::kMaxTemporary);
    };
    limit(map.key, facts.key_at, "key");
    limit(map.value, facts.value_at, "value");
    session.plan.manifest.maps.push_back(std::move(map));
  }
}

}  // namespace sonde::sema
