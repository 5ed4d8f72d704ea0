// What a compiler's BTF describes, as types of a script.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "kernel/btf_types.h"
#include "kernel/view.h"

namespace sonde::kernel {

class BtfHeaders : public Headers {
 public:
  // `space`: where pointers point that the BTF says nothing about.
  BtfHeaders(types::Context& types, Btf btf,
             types::AddressSpace space = types::AddressSpace::Kernel)
      : btf_(std::move(btf)), found_(btf_, types, nullptr, space) {}

  const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) override {
    return found_.find_record(name, keyword);
  }
  const types::Type* find_enum(std::string_view name) override { return found_.find_enum(name); }
  const types::Type* find_typedef(std::string_view name) override {
    return found_.find_typedef(name);
  }
  std::optional<EnumConstant> find_enum_constant(std::string_view name) override {
    return found_.find_enum_constant(name);
  }
  void set_fallback(types::RecordSource* fallback) override { found_.set_fallback(fallback); }

 protected:
  Btf btf_;
  BtfTypes found_;
};

}  // namespace sonde::kernel
