// The rules by which types combine: operands of an operator, results of `? :`, all that one variable or map is given.
// Pure functions; every rule has a row in tests/unit/sema/promote_test.cpp.
//
// An integer has two types. The *exact* one says how a value is kept: literals take the smallest type that holds them, and
// arithmetic is done in 64 bits, so that `uint32 - uint32` may go below zero and nothing wraps by surprise. The *natural* one
// is what the operands alone make of it (`uint32 + uint8` is uint32). Whether things go together is decided by the natural
// types, so that `$n + 1` may still be stored with unsigned 64-bit numbers if `$n` is unsigned.
#pragma once

#include <string>

#include "ast/ast.h"
#include "types/type.h"

namespace sonde::sema {

using types::Type;

// The integer that arithmetic sees: an enum's underlying integer, uint8 for bool, the type itself otherwise.
[[nodiscard]] const Type* as_integer(types::Context& context, const Type* integral);

// The smallest integer type that holds all values of both; null for uint64 and a signed one, which have none.
[[nodiscard]] const Type* join_integers(types::Context& context, const Type* left,
                                        const Type* right);

// Type in which two integral operands are compared: what holds both, else uint64.
[[nodiscard]] const Type* common_integer(types::Context& context, const Type* left,
                                         const Type* right);

// Exact result of arithmetic: uint64 if an operand is, else int64.
[[nodiscard]] const Type* arithmetic_type(types::Context& context, const Type* left,
                                          const Type* right);

// Own type of an integer literal: the smallest that holds it, unsigned unless it is below zero.
[[nodiscard]] const Type* literal_type(types::Context& context, const ast::IntegerLiteral& literal);
// True if the literal is below zero (made by folding; its text then begins with '-').
[[nodiscard]] bool is_negative(const ast::IntegerLiteral& literal);
// True if `type` is an integer that can hold the literal's value.
[[nodiscard]] bool literal_fits(const ast::IntegerLiteral& literal, const Type* type);

// One type for two values that share a place: both results of `? :`, or what a variable or map value holds that held `old`
// and is now given `added`. Integers, enums and booleans mix to integers, strings and buffers grow, tuples join element by
// element, an aggregation is signed if one of them is. Null if they conflict; `old` may be null.
[[nodiscard]] const Type* join(types::Context& context, const Type* old, const Type* added);
// The same for map keys, where pointers and integers mix to uint64 as well.
[[nodiscard]] const Type* join_key(types::Context& context, const Type* old, const Type* added);

// A type in both views.
struct Given {
  const Type* natural = nullptr;
  const Type* exact = nullptr;
  // Unsigned only because of literals above 32 bits: int64 holds them too.
  bool may_be_signed = false;
};
// What a place holds that is given all of these: the natural type, with 64 bits where one of the exact types has them.
// Null if the natural types conflict, see join().
using Join = const Type* (*)(types::Context&, const Type*, const Type*);
[[nodiscard]] bool give(types::Context& context, Given& held, const Given& added, Join rule);
[[nodiscard]] const Type* held_type(types::Context& context, const Given& held);

// How to mend a conflict of two types; "" if there is nothing to say.
[[nodiscard]] std::string conflict_hint(const Type* added, const Type* held);

// True if a value that the script's author sees as `natural` fits a place declared as `declared`.
[[nodiscard]] bool fits_declared(types::Context& context, const Type* declared,
                                 const Type* natural);

}  // namespace sonde::sema
