#include "runtime/object_data.h"

#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "plan/manifest.h"
#include "runtime/elf_symbol.h"

namespace sonde::runtime {

// All of them are in one section.
Result<ObjectData> ObjectData::map(bpf_object* object, const std::string& elf) {
  ObjectData data;
  struct Global {
    Word*& word;
    std::optional<ElfGlobal> place;
  };
  const Global globals[] = {{data.paused_, find_elf_global(elf, plan::kPaused)},
                            {data.generations_, find_elf_global(elf, plan::kGenerations)},
                            {data.exit_, find_elf_global(elf, plan::kExit)}};
  std::string section;
  std::uint64_t end = 0;
  for (const Global& global : globals) {
    if (!global.place) continue;
    section = global.place->section;
    end = std::max(end, global.place->offset + global.place->size);
  }
  if (section.empty()) return data;
  const bpf_map* map = ::bpf_object__find_map_by_name(object, section.c_str());
  if (map == nullptr) return fail("find " + section + " in the BPF object");
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t bytes = (end + page - 1) / page * page;
  void* mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ::bpf_map__fd(map), 0);
  if (mapped == MAP_FAILED) return fail_errno("map the object's data section");
  data.data_ = mapped;
  data.bytes_ = bytes;
  for (const Global& global : globals) {
    if (global.place)
      global.word = reinterpret_cast<Word*>(static_cast<char*>(mapped) + global.place->offset);
  }
  return data;
}

ObjectData& ObjectData::operator=(ObjectData&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(paused_, other.paused_);
  std::swap(generations_, other.generations_);
  std::swap(exit_, other.exit_);
  return *this;
}

ObjectData::~ObjectData() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

std::uint32_t ObjectData::generation(std::size_t map) const {
  return generations_ == nullptr ? 0 : static_cast<std::uint32_t>(generations_[map]);
}

void ObjectData::set_generation(std::size_t map, std::uint32_t generation) {
  SONDE_CHECK(generations_ != nullptr);
  generations_[map] = generation;
}

void ObjectData::set_paused(bool paused) {
  if (paused_ != nullptr) *paused_ = paused ? 1 : 0;
}

std::optional<int> ObjectData::exit_code() const {
  const std::uint64_t word = exit_ == nullptr ? 0 : *exit_;
  if ((word & plan::kHasExited) == 0) return std::nullopt;
  return static_cast<int>(static_cast<std::uint32_t>(word));
}

void ObjectData::forget_exit() {
  if (exit_ != nullptr) *exit_ = 0;
}

}  // namespace sonde::runtime
