#include "types/type.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace sonde::types {
namespace {

constexpr std::uint32_t align_up(std::uint32_t offset, std::uint32_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

std::string record_name(const Record& record) {
  const std::string name = record.name.empty() ? "{...}" : record.name;
  switch (record.keyword) {
    case Record::Keyword::Struct: return "struct " + name;
    case Record::Keyword::Union: return "union " + name;
    case Record::Keyword::Arguments: return "args of " + record.name;
  }
  SONDE_UNREACHABLE();
}

std::string tuple_name(const std::vector<const Type*>& elements) {
  std::string text = "(";
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) text += ",";
    text += elements[i]->name();
  }
  return text + ")";
}

}  // namespace

bool Type::is_scalar() const {
  switch (kind_) {
    case TypeKind::Bool:
    case TypeKind::Integer:
    case TypeKind::Enum:
    case TypeKind::Float:
    case TypeKind::Pointer:
    case TypeKind::Timestamp:
    case TypeKind::KernelSymbol:
    case TypeKind::Username:
    case TypeKind::GfpFlags:
    case TypeKind::ProcessName:
    case TypeKind::CgroupPath:
    case TypeKind::KernelStack: return true;
    default: return false;
  }
}

std::uint32_t Type::size() const {
  switch (kind_) {
    case TypeKind::Void: return 0;
    case TypeKind::Bool:
    case TypeKind::Integer:
    case TypeKind::Float:
    case TypeKind::Enum: return bits_ / 8;
    case TypeKind::Pointer:
    case TypeKind::Timestamp:
    case TypeKind::KernelSymbol:
    case TypeKind::Username:
    case TypeKind::GfpFlags:
    case TypeKind::ProcessName:
    case TypeKind::CgroupPath:
    case TypeKind::MacAddress:
    case TypeKind::KernelStack:
    case TypeKind::Count:
    case TypeKind::Sum: return 8;
    case TypeKind::UserSymbol:
    case TypeKind::UserStack:
    case TypeKind::Min:
    case TypeKind::Max:
    case TypeKind::Average:
    case TypeKind::Stats: return 16;
    case TypeKind::Inet: return 24;
    case TypeKind::String: return count_ + (cuttable_ ? 1 : 0);
    case TypeKind::Buffer: return kBufferHeader + count_;
    case TypeKind::Array: return element_->size() * count_;
    case TypeKind::Record: record_->complete(); return record_->size;
    case TypeKind::Tuple: return count_;
    case TypeKind::Hist: return 8 * hist_bucket_count(bits_);
    case TypeKind::LinearHist:
      return 8 * lhist_bucket_count(lhist_min(), lhist_max(), lhist_step());
    case TypeKind::StdDev: return 40;
    case TypeKind::Quantiles: return 8 * hist_bucket_count(kQuantileBits);
    case TypeKind::Distinct: return kDistinctRegisters;
    case TypeKind::TimeSeries: return 8 * kSeriesWords * series_count();
    case TypeKind::Top: return top_keys_offset() + top_counters() * top_key_bytes();
  }
  SONDE_UNREACHABLE();
}

std::uint32_t Type::alignment() const {
  switch (kind_) {
    case TypeKind::Void:
    case TypeKind::String: return 1;
    case TypeKind::Bool:
    case TypeKind::Integer:
    case TypeKind::Float:
    case TypeKind::Enum: return std::max(1U, bits_ / 8);
    case TypeKind::Array: return element_->alignment();
    case TypeKind::Tuple: {
      std::uint32_t largest = 1;
      for (const Type* element : elements_) largest = std::max(largest, element->alignment());
      return largest;
    }
    default: return 8;
  }
}

std::uint32_t Type::top_key_bytes() const {
  SONDE_CHECK(kind_ == TypeKind::Top);
  return align_up(element_->size(), 8);
}

