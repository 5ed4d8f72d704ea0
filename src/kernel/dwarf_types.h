// Types of a program's debug information as types of the language, the same as those from BTF: each is made when it is
// first asked for, structs come incomplete, pointers point into user space. DWARF is not turned into BTF on the way: BTF has
// no base classes and no references, and a large program's DWARF takes seconds to read as a whole.
//
// Each compilation unit describes what it uses, so one struct of a program has many entries. Entries of the same name, size, file and
// line become one type: a pointer from one unit can be assigned to one from another.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kernel/dwarf_die.h"
#include "kernel/view.h"
#include "types/type.h"

namespace sonde::kernel {

// "const char *", "struct request *", "int[4]"; "void" for nothing.
[[nodiscard]] std::string c_text(const std::optional<Dwarf_Die>& type);

class DwarfTypes final : public types::RecordSource, public NamedTypes {
 public:
  // Gives the units of the file one after the other; nullopt at the end.
  using NextUnit = std::function<std::optional<Dwarf_Die>()>;

  // `types` must outlive this, and this the last use of an incomplete record.
  DwarfTypes(types::Context& types, NextUnit next_unit)
      : types_(types), next_unit_(std::move(next_unit)) {}

  // The type of an entry; void for nullopt, for functions and for what is malformed.
  [[nodiscard]] const types::Type* type(const std::optional<Dwarf_Die>& die) {
    return convert(die, 0, {});
  }

  // --- NamedTypes: units are read until one has the name ---
  const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) override;
  const types::Type* find_enum(std::string_view name) override;
  const types::Type* find_typedef(std::string_view name) override;
  std::optional<EnumConstant> find_enum_constant(std::string_view name) override;
  std::vector<std::string> similar_types(std::string_view name) override;

  bool complete(types::Record& record) override;

 private:
  enum class Kind : std::uint8_t { Struct, Union, Enum, Typedef };
  using Key = std::pair<Kind, std::string>;
  // What makes two entries the same type, if the same file declares them: tag, name, size, line.
  using Identity = std::tuple<int, std::string, std::uint64_t, std::uint64_t>;
  struct Known {
    Dwarf_Die die;  // The first entry.
    const types::Type* type;
  };

  const types::Type* convert(const std::optional<Dwarf_Die>& die, int depth,
                             std::string_view alias);
  const types::Type* make(const Dwarf_Die& die, int depth, std::string_view alias);
  const types::Type* make_base(const Dwarf_Die& die);
  const types::Type* make_array(const Dwarf_Die& die, int depth);
  const types::Type* make_enum(const Dwarf_Die& die, std::string_view alias);
  const types::Type* make_record(const Dwarf_Die& die, std::string_view alias);
  const types::Type* declared(const Dwarf_Die& die);
  // The type of another entry for the same; null if this is the first.
  const types::Type* known(const Identity& identity, const Dwarf_Die& die);
  const types::Type* new_record(const Dwarf_Die& die, std::string_view name);
  void add_member(types::Record& record, const Dwarf_Die& parent, const Dwarf_Die& member);

  // The definition of that name; reads further units if need be.
  std::optional<Dwarf_Die> definition(Kind kind, std::string_view name);
  void index_children(const Dwarf_Die& parent, int depth);
  void index_entry(const Dwarf_Die& die, int depth);
  bool index_next_unit();

  types::Context& types_;
  NextUnit next_unit_;
  std::unordered_map<const void*, const types::Type*> by_entry_;
  std::multimap<Identity, Known> by_identity_;
  std::map<Key, const types::Type*> declared_;  // Not defined so far.
  std::vector<Dwarf_Die> records_;              // source_id - 1: the entry of an incomplete record.
  std::map<Key, Dwarf_Die, std::less<>> index_;
  std::map<std::string, std::pair<Dwarf_Die, Dwarf_Die>, std::less<>>
      constants_;  // The enum, the constant.
};

}  // namespace sonde::kernel
