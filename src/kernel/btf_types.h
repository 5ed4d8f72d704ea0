// Types of a BTF blob as types of the language. Each is made when it is first asked for; structs come incomplete, so a
// pointer to task_struct does not load the 2,000 structs that it reaches.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "kernel/btf.h"
#include "kernel/view.h"
#include "types/type.h"

namespace sonde::kernel {

class BtfTypes final : public types::RecordSource {
 public:
  // `btf`, `types` and `base` (the types of btf's base; null for vmlinux) must outlive this, and this must outlive
  // the last use of an incomplete record.
  // `pointers` is where pointers without a mark point.
  BtfTypes(const Btf& btf, types::Context& types, BtfTypes* base = nullptr,
           types::AddressSpace pointers = types::AddressSpace::Kernel)
      : btf_(btf), types_(types), base_(base), pointers_(pointers) {}

  [[nodiscard]] const Btf& btf() const { return btf_; }

  // Null if this blob has no definition of that name.
  [[nodiscard]] const types::Type* find_record(std::string_view name,
                                               types::Record::Keyword keyword);
  [[nodiscard]] const types::Type* find_enum(std::string_view name);
  [[nodiscard]] const types::Type* find_typedef(std::string_view name);
  [[nodiscard]] std::optional<View::EnumConstant> find_enum_constant(std::string_view name);

  // The record of that name without looking for it: the search happens when it is completed. Never null.
  [[nodiscard]] const types::Type* lazy_record(std::string_view name,
                                               types::Record::Keyword keyword);
  // Who completes records that this blob only declares; null for nobody. Not owned.
  void set_fallback(types::RecordSource* fallback) { fallback_ = fallback; }

  [[nodiscard]] std::optional<Signature> function(std::string_view name);
  [[nodiscard]] std::optional<Signature> raw_tracepoint(std::string_view name);

  // The type of `id`; void for 0, for functions and for what is malformed.
  [[nodiscard]] const types::Type* type(std::uint32_t id);

  // Fills in the record of source_id, or of its name if source_id is 0.
  bool complete(types::Record& record) override;

 private:
  using RecordKey = std::pair<BtfKind, std::string>;

  // `alias` names an anonymous record: the typedef that led to it.
  const types::Type* convert(std::uint32_t id, std::uint32_t depth, std::uint32_t alias);
  const types::Type* make(const BtfEntry& entry, std::uint32_t depth, std::uint32_t alias);
  const types::Type* make_integer(const BtfEntry& entry);
  const types::Type* make_pointer(const BtfEntry& entry, std::uint32_t depth);
  const types::Type* make_enum(const BtfEntry& entry);
  const types::Type* make_record(const BtfEntry& entry, std::uint32_t alias);
  std::optional<types::Field> make_field(const BtfEntry& record, const BtfEntry::Member& member);
  [[nodiscard]] bool is_wide_character(std::uint32_t id) const;
  [[nodiscard]] bool nests_in_itself(std::uint32_t record, std::uint32_t member) const;
  std::optional<Signature> make_signature(std::string_view name, std::uint32_t prototype,
                                          std::uint32_t skip, std::uint32_t names);

  const Btf& btf_;
  types::Context& types_;
  BtfTypes* base_;
  types::AddressSpace pointers_;
  types::RecordSource* fallback_ = nullptr;
  std::unordered_map<std::uint32_t, const types::Type*> by_id_;
  // Records that were asked for by name before they were found.
  std::map<RecordKey, const types::Type*> pending_;
  // First id made for a name, to recognise a record that is asked for by name later.
  std::map<RecordKey, std::uint32_t> made_;
};

// The id behind typedefs, qualifiers and tags; 0 for void, for a chain that is too long and for unknown ids.
[[nodiscard]] std::uint32_t strip_modifiers(const Btf& btf, std::uint32_t id);

}  // namespace sonde::kernel
