#include "types/layout.h"

#include <algorithm>
#include <limits>

namespace sonde::types {
namespace {

constexpr std::uint64_t kMaxSize = std::numeric_limits<std::uint32_t>::max() - 63;
constexpr int kMaxDepth = 32;

std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

class Layout {
 public:
  Layout(bool is_union, const RecordAttributes& attributes)
      : is_union_(is_union), attributes_(attributes), alignment_(std::max(1U, attributes.aligned)) {
  }

  // Bit offset of the member; nullopt if the record gets too large.
  std::optional<std::uint64_t> add(const Member& member) {
    const std::uint64_t at = member.width ? bit_field(member, *member.width) : whole(member);
    const std::uint64_t bits = member.width ? *member.width : member.size * 8;
    end_ = std::max(end_, at + bits);
    next_ = is_union_ ? 0 : at + bits;
    if (end_ / 8 > kMaxSize) return std::nullopt;
    return at;
  }
  [[nodiscard]] std::uint64_t size() const { return align_up((end_ + 7) / 8, alignment_); }
  [[nodiscard]] std::uint32_t alignment() const { return alignment_; }

 private:
  std::uint64_t whole(const Member& member) {
    const bool packed = attributes_.packed || member.packed;
    const std::uint32_t alignment = std::max(packed ? 1 : member.alignment, member.aligned);
    alignment_ = std::max(alignment_, alignment);
    return align_up(next_, std::uint64_t{alignment} * 8);
  }
  // A bit field lies in one storage unit of its type, wherever there is room. One without a name does not align the record,
  // and one of width 0 ends the unit.
  std::uint64_t bit_field(const Member& member, std::uint32_t width) {
    const bool packed = attributes_.packed || member.packed;
    const std::uint64_t unit = member.size * 8;
    if (width == 0) {
      const std::uint32_t alignment = std::max(member.alignment, member.aligned);
      return align_up(next_, std::uint64_t{alignment} * 8);
    }
    std::uint64_t at = next_;
    if (member.aligned != 0) at = align_up(at, std::uint64_t{member.aligned} * 8);
    const std::uint64_t align_bits = std::uint64_t{member.alignment} * 8;
    const bool crosses = at % align_bits + width > unit;
    if (!packed && crosses) at = align_up(at, align_bits);
    if (!member.name.empty()) {
      alignment_ = std::max({alignment_, packed ? 1 : member.alignment, member.aligned});
    }
    return at;
  }

  bool is_union_;
  RecordAttributes attributes_;
  std::uint32_t alignment_;
  std::uint64_t next_ = 0;  // Bits.
  std::uint64_t end_ = 0;   // Bits.
};

bool allows(const Record& record, std::uint32_t alignment) {
  return record.size % alignment == 0 &&
         std::all_of(record.fields.begin(), record.fields.end(), [&](const Field& field) {
           return field.bit_field ||
                  field.offset % std::min(alignment, c_alignment(*field.type)) == 0;
         });
}

std::uint32_t record_alignment(Record& record) {
  if (record.alignment != 0 || !record.complete()) return std::max(record.alignment, 1U);
  std::uint32_t alignment = 1;
  for (const Field& field : record.fields)
    alignment = std::max(alignment, c_alignment(*field.type));
  while (alignment > 1 && !allows(record, alignment)) alignment /= 2;
  return record.alignment = alignment;
}

bool same_type(const Type& a, const Type& b, int depth);

bool same_record(Record& a, Record& b, int depth) {
  if (!a.complete() || !b.complete()) return false;
  if (a.keyword != b.keyword || a.size != b.size || a.fields.size() != b.fields.size())
    return false;
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    const Field& one = a.fields[i];
    const Field& other = b.fields[i];
    const auto place = [](const Field& field) {
      const BitField bits = field.bit_field.value_or(BitField{});
      return std::uint64_t{field.offset} * 8 + bits.shift;
    };
    const auto width = [](const Field& field) {
      return field.bit_field ? field.bit_field->width : 0;
    };
    if (one.name != other.name || place(one) != place(other) || width(one) != width(other))
      return false;
    if (!one.bit_field && !same_type(*one.type, *other.type, depth + 1)) return false;
  }
  return true;
}

// Named records are the same if their names are: what they hold is compared where they are defined.
bool same_type(const Type& a, const Type& b, int depth) {
  if (&a == &b) return true;
  if (a.kind() != b.kind() || depth > kMaxDepth) return false;
  switch (a.kind()) {
    case TypeKind::Pointer: return same_type(*a.element(), *b.element(), depth + 1);
    case TypeKind::Array:
      return a.count() == b.count() && same_type(*a.element(), *b.element(), depth + 1);
    case TypeKind::Record:
      if (depth > 0 && !a.record()->name.empty()) return a.record()->name == b.record()->name;
      return same_record(*a.record(), *b.record(), depth);
    case TypeKind::Enum:
      return a.bits() == b.bits() && a.enumeration()->values == b.enumeration()->values;
    default: return false;
  }
}

}  // namespace

bool lay_out(Context& types, Record& record, const std::vector<Member>& members,
             const RecordAttributes& attributes) {
  Layout layout(record.keyword == Record::Keyword::Union, attributes);
  std::vector<std::uint64_t> places;
  for (const Member& member : members) {
    const auto at = layout.add(member);
    if (!at) return false;
    places.push_back(*at);
  }
  if (layout.size() > kMaxSize) return false;
  record.size = static_cast<std::uint32_t>(layout.size());
  record.alignment = layout.alignment();
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    Field field{.name = member.name, .type = member.type, .c_type = member.c_type};
    if (member.width) {
      if (member.name.empty() ||
          !place_bit_field(types, field, places[i], *member.width, record.size))
        continue;
    } else {
      field.offset = static_cast<std::uint32_t>(places[i] / 8);
    }
    record.fields.push_back(std::move(field));
  }
  return true;
}

bool place_bit_field(Context& types, Field& field, std::uint64_t bit_offset, std::uint32_t width,
                     std::uint32_t record_size) {
  if (!field.type->is_integral() || width > 64) return false;
  const auto fits = [&](std::uint32_t unit, std::uint64_t offset) {
    return bit_offset - offset * 8 + width <= unit && offset + unit / 8 <= record_size;
  };
  const std::uint32_t declared = field.type->bits();
  // The declared unit, aligned; then smaller and larger ones (packed structs); then any byte.
  for (const bool aligned : {true, false}) {
    for (const std::uint32_t unit : {declared, 8U, 16U, 32U, 64U}) {
      const std::uint64_t offset = aligned ? bit_offset / unit * (unit / 8) : bit_offset / 8;
      if (!fits(unit, offset)) continue;
      field.offset = static_cast<std::uint32_t>(offset);
      // From the least significant bit, as little-endian machines count.
      field.bit_field = BitField{static_cast<std::uint32_t>(bit_offset - offset * 8), width};
      if (unit != declared) field.type = types.integer(unit, field.type->is_signed());
      return true;
    }
  }
  return false;
}

std::uint32_t c_alignment(const Type& type) {
  switch (type.kind()) {
    case TypeKind::Record: return record_alignment(*type.record());
    case TypeKind::Array: return c_alignment(*type.element());
    default: return type.alignment();
  }
}

bool same_definition(const Type& a, const Type& b) { return same_type(a, b, 0); }

}  // namespace sonde::types
