// The globals of a BPF object that its programs and the runtime share: its .data section, mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

struct bpf_object;

namespace sonde::runtime {

class ObjectData {
 public:
  ObjectData() = default;
  // Of a loaded object, made from `elf`.
  [[nodiscard]] static Result<ObjectData> map(bpf_object* object, const std::string& elf);
  ObjectData(ObjectData&& other) noexcept { *this = std::move(other); }
  ObjectData& operator=(ObjectData&& other) noexcept;
  ObjectData(const ObjectData&) = delete;
  ObjectData& operator=(const ObjectData&) = delete;
  ~ObjectData();

  // Which generation programs use of manifest.maps[map], 0 for one that has only one; see plan::Map::has_generations. Programs
  // that run already may still use the one before.
  [[nodiscard]] std::uint32_t generation(std::size_t map) const;
  void set_generation(std::size_t map, std::uint32_t generation);
  // While paused every program returns at once. No effect on an object without plan::kPaused.
  void set_paused(bool paused);
  // Of an exit() for which the control ring had no room.
  [[nodiscard]] std::optional<int> exit_code() const;
  void forget_exit();

 private:
  using Word = volatile std::uint64_t;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
  // Null if the object has none.
  Word* paused_ = nullptr;
  Word* generations_ = nullptr;  // One for each map.
  Word* exit_ = nullptr;
};

}  // namespace sonde::runtime
