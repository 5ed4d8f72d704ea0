// Conditional compilation as far as it can be told without a preprocessor. Many scripts include headers only if the kernel
// has no BTF: such parts are left out, probes and all, and no compiler is needed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sonde::parser {

class Conditionals {
 public:
  // `has_btf`: SONDE_HAVE_BTF and BPFTRACE_HAVE_BTF count as defined.
  explicit Conditionals(bool has_btf = true);

  enum class Line : std::uint8_t {
    Done,     // It was a condition, and has been decided.
    PassOn,   // It is for the C compiler.
    Left,     // It stands in a part that is left out.
    Unpaired  // An `#else`, `#elif` or `#endif` without its `#if`.
  };
  // Takes the line `#name arguments`.
  Line take(std::string_view name, std::string_view arguments, std::uint32_t offset);

  // What follows is left out.
  [[nodiscard]] bool skipping() const;
  // What follows counts or does not, and only a preprocessor can tell.
  [[nodiscard]] bool undecided() const;
  // Offset of the innermost `#if` that has no `#endif`.
  [[nodiscard]] std::optional<std::uint32_t> open() const;

  // The value of a condition; nullopt if it depends on what a header or the compiler defines.
  [[nodiscard]] std::optional<bool> evaluate(std::string_view condition) const;

 private:
  enum class State : std::uint8_t {
    Taken,      // Its text counts.
    Waiting,    // Not yet: an `#else` may.
    Over,       // Another branch has been taken, or all of it lies in a part that is left out.
    Undecided,  //
  };
  struct Open {
    State state;
    std::uint32_t offset;
  };
  Line open_condition(std::string_view name, std::string_view arguments, std::uint32_t offset);
  Line next_branch(bool is_else, std::string_view arguments);
  void define(std::string_view arguments);
  void undefine(std::string_view name);

  std::vector<Open> open_;
  std::map<std::string, std::string, std::less<>> defined_;  // With what it stands for.
  std::set<std::string, std::less<>> undefined_;             // Certainly not defined.
  std::set<std::string, std::less<>> uncertain_;             // Defined or not in an undecided part.
  bool has_include_ = false;                                 // Anything else may be defined.
};

}  // namespace sonde::parser
