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
inline constexpr std::uint32_t kBtfKindCount = 20;

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

  // Ids of this blob's own types: [first_id, end_id). end_id() needs one walk over all types (0.3 ms for vmlinux).
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
  void build_index() const;

  const Btf* base_ = nullptr;
  std::string bytes_;         // The blob when it is not mapped.
  std::string_view mapping_;  // The blob when it is mapped.
  std::string_view types_;
  std::string_view strings_;
  std::uint32_t first_id_ = 1;
  std::uint32_t first_string_ = 0;
  mutable std::vector<std::uint32_t>
      index_;  // Offset of each own type, built by the first entry().
  mutable bool indexed_ = false;
};

// --- inline: the walk is the hot path ---

inline const char* Btf::end_of_entry(std::size_t at) const {
  // Bytes behind the common 12: a fixed part, and a part per element.
  struct Tail {
    std::uint8_t fixed, each;
  };
  static constexpr Tail kTails[32] = {{0, 0}, {4, 0},  {0, 0}, {12, 0}, {0, 12}, {0, 12}, {0, 8},
                                      {0, 0}, {0, 0},  {0, 0}, {0, 0},  {0, 0},  {0, 0},  {0, 8},
                                      {4, 0}, {0, 12}, {0, 0}, {4, 0},  {0, 0},  {0, 12}};
  if (types_.size() - at < 12 || at > types_.size()) return nullptr;
  std::uint32_t info;
  std::memcpy(&info, types_.data() + at + 4, sizeof info);
  const std::uint32_t kind = info >> 24 & 0x1f;
  if (kind == 0 || kind >= kBtfKindCount) return nullptr;
  const std::size_t size =
      12 + kTails[kind].fixed + std::size_t{kTails[kind].each} * (info & 0xffff);
  if (types_.size() - at < size) return nullptr;
  return types_.data() + at + size;
}

}  // namespace sonde::kernel
