// Handlers of the functions: check_<Id> for each row of builtins/functions.def, grouped by file in this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ast/ast.h"
#include "builtins/tables.h"
#include "sema/checker.h"
#include "sema/fold.h"

namespace sonde::sema::function {

// One call under check: the number of its arguments fits the row already.
struct Use {
  Checker& checker;
  ast::Call& call;
  ast::Expression*& slot;  // Holds the call; kCompileTime functions put their result here.
  const builtins::Function& row;

  [[nodiscard]] Session& session() const { return checker.session(); }
  [[nodiscard]] types::Context& types() const { return checker.session().types; }
  [[nodiscard]] std::size_t count() const { return call.arguments.size(); }
  [[nodiscard]] ast::Expression*& argument(std::size_t index) const {
    return call.arguments[index];
  }

  // Reports the argument at `index` (from 0) and returns null.
  const Type* wrong_type(std::size_t index, std::string expected, std::string hint = {}) const;
  const Type* out_of_range(std::size_t index, std::string why, std::string hint = {}) const;

  // Type of an integer argument; null after an error. Booleans and enums count as integers.
  const Type* integer(std::size_t index) const;
  // The value of an argument that must be known while compiling; nullopt after an error.
  [[nodiscard]] std::optional<Constant> constant(std::size_t index) const;
  // The value of a checked argument if it is known; in the end the argument is then an IntegerLiteral, as codegen wants it.
  [[nodiscard]] std::optional<Constant> fold(std::size_t index) const;
  // Bytes that a length argument asks for: its value if it is known, else `limit`, which is the most in any case; nullopt
  // after an error.
  [[nodiscard]] std::optional<std::uint32_t> length(std::size_t index, std::uint32_t limit) const;
  // Type of a string argument; null after an error. Of a char pointer the string is taken that it points to.
  const Type* text(std::size_t index) const;
  // The text of a string that is known: a literal, a parameter; nullopt after an error.
  [[nodiscard]] std::optional<std::string> known_text(std::size_t index) const;
  // A string literal; null after an error.
  [[nodiscard]] const ast::StringLiteral* literal_string(std::size_t index) const;
  // The map that the argument names as a whole; null after an error.
  [[nodiscard]] MapFacts* map(std::size_t index) const;
  // False after an error: the probe has no arguments whose types the verifier knows. `what` they would be, "sockets".
  [[nodiscard]] bool has_typed_arguments(std::string_view what) const;
  // Adds the action in the final pass and notes it in the call. Returns void.
  const Type* send(plan::Action action) const;
};

using Handler = const Type* (*)(Use&);

// Returns the type of the call's value (void if it has none), or null after an error.
#define SONDE_FUNCTION(Id, name, min, max, flags, kernel, signature, doc) \
  const Type* check_##Id(Use& use);
#include "builtins/functions.def"

}  // namespace sonde::sema::function
