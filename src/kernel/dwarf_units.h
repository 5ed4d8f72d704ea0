// The compilation units of a file's debug information, and which of them has the code at an address. Internal to src/kernel.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernel/dwarf_die.h"

namespace sonde::kernel {

class DwarfUnits {
 public:
  explicit DwarfUnits(Dwarf* dwarf) : dwarf_(dwarf) {}

  // All units with their types, in order; of a unit whose information lies in a file of its own (.dwo) that one. Read once.
  [[nodiscard]] const std::vector<Dwarf_Die>& all();
  // The unit with the code at `pc`, as all() has it and as own() has it; nullopt if none is described.
  struct Unit {
    Dwarf_Die described;
    Dwarf_Die own;
  };
  [[nodiscard]] std::optional<Unit> unit_at(std::uint64_t pc);
  // The innermost function with code of its own at `pc`, where no inlined body counts; nullopt if none is described.
  [[nodiscard]] std::optional<Dwarf_Die> function_at(std::uint64_t pc);

 private:
  struct Range {
    std::uint64_t begin, end;  // Virtual addresses, end exclusive.
    std::size_t unit;          // Index into all().
  };
  struct Function {
    std::uint64_t begin, end;
    Dwarf_Die die;
  };
  void read_ranges();
  const std::vector<Function>& functions_of(std::size_t unit);
  static void collect(const Dwarf_Die& parent, int depth, std::vector<Function>& out);

  Dwarf* dwarf_;
  std::optional<std::vector<Dwarf_Die>> units_;
  std::vector<Dwarf_Die>
      skeletons_;  // Those of all(), as the file itself has them: they know lines and ranges.
  std::optional<std::vector<Range>> ranges_;  // By begin.
  std::map<std::size_t, std::vector<Function>> functions_;

 public:
  // The units that the file itself holds; element i belongs to all()[i].
  [[nodiscard]] const std::vector<Dwarf_Die>& own() {
    static_cast<void>(all());
    return skeletons_;
  }
};

// The address of a function's first instruction; nullopt for one without code.
[[nodiscard]] std::optional<std::uint64_t> entry_of(const Dwarf_Die& function);

}  // namespace sonde::kernel
