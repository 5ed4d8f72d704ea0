// Map definitions as libbpf reads them: a global in ".maps" whose BTF type spells the attributes
// (https://docs.kernel.org/bpf/libbpf/libbpf_overview.html, "BTF-defined maps").
#pragma once

#include <cstdint>
#include <string>

namespace llvm {
class DIType;
class GlobalVariable;
class Module;
}  // namespace llvm

namespace sonde::codegen {

class DebugInfo;

// Map types by the kernel's numbers (enum bpf_map_type).
enum class MapType : std::uint32_t {
  Hash = 1,
  Array = 2,
  PerfEventArray = 4,
  PercpuHash = 5,
  PercpuArray = 6,
  CgroupArray = 8,
  LruHash = 9,
  LruPercpuHash = 10,
  Ringbuf = 27,  // 5.8
};

// BPF_F_NO_PREALLOC: elements are allocated when they are first written.
inline constexpr std::uint32_t kMapNoPrealloc = 1;

struct MapDefinition {
  MapType type = MapType::Hash;
  std::uint32_t max_entries = 1;
  std::uint32_t flags = 0;
  // Types of key and value; null for a ring buffer, which has neither, and for a stack map, which gives sizes alone.
  llvm::DIType* key = nullptr;
  llvm::DIType* value = nullptr;
  std::uint32_t key_size = 0;
  std::uint32_t value_size = 0;
};

// The global that stands for a map; its attributes may follow later.
[[nodiscard]] llvm::GlobalVariable* declare_map(llvm::Module& module, const std::string& name);
void define_map(DebugInfo& debug, llvm::GlobalVariable& map, const MapDefinition& definition);

}  // namespace sonde::codegen
