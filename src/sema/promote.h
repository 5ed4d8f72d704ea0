// The rules by which types combine: operands of an operator, results of `? :`, assignments to one variable or map.
// Pure functions; every rule has a row in tests/unit/sema/promote_test.cpp.
#pragma once

#include "ast/ast.h"
#include "types/type.h"

namespace sonde::sema {

using types::Type;

// The integer that arithmetic sees: an enum's underlying integer, int32 for bool, the type itself otherwise.
[[nodiscard]] const Type* as_integer(types::Context& context, const Type* integral);

// Type in which two integral operands are compared: the wider of the two; of equal width the unsigned one.
[[nodiscard]] const Type* common_integer(types::Context& context, const Type* left,
                                         const Type* right);

// Result of arithmetic: 64 bits wide, so that nothing overflows early, with the sign of common_integer().
[[nodiscard]] const Type* arithmetic_type(types::Context& context, const Type* left,
                                          const Type* right);

// Own type of an integer literal: int64, or uint64 if it does not fit.
[[nodiscard]] const Type* literal_type(types::Context& context, const ast::IntegerLiteral& literal);
// True if the literal is below zero (made by folding; its text then begins with '-').
[[nodiscard]] bool is_negative(const ast::IntegerLiteral& literal);
// True if `type` is an integer that can hold the literal's value.
[[nodiscard]] bool literal_fits(const ast::IntegerLiteral& literal, const Type* type);

// The type in which a variable or map keeps a value: integers have 64 bits, all others are as they are.
[[nodiscard]] const Type* stored(types::Context& context, const Type* type);

// One type for both results of `? :`; null if there is none.
[[nodiscard]] const Type* unify(types::Context& context, const Type* left, const Type* right);

// What a variable or a map holds that held `old` (null: nothing yet) and is now given `added`; null if they conflict.
// The sign of the first integer stays; strings and buffers grow; integers, enums and booleans mix to integers.
[[nodiscard]] const Type* merge(types::Context& context, const Type* old, const Type* added);
// The same for map keys, where pointers and integers mix to uint64 as well.
[[nodiscard]] const Type* merge_key(types::Context& context, const Type* old, const Type* added);

}  // namespace sonde::sema
