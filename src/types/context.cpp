#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

#include "base/check.h"
#include "types/type.h"

namespace sonde::types {

struct Context::Impl {
  using Key = std::tuple<TypeKind, bool, bool, bool, AddressSpace, StackMode, std::uint32_t,
                         std::uint32_t, const Type*, const Record*, const Enum*,
                         std::vector<const Type*>, std::vector<std::int64_t>>;
  std::map<Key, const Type*> interned;
  std::deque<Type> types;
  std::deque<Record> records;
  std::deque<Enum> enums;
};

Context::Context() : impl_(std::make_unique<Impl>()) {
  void_ = intern(Type{});
  Type function;
  function.bits_ = 1;
  function_ = intern(std::move(function));
  Type boolean;
  boolean.kind_ = TypeKind::Bool;
  boolean.bits_ = 8;
  bool_ = intern(std::move(boolean));
}

Context::~Context() = default;

const Type* Context::intern(Type type) {
  Impl::Key key{type.kind_,          type.signed_,     type.cuttable_, type.wide_text_,
                type.address_space_, type.stack_mode_, type.bits_,     type.count_,
                type.element_,       type.record_,     type.enum_,     type.elements_,
                type.parameters_};
  const auto [slot, is_new] = impl_->interned.try_emplace(std::move(key), nullptr);
  if (is_new) slot->second = &impl_->types.emplace_back(std::move(type));
  return slot->second;
}

const Type* Context::integer(std::uint32_t bits, bool is_signed) {
  SONDE_CHECK(bits == 8 || bits == 16 || bits == 32 || bits == 64);
  Type type;
  type.kind_ = TypeKind::Integer;
  type.bits_ = bits;
  type.signed_ = is_signed;
  return intern(std::move(type));
}

const Type* Context::pointer(const Type* pointee, AddressSpace space) {
  Type type;
  type.kind_ = TypeKind::Pointer;
  type.bits_ = 64;
  type.element_ = pointee;
  type.address_space_ = space;
  return intern(std::move(type));
}

const Type* Context::with_space(const Type* pointer_type, AddressSpace space) {
  return pointer(pointer_type->element(), space);
}

const Type* Context::string(std::uint32_t capacity, bool may_be_cut) {
  Type type;
  type.cuttable_ = may_be_cut;
  type.kind_ = TypeKind::String;
  type.count_ = capacity;
  return intern(std::move(type));
}

const Type* Context::buffer(std::uint32_t capacity) {
  Type type;
  type.kind_ = TypeKind::Buffer;
  type.count_ = capacity;
  return intern(std::move(type));
}

const Type* Context::floating(std::uint32_t bits) {
  SONDE_CHECK(bits == 32 || bits == 64);
  Type type;
  type.kind_ = TypeKind::Float;
  type.bits_ = bits;
  return intern(std::move(type));
}

const Type* Context::array(const Type* element, std::uint32_t count, bool is_wide_text) {
  Type type;
  type.wide_text_ = is_wide_text;
  type.kind_ = TypeKind::Array;
  type.element_ = element;
  type.count_ = count;
  return intern(std::move(type));
}

const Type* Context::tuple(std::vector<const Type*> elements) {
  Type type;
  type.kind_ = TypeKind::Tuple;
  type.elements_ = std::move(elements);
  // count_ caches the size: the last element's end, rounded up to the alignment.
  if (!type.elements_.empty()) {
    const std::size_t last = type.elements_.size() - 1;
    const std::uint32_t end = type.element_offset(last) + type.elements_[last]->size();
    const std::uint32_t alignment = type.alignment();
    type.count_ = (end + alignment - 1) / alignment * alignment;
  }
  return intern(std::move(type));
}

const Type* Context::timestamp(std::uint32_t format_index) {
  Type type;
  type.kind_ = TypeKind::Timestamp;
  type.count_ = format_index;
  return intern(std::move(type));
}

const Type* Context::cgroup_path(std::uint32_t format_index) {
  Type type;
  type.kind_ = TypeKind::CgroupPath;
  type.count_ = format_index;
  return intern(std::move(type));
}

const Type* Context::simple(TypeKind kind) {
  SONDE_CHECK(kind == TypeKind::KernelSymbol || kind == TypeKind::UserSymbol ||
              kind == TypeKind::Username || kind == TypeKind::ProcessName ||
              kind == TypeKind::GfpFlags || kind == TypeKind::Inet ||
              kind == TypeKind::MacAddress || kind == TypeKind::Count ||
              kind == TypeKind::Distinct);
  Type type;
  type.kind_ = kind;
  return intern(std::move(type));
}

const Type* Context::aggregation(TypeKind kind, bool is_signed) {
  SONDE_CHECK((kind >= TypeKind::Sum && kind <= TypeKind::Stats) || kind == TypeKind::StdDev);
  Type type;
  type.kind_ = kind;
  type.signed_ = is_signed;
  return intern(std::move(type));
}

const Type* Context::hist(std::uint32_t bits) {
  Type type;
  type.kind_ = TypeKind::Hist;
  type.bits_ = bits;
  return intern(std::move(type));
}

const Type* Context::lhist(std::int64_t min, std::int64_t max, std::int64_t step) {
  Type type;
  type.kind_ = TypeKind::LinearHist;
  type.parameters_ = {min, max, step};
  return intern(std::move(type));
}

const Type* Context::time_series(std::int64_t interval_ns, std::uint32_t count, SeriesKind kind,
                                 bool is_signed) {
  Type type;
  type.kind_ = TypeKind::TimeSeries;
  type.signed_ = is_signed;
  type.parameters_ = {interval_ns, count, static_cast<std::int64_t>(kind)};
  return intern(std::move(type));
}

const Type* Context::quantiles(std::vector<std::int64_t> percentages) {
  Type type;
  type.kind_ = TypeKind::Quantiles;
  type.parameters_ = std::move(percentages);
  return intern(std::move(type));
}

const Type* Context::top(const Type* key, std::uint32_t shown) {
  Type type;
  type.kind_ = TypeKind::Top;
  type.element_ = key;
  type.count_ = shown;
  type.parameters_ = {0};
  constexpr std::uint32_t kCounter = 8 * kTopCounterWords;
  const std::uint32_t fitting =
      (kTopBytes - 8 * kTopHeader) / (kCounter + type.top_key_bytes()) / kTopTurn * kTopTurn;
  const std::uint32_t wanted = std::max(kTopLeastCounters, kTopCountersPerKey * shown);
  // What does not fit is too large for a map, and reported as that.
  type.parameters_ = {std::max(std::min(wanted, fitting), kTopTurn)};
  return intern(std::move(type));
}

const Type* Context::stack(TypeKind kind, StackMode mode, std::uint32_t limit) {
  SONDE_CHECK(kind == TypeKind::KernelStack || kind == TypeKind::UserStack);
  Type type;
  type.kind_ = kind;
  type.stack_mode_ = mode;
  type.count_ = limit;
  return intern(std::move(type));
}

const Type* Context::new_record(Record record) {
  Type type;
  type.kind_ = TypeKind::Record;
  type.record_ = &impl_->records.emplace_back(std::move(record));
  return intern(std::move(type));
}

const Type* Context::new_enum(Enum enumeration, std::uint32_t bits, bool is_signed) {
  Type type;
  type.kind_ = TypeKind::Enum;
  type.bits_ = bits;
  type.signed_ = is_signed;
  type.enum_ = &impl_->enums.emplace_back(std::move(enumeration));
  return intern(std::move(type));
}

}  // namespace sonde::types