std::uint32_t Type::element_offset(std::size_t index) const {
  SONDE_CHECK(kind_ == TypeKind::Tuple && index < elements_.size());
  std::uint32_t offset = 0;
  for (std::size_t i = 0;; ++i) {
    offset = align_up(offset, elements_[i]->alignment());
    if (i == index) return offset;
    offset += elements_[i]->size();
  }
}

std::string Type::name() const {
  switch (kind_) {
    case TypeKind::Void: return "void";
    case TypeKind::Bool: return "bool";
    case TypeKind::Integer: return fmt::format("{}int{}", signed_ ? "" : "u", bits_);
    case TypeKind::Enum: return "enum " + (enum_->name.empty() ? "{...}" : enum_->name);
    case TypeKind::Float: return bits_ == 32 ? "float" : "double";
    case TypeKind::Pointer:
      if (element_->is_function()) return "void (*)()";
      return fmt::format("{}{}*", element_->name(), element_->is_pointer() ? "" : " ");
    case TypeKind::String: return fmt::format("string[{}]", count_);
    case TypeKind::Buffer: return fmt::format("buffer[{}]", count_);
    case TypeKind::Array: return fmt::format("{}[{}]", element_->name(), count_);
    case TypeKind::Record: return record_name(*record_);
    case TypeKind::Tuple: return tuple_name(elements_);
    case TypeKind::Timestamp: return "timestamp";
    case TypeKind::KernelSymbol: return "ksym_t";
    case TypeKind::UserSymbol: return "usym_t";
    case TypeKind::Username: return "username_t";
    case TypeKind::GfpFlags: return "gfp_flags_t";
    case TypeKind::ProcessName: return "comm_t";
    case TypeKind::CgroupPath: return "cgroup_path_t";
    case TypeKind::Inet: return "inet_t";
    case TypeKind::MacAddress: return "macaddr_t";
    case TypeKind::KernelStack: return "kstack";
    case TypeKind::UserStack: return "ustack";
    case TypeKind::Count: return "count_t";
    case TypeKind::Sum: return signed_ ? "sum_t" : "usum_t";
    case TypeKind::Min: return signed_ ? "min_t" : "umin_t";
    case TypeKind::Max: return signed_ ? "max_t" : "umax_t";
    case TypeKind::Average: return signed_ ? "avg_t" : "uavg_t";
    case TypeKind::Stats: return signed_ ? "stats_t" : "ustats_t";
    case TypeKind::Hist: return "hist_t";
    case TypeKind::LinearHist: return "lhist_t";
    case TypeKind::StdDev: return signed_ ? "stddev_t" : "ustddev_t";
    case TypeKind::Quantiles: return "quantiles_t";
    case TypeKind::Distinct: return "distinct_t";
    case TypeKind::TimeSeries: return signed_ ? "tseries_t" : "utseries_t";
    case TypeKind::Top: return "top_t";
  }
  SONDE_UNREACHABLE();
}

std::string_view Enum::name_of(std::uint64_t value) const {
  for (const auto& [name, number] : values) {
    if (number == value) return name;
  }
  return {};
}

bool is_wide_character(std::string_view name) {
  return name == "wchar_t" || name == "char16_t" || name == "char32_t";
}

std::string Enum::text_of(std::uint64_t value) const {
  if (const std::string_view name = name_of(value); !name.empty()) return std::string(name);
  const auto is_flag = [](const auto& constant) {
    return constant.second == 0 || std::has_single_bit(constant.second);
  };
  const auto is_above_two = [](const auto& constant) { return constant.second > 2; };
  if (!std::ranges::all_of(values, is_flag) || std::ranges::none_of(values, is_above_two))
    return {};
  std::string text;
  std::uint64_t rest = value;
  for (const auto& [name, flag] : values) {
    if ((rest & flag) == 0) continue;
    text += (text.empty() ? "" : "|") + name;
    rest &= ~flag;
  }
  if (rest != 0 && !text.empty()) text += fmt::format("|{:#x}", rest);
  return text;
}

}  // namespace sonde::types
