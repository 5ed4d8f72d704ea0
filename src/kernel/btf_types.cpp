#include "kernel/btf_types.h"

#include <vector>

#include "kernel/records.h"
#include "types/layout.h"

namespace sonde::kernel {
namespace {

using types::AddressSpace;
using types::Record;
using types::Type;

// Deeper chains of typedefs and arrays than any compiler makes: malformed.
constexpr std::uint32_t kMaxDepth = 64;
constexpr std::uint32_t kEnums = kind_bit(BtfKind::Enum) | kind_bit(BtfKind::Enum64);

bool is_modifier(BtfKind kind) {
  return kind == BtfKind::Typedef || kind == BtfKind::Const || kind == BtfKind::Volatile ||
         kind == BtfKind::Restrict || kind == BtfKind::TypeTag;
}

BtfKind kind_of(Record::Keyword keyword) {
  return keyword == Record::Keyword::Union ? BtfKind::Union : BtfKind::Struct;
}

bool is_register_width(std::uint32_t bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

}  // namespace

std::uint32_t strip_modifiers(const Btf& btf, std::uint32_t id) {
  for (std::uint32_t depth = 0; depth < kMaxDepth; ++depth) {
    const auto entry = btf.entry(id);
    if (!entry) return 0;
    if (!is_modifier(entry->kind())) return id;
    id = entry->type();
  }
  return 0;
}

const Type* BtfTypes::find_record(std::string_view name, Record::Keyword keyword) {
  const auto entry = btf_.find(name, kind_bit(kind_of(keyword)));
  return entry ? type(entry->id()) : nullptr;
}

const Type* BtfTypes::find_enum(std::string_view name) {
  const auto entry = btf_.find(name, kEnums);
  return entry ? type(entry->id()) : nullptr;
}

const Type* BtfTypes::find_typedef(std::string_view name) {
  const auto entry = btf_.find(name, kind_bit(BtfKind::Typedef));
  return entry ? type(entry->id()) : nullptr;
}

std::optional<View::EnumConstant> BtfTypes::find_enum_constant(std::string_view name) {
  const auto entry = btf_.find_enum_of(name);
  if (!entry) return std::nullopt;
  for (std::uint32_t i = 0; i < entry->count(); ++i) {
    const BtfEntry::Constant constant = entry->constant(i);
    if (btf_.string(constant.name) == name)
      return View::EnumConstant{type(entry->id()), constant.value};
  }
  return std::nullopt;
}

const Type* BtfTypes::lazy_record(std::string_view name, Record::Keyword keyword) {
  RecordKey key{kind_of(keyword), std::string(name)};
  if (made_.contains(key)) {
    if (const Type* known = find_record(name, keyword)) return known;
  }
  const auto [slot, is_new] = pending_.try_emplace(std::move(key), nullptr);
  if (is_new) {
    Record record = named_record(name, keyword);
    record.source = this;
    slot->second = types_.new_record(std::move(record));
  }
  return slot->second;
}

const Type* BtfTypes::type(std::uint32_t id) { return convert(id, 0, 0); }

const Type* BtfTypes::convert(std::uint32_t id, std::uint32_t depth, std::uint32_t alias) {
  if (id == 0 || depth > kMaxDepth) return types_.void_type();
  if (id < btf_.first_id()) {
    return base_ != nullptr ? base_->convert(id, depth, alias) : types_.void_type();
  }
  if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
  const auto entry = btf_.entry(id);
  const Type* made = entry ? make(*entry, depth, alias) : types_.void_type();
  by_id_.emplace(id, made);
  return made;
}

const Type* BtfTypes::make(const BtfEntry& entry, std::uint32_t depth, std::uint32_t alias) {
  switch (entry.kind()) {
    case BtfKind::Int: return make_integer(entry);
    case BtfKind::Pointer: return make_pointer(entry, depth);
    case BtfKind::Array:
      return types_.array(convert(entry.word(0), depth + 1, 0), entry.word(2),
                          is_wide_character(entry.word(0)));
    case BtfKind::Struct:
    case BtfKind::Union: return make_record(entry, alias);
    case BtfKind::Enum:
    case BtfKind::Enum64: return make_enum(entry);
    case BtfKind::Forward:
      return lazy_record(btf_.string(entry.name()),
                         entry.flag() ? Record::Keyword::Union : Record::Keyword::Struct);
    case BtfKind::Typedef: return convert(entry.type(), depth + 1, entry.name());
    case BtfKind::Const:
    case BtfKind::Volatile:
    case BtfKind::Restrict:
    case BtfKind::TypeTag: return convert(entry.type(), depth + 1, alias);
    case BtfKind::Float:
      if (entry.size() == 4 || entry.size() == 8) return types_.floating(entry.size() * 8);
      // Others by their bits, as many as there are.
      return is_register_width(entry.size()) ? types_.integer(entry.size() * 8, false)
                                             : types_.array(types_.integer(8, false), entry.size());
    case BtfKind::FunctionProto: return types_.function_type();
    default: return types_.void_type();
  }
}

// By the name of the type, or one of those that it is a typedef of.
bool BtfTypes::is_wide_character(std::uint32_t id) const {
  for (std::uint32_t depth = 0; depth < kMaxDepth; ++depth) {
    const auto entry = id < btf_.first_id() ? std::nullopt : btf_.entry(id);
    if (!entry) return base_ != nullptr && id != 0 && base_->is_wide_character(id);
    const bool is_named = entry->is(BtfKind::Typedef) || entry->is(BtfKind::Int);
    if (is_named && types::is_wide_character(btf_.string(entry->name()))) return true;
    if (!is_modifier(entry->kind())) return false;
    id = entry->type();
  }
  return false;
}

const Type* BtfTypes::make_integer(const BtfEntry& entry) {
  constexpr std::uint32_t kSigned = 1;
  constexpr std::uint32_t kBool = 4;
  const std::uint32_t encoding = entry.word(0) >> 24 & 0xf;
  if ((encoding & kBool) != 0 && entry.size() == 1) return types_.bool_type();
  if (!is_register_width(entry.size())) {
    // __int128: two words, the lower first.
    if (entry.size() == 16) return types_.array(types_.uint64(), 2);
    return types_.array(types_.integer(8, false), entry.size());
  }
  // Text is an array of int8, wherever the compiler had char unsigned (the kernel since 6.2).
  const bool is_char = entry.size() == 1 && btf_.string(entry.name()) == "char";
  return types_.integer(entry.size() * 8, is_char || (encoding & kSigned) != 0);
}

const Type* BtfTypes::make_pointer(const BtfEntry& entry, std::uint32_t depth) {
  // `__user` is the tag "user" somewhere between the pointer and its type (kernel 5.18, with clang or gcc 16).
  AddressSpace space = pointers_;
  std::uint32_t id = entry.type();
  for (std::uint32_t i = 0; i < kMaxDepth; ++i) {
    const auto pointee = btf_.entry(id);
    if (!pointee || !is_modifier(pointee->kind())) break;
    if (pointee->is(BtfKind::TypeTag) && btf_.string(pointee->name()) == "user")
      space = AddressSpace::User;
    id = pointee->type();
  }
  return types_.pointer(convert(entry.type(), depth + 1, 0), space);
}

const Type* BtfTypes::make_enum(const BtfEntry& entry) {
  types::Enum made{.name = std::string(btf_.string(entry.name())), .values = {}};
  made.values.reserve(entry.count());
  for (std::uint32_t i = 0; i < entry.count(); ++i) {
    const BtfEntry::Constant constant = entry.constant(i);
    made.values.emplace_back(btf_.string(constant.name), constant.value);
  }
  const std::uint32_t bytes = is_register_width(entry.size()) ? entry.size() : 4;
  return types_.new_enum(std::move(made), bytes * 8, entry.flag());
}

const Type* BtfTypes::make_record(const BtfEntry& entry, std::uint32_t alias) {
  const std::string_view name = btf_.string(entry.name());
  const RecordKey key{entry.kind(), std::string(name)};
  if (!name.empty()) {
    made_.try_emplace(key, entry.id());
    if (const auto pending = pending_.find(key); pending != pending_.end()) {
      const auto first = btf_.find(name, kind_bit(entry.kind()));
      if (first && first->id() == entry.id()) return pending->second;
    }
  }
  Record record =
      named_record(name.empty() ? btf_.string(alias) : name,
                   entry.is(BtfKind::Union) ? Record::Keyword::Union : Record::Keyword::Struct);
  record.size = entry.size();
  record.source = this;
  record.source_id = entry.id();
  return types_.new_record(std::move(record));
}

bool BtfTypes::complete(Record& record) {
  auto entry = record.source_id != 0 ? btf_.entry(record.source_id)
                                     : btf_.find(record.name, kind_bit(kind_of(record.keyword)));
  if (!entry) return fallback_ != nullptr && fallback_->complete(record);
  record.source_id = entry->id();
  record.size = entry->size();
  record.fields.reserve(entry->count());
  for (std::uint32_t i = 0; i < entry->count(); ++i) {
    if (auto field = make_field(*entry, entry->member(i)))
      record.fields.push_back(std::move(*field));
  }
  return true;
}

std::optional<types::Field> BtfTypes::make_field(const BtfEntry& record,
                                                 const BtfEntry::Member& member) {
  types::Field field{.name = std::string(btf_.string(member.name)), .type = type(member.type)};
  if (field.type->is_void()) return std::nullopt;
  if (field.name.empty() && nests_in_itself(record.id(), member.type)) return std::nullopt;
  std::uint32_t width = record.flag() ? member.offset >> 24 : 0;
  std::uint32_t bit_offset = record.flag() ? member.offset & 0xffffff : member.offset;
  const auto plain = btf_.entry(strip_modifiers(btf_, member.type));
  if (!record.flag() && plain && plain->is(BtfKind::Int)) {
    // The older encoding: an integer type of fewer bits than its size holds.
    const std::uint32_t bits = plain->word(0) & 0xff;
    const std::uint32_t start = plain->word(0) >> 16 & 0xff;
    if (start != 0 || bits != plain->size() * 8) {
      width = bits;
      bit_offset += start;
    }
  }
  if (width != 0) {
    if (!types::place_bit_field(types_, field, bit_offset, width, record.size()))
      return std::nullopt;
  } else {
    field.offset = bit_offset / 8;
  }
  return field;
}

// Only malformed BTF puts a struct into itself; a lookup through anonymous members would never end.
bool BtfTypes::nests_in_itself(std::uint32_t record, std::uint32_t member) const {
  constexpr std::size_t kMaxVisits = 1000;
  std::vector<std::uint32_t> open{strip_modifiers(btf_, member)};
  for (std::size_t visits = 0; !open.empty(); ++visits) {
    const std::uint32_t id = open.back();
    open.pop_back();
    if (id == record || visits == kMaxVisits) return true;
    const auto entry = btf_.entry(id);
    if (!entry || (!entry->is(BtfKind::Struct) && !entry->is(BtfKind::Union))) continue;
    for (std::uint32_t i = 0; i < entry->count(); ++i) {
      const BtfEntry::Member inner = entry->member(i);
      if (btf_.string(inner.name).empty()) open.push_back(strip_modifiers(btf_, inner.type));
    }
  }
  return false;
}

}  // namespace sonde::kernel
