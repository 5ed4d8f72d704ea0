// The fixture's structs, enums, typedefs and function signatures. Internal to src/kernel.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/view.h"
#include "types/type.h"

namespace sonde::kernel {

// A record that is declared and never defined.
class DeclaredOnly final : public types::RecordSource {
 public:
  bool complete(types::Record&) override { return false; }
};

struct FixtureTypes {
  explicit FixtureTypes(types::Context& context);
  FixtureTypes(const FixtureTypes&) = delete;
  FixtureTypes& operator=(const FixtureTypes&) = delete;

  std::map<std::string, const types::Type*, std::less<>> structs, unions, enums, typedefs;
  std::map<std::string, Signature, std::less<>> functions;        // By name.
  std::map<std::string, Signature, std::less<>> raw_tracepoints;  // By name.
  std::map<std::string, Signature, std::less<>> iterators;        // By kind of object.

 private:
  // Type by C name: "u64", "struct sock *", "char __user *", "char[16]".
  const types::Type* named(std::string_view text);
  const types::Type* declared(std::string_view name);
  void define_typedefs();
  void define_enums();
  void define_task_records();
  void define_socket_records();
  void define_file_records();
  void define_other_records();
  void define_functions();
  void define_iterators();
  struct Member {
    std::string_view name, type;
    std::uint32_t offset = 0;
    std::optional<types::BitField> bits = std::nullopt;
  };
  const types::Type* define(types::Record::Keyword keyword, std::string_view name,
                            std::uint32_t size, std::initializer_list<Member> members);
  const types::Type* define_struct(std::string_view name, std::uint32_t size,
                                   std::initializer_list<Member> members) {
    return define(types::Record::Keyword::Struct, name, size, members);
  }
  Signature signature(std::string_view name, std::string_view result,
                      std::initializer_list<Member> parameters);

  types::Context& types_;
  DeclaredOnly declared_only_;
  // Anonymous members, by a name that no script can write ("<task_struct 1>").
  std::map<std::string, const types::Type*, std::less<>> anonymous_;
};

}  // namespace sonde::kernel
