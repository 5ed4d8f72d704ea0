// Raw access to a BTF blob: bounds-checked entries and strings, nothing is parsed before it is asked for.
// Format: Documentation/bpf/btf.rst. vmlinux BTF (kernel 5.2) is 5 MB and a script needs a few hundred bytes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sonde::kernel {

// Values are those of the format (BTF_KIND_*).
enum class BtfKind : std::uint8_t {
  Void,
  Int,
  Pointer,
  Array,
  Struct,
  Union,
  Enum,
  Forward,
  Typedef,
  Volatile,
  Const,
  Restrict,
  Function,
  FunctionProto,
  Variable,
  DataSection,
  Float,
  DeclTag,
  TypeTag,
  Enum64,
};

// A set of kinds for find().
[[nodiscard]] constexpr std::uint32_t kind_bit(BtfKind kind) {
  return 1U << static_cast<std::uint32_t>(kind);
}

// One type of the blob. Valid as long as the blob; every word that count() promises lies inside it.
class BtfEntry {
 public:
  BtfEntry(std::uint32_t id, const char* at) : id_(id), at_(at) {}

  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] std::uint32_t name() const { return load(0); }  // Offset into the strings.
  [[nodiscard]] BtfKind kind() const { return static_cast<BtfKind>(load(4) >> 24 & 0x1f); }
  [[nodiscard]] bool is(BtfKind wanted) const { return kind() == wanted; }
  // Number of members, constants or parameters.
  [[nodiscard]] std::uint32_t count() const { return load(4) & 0xffff; }
  // Struct, union: members encode bit fields. Enum: signed. Forward: a union.
  [[nodiscard]] bool flag() const { return load(4) >> 31 != 0; }
  [[nodiscard]] std::uint32_t size() const {
    return load(8);
  }  // Bytes; shares its place with type().
  [[nodiscard]] std::uint32_t type() const {
    return load(8);
  }  // Id of what a pointer, modifier... refers to.
  // Words behind the common part, counted from 0.
  [[nodiscard]] std::uint32_t word(std::uint32_t index) const { return load(12 + 4 * index); }

  // Struct, union: members of {name, type, bit offset}. With flag(), the offset's top byte is the bit field's width.
  struct Member {
    std::uint32_t name, type, offset;
  };
  [[nodiscard]] Member member(std::uint32_t index) const {
    return {word(3 * index), word(3 * index + 1), word(3 * index + 2)};
  }
  // FunctionProto.
  struct Parameter {
    std::uint32_t name, type;
  };
  [[nodiscard]] Parameter parameter(std::uint32_t index) const {
    return {word(2 * index), word(2 * index + 1)};
  }
  // Enum and Enum64: name and value, sign-extended when flag() is set.
  struct Constant {
    std::uint32_t name;
    std::uint64_t value;
  };
  [[nodiscard]] Constant constant(std::uint32_t index) const;
  [[nodiscard]] bool starts_at(const char* at) const { return at == at_; }
  [[nodiscard]] bool is_enum() const { return is(BtfKind::Enum) || is(BtfKind::Enum64); }

 private:
  [[nodiscard]] std::uint32_t load(std::uint32_t offset) const {
    std::uint32_t value;
    std::memcpy(&value, at_ + offset, sizeof value);
    return value;
  }
  std::uint32_t id_;
  const char* at_;
};

class Btf {
 public:
  // Maps `path`, or reads it where sysfs does not map (before kernel 6.16). `base` (not owned, must outlive this) is vmlinux for the BTF of a module,
  // whose ids and string offsets continue those of the base.
  [[nodiscard]] static Result<Btf> open(const std::string& path, const Btf* base = nullptr);
  [[nodiscard]] static Result<Btf> from_bytes(std::string bytes, const Btf* base = nullptr);

  Btf(Btf&& other) noexcept;
  Btf& operator=(Btf&&) = delete;
  ~Btf();

