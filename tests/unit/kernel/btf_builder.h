// Builds small BTF blobs by hand. Methods return the id of the new type.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/btf.h"

namespace sonde::kernel {

class BtfBuilder {
 public:
  // `first_id` and `first_string` continue a base.
  explicit BtfBuilder(std::uint32_t first_id = 1, std::uint32_t first_string = 0)
      : next_id_(first_id), first_string_(first_string), strings_(1, '\0') {}

  struct Member {
    std::string_view name;
    std::uint32_t type;
    std::uint32_t bit_offset;
    std::uint32_t bits = 0;
  };
  struct Constant {
    std::string_view name;
    std::uint64_t value;
  };
  struct Parameter {
    std::string_view name;
    std::uint32_t type;
  };

  std::uint32_t string(std::string_view text) {
    if (text.empty()) return 0;
    const auto [slot, is_new] = known_.try_emplace(std::string(text), 0);
    if (is_new) {
      slot->second = first_string_ + static_cast<std::uint32_t>(strings_.size());
      strings_.append(text).push_back('\0');
    }
    return slot->second;
  }
  // A copy that no type uses, as a producer may leave it that does not merge strings.
  void append_unused_string(std::string_view text) { strings_.append(text).push_back('\0'); }
  // `encoding`: 1 signed, 2 char, 4 bool.
  std::uint32_t integer(std::string_view name, std::uint32_t bytes, std::uint32_t encoding = 0,
                        std::uint32_t bits = 0, std::uint32_t bit_offset = 0) {
    const std::uint32_t id = add(name, BtfKind::Int, 0, bytes);
    put(encoding << 24 | bit_offset << 16 | (bits != 0 ? bits : bytes * 8));
    return id;
  }
  // Pointer, Typedef, Const, Volatile, Restrict, TypeTag, Function.
  std::uint32_t refer(BtfKind kind, std::uint32_t type, std::string_view name = {}) {
    return add(name, kind, 0, type);
  }
  std::uint32_t forward(std::string_view name, bool is_union = false) {
    return add(name, BtfKind::Forward, 0, 0, is_union);
  }
  std::uint32_t array(std::uint32_t element, std::uint32_t count) {
    const std::uint32_t id = add({}, BtfKind::Array, 0, 0);
    put(element);
    put(1);
    put(count);
    return id;
  }
  // With `has_bits` the offsets carry widths (kind_flag).
  std::uint32_t record(BtfKind kind, std::string_view name, std::uint32_t size,
                       const std::vector<Member>& members, bool has_bits = false) {
    const std::uint32_t id =
        add(name, kind, static_cast<std::uint32_t>(members.size()), size, has_bits);
    for (const Member& member : members) {
      put(string(member.name));
      put(member.type);
      put(has_bits ? member.bits << 24 | member.bit_offset : member.bit_offset);
    }
    return id;
  }
  std::uint32_t enumeration(std::string_view name, const std::vector<Constant>& constants,
                            bool is_signed = false, std::uint32_t bytes = 4) {
    const std::uint32_t id =
        add(name, BtfKind::Enum, static_cast<std::uint32_t>(constants.size()), bytes, is_signed);
    for (const Constant& constant : constants) {
      put(string(constant.name));
      put(static_cast<std::uint32_t>(constant.value));
    }
    return id;
  }
  std::uint32_t enumeration64(std::string_view name, const std::vector<Constant>& constants,
                              bool is_signed = false) {
    const std::uint32_t id =
        add(name, BtfKind::Enum64, static_cast<std::uint32_t>(constants.size()), 8, is_signed);
    for (const Constant& constant : constants) {
      put(string(constant.name));
      put(static_cast<std::uint32_t>(constant.value));
      put(static_cast<std::uint32_t>(constant.value >> 32));
    }
    return id;
  }
  std::uint32_t prototype(std::uint32_t result, const std::vector<Parameter>& parameters) {
    const std::uint32_t id =
        add({}, BtfKind::FunctionProto, static_cast<std::uint32_t>(parameters.size()), result);
    for (const Parameter& parameter : parameters) {
      put(string(parameter.name));
      put(parameter.type);
    }
    return id;
  }

  [[nodiscard]] std::uint32_t next_id() const { return next_id_; }
  [[nodiscard]] std::string bytes() const {
    std::string blob;
    const auto word = [&](std::uint32_t value) {
      blob.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    word(0x0001eb9f);  // Magic, version 1, no flags.
    word(24);
    word(0);
    word(static_cast<std::uint32_t>(types_.size()));
    word(static_cast<std::uint32_t>(types_.size()));
    word(static_cast<std::uint32_t>(strings_.size()));
    return blob + types_ + strings_;
  }

 private:
  std::uint32_t add(std::string_view name, BtfKind kind, std::uint32_t count,
                    std::uint32_t size_or_type, bool flag = false) {
    put(string(name));
    put(std::uint32_t{flag} << 31 | static_cast<std::uint32_t>(kind) << 24 | count);
    put(size_or_type);
    return next_id_++;
  }
  void put(std::uint32_t value) {
    types_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::uint32_t next_id_;
  std::uint32_t first_string_;
  std::string types_;
  std::string strings_;
  std::map<std::string, std::uint32_t> known_;
};

}  // namespace sonde::kernel