  // Ids of this blob's own types: [first_id, end_id). end_id() needs one walk over all types (0.5 ms for vmlinux).
  [[nodiscard]] std::uint32_t first_id() const { return first_id_; }
  [[nodiscard]] std::uint32_t end_id() const;
  // nullopt for 0 (void) and for ids that do not exist. Looks into the base too.
  [[nodiscard]] std::optional<BtfEntry> entry(std::uint32_t id) const;
  // "" for offset 0 and offsets outside.
  [[nodiscard]] std::string_view string(std::uint32_t offset) const;
  // First offset from `from` on at which `name` stands in the strings of base and blob. Producers merge equal strings,
  // but nothing obliges them to: a caller that does not find what it wants goes on behind the offset.
  [[nodiscard]] std::optional<std::uint32_t> name_offset(std::string_view name,
                                                         std::uint32_t from = 0) const;
  // First own type of that name whose kind is in `kinds` (kind_bit() | ...); nullopt if there is none.
  [[nodiscard]] std::optional<BtfEntry> find(std::string_view name, std::uint32_t kinds) const;
  // First own enum that has a constant of that name.
  [[nodiscard]] std::optional<BtfEntry> find_enum_of(std::string_view constant) const;
  // Id of the prototype of the first own function of that name: find() without the walk that the function's own id needs.
  [[nodiscard]] std::optional<std::uint32_t> function_prototype(std::string_view name) const;

  // Calls visit(entry) -> bool for the own types in order until it returns true or the blob ends or is malformed.
  template <class Visit>
  void walk(Visit&& visit) const {
    std::uint32_t id = first_id_;
    for (std::size_t at = 0; const char* next = end_of_entry(at); ++id) {
      if (visit(BtfEntry(id, types_.data() + at))) return;
      at = static_cast<std::size_t>(next - types_.data());
    }
  }

 private:
  Btf() = default;
  Result<void> read_header(const std::string& name);
  // The first byte behind the entry at `at`; null if it does not lie wholly inside the type section.
  [[nodiscard]] const char* end_of_entry(std::size_t at) const;
  // Calls visit(at) for each place of the type section that holds `word`, in order, until it returns true.
  template <class Visit>
  bool each_word(std::uint32_t word, Visit&& visit) const;
  // The own entry that covers byte `at` of the type section.
  [[nodiscard]] std::optional<BtfEntry> covering(std::size_t at) const;
  // Lays checkpoints until `id` or byte `at` is passed or the section ends.
  void advance(std::uint32_t id, std::size_t at) const;
  // Own entry `id` or the one that covers `at`, from the checkpoint in front of it.
  template <class Stop>
  std::optional<BtfEntry> step_from(std::size_t checkpoint, Stop&& stop) const;

  const Btf* base_ = nullptr;
  std::string bytes_;         // The blob when it is not mapped.
  std::string_view mapping_;  // The blob when it is mapped.
  std::string_view types_;
  std::string_view strings_;
  std::uint32_t first_id_ = 1;
  std::uint32_t first_string_ = 0;
  // Entries have no fixed size, so the way to an id is a walk. Every kStride-th place is kept, as far as anybody asked:
  // what scripts use stands near the front of vmlinux.
  static constexpr std::uint32_t kStride = 16;
  mutable std::vector<std::uint32_t> checkpoints_;  // Offset of own type kStride * i.
  mutable std::uint32_t reached_ = 0;               // Own types that were passed.
  mutable std::size_t reached_at_ = 0;              // Offset of the next one.
};

// --- inline: the walk is the hot path ---

inline const char* Btf::end_of_entry(std::size_t at) const {
  constexpr std::size_t kCommon = 12;
  if (at > types_.size() || types_.size() - at < kCommon) return nullptr;
  std::uint32_t info;
  std::memcpy(&info, types_.data() + at + 4, sizeof info);
  const std::size_t count = info & 0xffff;
  // Branches, not a table of sizes: the processor guesses the size and runs ahead of the loads (twice as fast).
  std::size_t size = kCommon;
  switch (static_cast<BtfKind>(info >> 24 & 0x1f)) {
    case BtfKind::Pointer:
    case BtfKind::Forward:
    case BtfKind::Typedef:
    case BtfKind::Volatile:
    case BtfKind::Const:
    case BtfKind::Restrict:
    case BtfKind::Function:
    case BtfKind::Float:
    case BtfKind::TypeTag: break;
    case BtfKind::Int:
    case BtfKind::Variable:
    case BtfKind::DeclTag: size += 4; break;
    case BtfKind::Array: size += 12; break;
    case BtfKind::Struct:
    case BtfKind::Union:
    case BtfKind::DataSection:
    case BtfKind::Enum64: size += 12 * count; break;
    case BtfKind::Enum:
    case BtfKind::FunctionProto: size += 8 * count; break;
    default: return nullptr;
  }
  if (types_.size() - at < size) return nullptr;
  return types_.data() + at + size;
}

}  // namespace sonde::kernel
