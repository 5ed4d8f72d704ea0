// The nodes of the syntax tree: expressions and statements. The parser makes them, resolve and sema fill in the fields
// marked so; nodes are owned by the Arena of their Program and freed with it. Children are plain pointers, never null
// unless a comment says so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/source.h"
#include "types/type.h"

namespace sonde::builtins {
struct Variable;
struct Function;
struct ProbeKind;
}  // namespace sonde::builtins

namespace sonde::plan {
struct CFunction;
}

namespace sonde::ast {

using diag::Location;

enum class NodeKind : std::uint8_t {
#define SONDE_EXPRESSION(Class) Class,
#define SONDE_STATEMENT(Class) Class,
#include "ast/nodes.def"
};

enum class BinaryOp : std::uint8_t {
#define SONDE_BINARY(Id, spelling) Id,
#define SONDE_UNARY(Id, spelling)
#include "ast/operators.def"
};

enum class UnaryOp : std::uint8_t {
#define SONDE_BINARY(Id, spelling)
#define SONDE_UNARY(Id, spelling) Id,
#include "ast/operators.def"
};

[[nodiscard]] std::string_view spelling(BinaryOp op);
[[nodiscard]] std::string_view spelling(UnaryOp op);
// How tightly the operator binds: a higher number first. All of them associate to the left.
[[nodiscard]] int precedence(BinaryOp op);

// Levels of a tree. Every stage recurses over it; this many levels fit any stack with room to spare.
inline constexpr std::uint16_t kMaxHeight = 500;

struct Node {
  NodeKind kind;
  // Levels of the tree from here down, at least 1 and at most kMaxHeight.
  std::uint16_t height = 1;
  Location location;

  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

 protected:
  Node(NodeKind node_kind, Location where) : kind(node_kind), location(where) {}
  Node(const Node&) = default;  // For ast/clone.h: children are still those of the original.
};

struct Expression : Node {
  const types::Type* type = nullptr;  // Set by sema.
 protected:
  using Node::Node;
};

struct Statement : Node {
 protected:
  using Node::Node;
};

// A type as written: `struct task_struct *`, `uint64`, `int8[16]`, `string[64]`, `typeof($x) *`.
struct TypeName {
  enum class Keyword : std::uint8_t { None, Struct, Union, Enum };
  Location location;
  Keyword keyword = Keyword::None;
  std::string name;  // "task_struct", "uint64", "string"; "unsigned long" with single spaces.
  Expression* of = nullptr;    // `typeof(EXPRESSION)` instead of a name; may be null.
  std::uint32_t pointers = 0;  // Number of '*'.
  std::vector<std::uint32_t>
      dimensions;  // "[4][8]"; for string and buffer the capacity. 0 for "[]": as many as the value has.
  const types::Type* type = nullptr;  // Set by resolve; by sema for `typeof`.
};

// --- expressions ---

struct IntegerLiteral : Expression {
  static constexpr NodeKind kKind = NodeKind::IntegerLiteral;
  std::uint64_t value;
  std::string text;      // As written, for the printer; may be empty for a made-up literal.
  std::string fraction;  // Digits behind a decimal point; sema allows them in percentages.
  IntegerLiteral(Location where, std::uint64_t v, std::string t)
      : Expression(kKind, where), value(v), text(std::move(t)) {}
};

struct BoolLiteral : Expression {
  static constexpr NodeKind kKind = NodeKind::BoolLiteral;
  bool value;
  BoolLiteral(Location where, bool v) : Expression(kKind, where), value(v) {}
};

// Where the characters of a string's value stand in its literal: behind the opening quote, but for escapes, which are longer
// than what they mean. Empty for a string that no literal of the script spells out.
struct TextOffsets {
  struct Escape {
    std::uint32_t at;     // Into the value: the character that the escape means.
    std::uint32_t extra;  // Bytes of the escape beyond one.
  };
  bool is_written = false;
  std::vector<Escape> escapes;  // In order.
  // Offset into the literal, its opening quote counted, of the character at `index` of the value.
  [[nodiscard]] std::uint32_t of(std::size_t index) const;
};

struct StringLiteral : Expression {
  static constexpr NodeKind kKind = NodeKind::StringLiteral;
  std::string value;  // Escapes resolved.
  TextOffsets offsets;
  StringLiteral(Location where, std::string v, TextOffsets o = {})
      : Expression(kKind, where), value(std::move(v)), offsets(std::move(o)) {}
  // The place of value[begin, end) in the script; of the whole literal if it does not stand there as written.
  [[nodiscard]] Location part(std::size_t begin, std::size_t end) const;
};

// A bare word: builtin variable (`pid`), enum constant, call without parentheses, or a mode argument (`perf`).
struct Identifier : Expression {
  static constexpr NodeKind kKind = NodeKind::Identifier;
  std::string name;
  const builtins::Variable* variable = nullptr;  // Set by sema if it is a builtin variable.
  std::uint64_t constant = 0;                    // Set by sema if `type` is an enum.
  Identifier(Location where, std::string n) : Expression(kKind, where), name(std::move(n)) {}
};

// `$1`, or `$#` when index is 0.
struct PositionalParameter : Expression {
  static constexpr NodeKind kKind = NodeKind::PositionalParameter;
  std::uint32_t index;
  std::string text;  // Set by resolve: the argument, the count for `$#`, or "" if it was not given.
  PositionalParameter(Location where, std::uint32_t i) : Expression(kKind, where), index(i) {}
};

// One scratch variable of one scope; made by sema.
struct Variable {
  std::string name;
  const types::Type* type = nullptr;
  Location declared;
  std::uint32_t expansion = 0;  // See ScratchVariable.
};

struct ScratchVariable : Expression {
  static constexpr NodeKind kKind = NodeKind::ScratchVariable;
  std::string name;  // With the '$'.
  // The macro call that brought the name in, 0 for the probe's own text. Names of different ones never mean one variable.
  std::uint32_t expansion = 0;
  Variable* variable = nullptr;  // Set by sema.
  ScratchVariable(Location where, std::string n) : Expression(kKind, where), name(std::move(n)) {}
};

// `@name`, `@name[key]`; several keys are a Tuple. As an argument of print(), clear(), ... it names the whole map.
struct MapAccess : Expression {
  static constexpr NodeKind kKind = NodeKind::MapAccess;
  std::string name;           // With the '@'; "@" alone is a map too.
  Expression* key = nullptr;  // May be null.
  int map = -1;               // Index into plan::Plan::maps; set by sema.
  MapAccess(Location where, std::string n, Expression* k)
      : Expression(kKind, where), name(std::move(n)), key(k) {}
};

struct Call : Expression {
  static constexpr NodeKind kKind = NodeKind::Call;
  std::string name;
  Location name_location;
  std::vector<Expression*> arguments;
  const builtins::Function* function = nullptr;  // Set by sema.
  const plan::CFunction* c_function = nullptr;   // Set by sema: of an imported C file.
  int action = -1;  // Index into plan::Plan::actions of an event that the call sends; set by sema.
  std::optional<bool> decided;  // Set by sema: the result of a call decided while compiling.
  // Of print(@m) and of the clear(@m) or zero(@m) behind it: the other one, see sema/intervals.h.
  Call* pair = nullptr;
  int together = -1;  // Of such a print(@m): as plan::Action::together.
  Call(Location where, std::string n, Location name_at, std::vector<Expression*> args)
      : Expression(kKind, where), name(std::move(n)), name_location(name_at),
        arguments(std::move(args)) {}
};

struct Unary : Expression {
  static constexpr NodeKind kKind = NodeKind::Unary;
  UnaryOp op;
  Expression* operand;
  Unary(Location where, UnaryOp o, Expression* e) : Expression(kKind, where), op(o), operand(e) {}
};

struct Binary : Expression {
  static constexpr NodeKind kKind = NodeKind::Binary;
  BinaryOp op;
  Expression* left;
  Expression* right;
  Location op_location;
  Binary(Location where, BinaryOp o, Location op_at, Expression* l, Expression* r)
      : Expression(kKind, where), op(o), left(l), right(r), op_location(op_at) {}
};

struct Ternary : Expression {
  static constexpr NodeKind kKind = NodeKind::Ternary;
  Expression* condition;
  Expression* then_value;  // Null for `a ?: b`.
  Expression* else_value;
  Ternary(Location where, Expression* c, Expression* t, Expression* e)
      : Expression(kKind, where), condition(c), then_value(t), else_value(e) {}
};

// `a.b`, `a->b`, `tuple.0` (then `field` is the decimal index).
struct Member : Expression {
  static constexpr NodeKind kKind = NodeKind::Member;
  Expression* object;
  std::string field;
  Location field_location;
  bool arrow;
  Member(Location where, Expression* o, std::string f, Location field_at, bool is_arrow)
      : Expression(kKind, where), object(o), field(std::move(f)), field_location(field_at),
        arrow(is_arrow) {}
};

struct Index : Expression {
  static constexpr NodeKind kKind = NodeKind::Index;
  Expression* object;
  Expression* index;
  Index(Location where, Expression* o, Expression* i)
      : Expression(kKind, where), object(o), index(i) {}
};

struct Cast : Expression {
  static constexpr NodeKind kKind = NodeKind::Cast;
  TypeName target;
  Expression* value;
  Cast(Location where, TypeName t, Expression* v)
      : Expression(kKind, where), target(std::move(t)), value(v) {}
};

struct SizeOf : Expression {
  static constexpr NodeKind kKind = NodeKind::SizeOf;
  Expression* value;                   // Null if a type is given.
  TypeName type_name;                  // Used if `value` is null.
  std::optional<std::uint64_t> bytes;  // Set by sema, as far as it is known yet.
  SizeOf(Location where, Expression* v, TypeName t)
      : Expression(kKind, where), value(v), type_name(std::move(t)) {}
};

struct OffsetOf : Expression {
  static constexpr NodeKind kKind = NodeKind::OffsetOf;
  Expression* value;  // Null if a type is given.
  TypeName type_name;
  std::vector<std::string> path;  // Of "a.b[2].c": names, and numbers for elements.
  Location path_location;
  std::uint64_t offset = 0;  // Set by sema.
  OffsetOf(Location where, Expression* v, TypeName t, std::vector<std::string> p, Location path_at)
      : Expression(kKind, where), value(v), type_name(std::move(t)), path(std::move(p)),
        path_location(path_at) {}
};

// A type as an argument of a macro: `size(struct task_struct)`. Expansion puts it where the parameter stands.
struct TypeArgument : Expression {
  static constexpr NodeKind kKind = NodeKind::TypeArgument;
  TypeName type_name;
  TypeArgument(Location where, TypeName t) : Expression(kKind, where), type_name(std::move(t)) {}
};

struct Tuple : Expression {
  static constexpr NodeKind kKind = NodeKind::Tuple;
  std::vector<Expression*> elements;
  Tuple(Location where, std::vector<Expression*> e)
      : Expression(kKind, where), elements(std::move(e)) {}
};

// `{ statements; value }`
struct BlockExpression : Expression {
  static constexpr NodeKind kKind = NodeKind::BlockExpression;
  std::vector<Statement*> statements;
  Expression* value;
  BlockExpression(Location where, std::vector<Statement*> s, Expression* v)
      : Expression(kKind, where), statements(std::move(s)), value(v) {}
};

// --- statements ---

struct ExpressionStatement : Statement {
  static constexpr NodeKind kKind = NodeKind::ExpressionStatement;
  Expression* value;
  ExpressionStatement(Location where, Expression* v) : Statement(kKind, where), value(v) {}
};

// `target = value`, `target += value`. The target is a ScratchVariable or a MapAccess; null for `_ = value`.
struct Assignment : Statement {
  static constexpr NodeKind kKind = NodeKind::Assignment;
  Expression* target;
  bool compound;
  BinaryOp operation;  // Meaningful if `compound`.
  Location operator_location;
  Expression* value;
  Assignment(Location where, Expression* t, bool is_compound, BinaryOp op, Location op_at,
             Expression* v)
      : Statement(kKind, where), target(t), compound(is_compound), operation(op),
        operator_location(op_at), value(v) {}
};

// `let $x`, `let $x: uint8`, `let $x = 1`
struct Declaration : Statement {
  static constexpr NodeKind kKind = NodeKind::Declaration;
  ScratchVariable* target;
  std::unique_ptr<TypeName> type_name;  // May be null.
  Expression* value;                    // May be null.
  Declaration(Location where, ScratchVariable* t, std::unique_ptr<TypeName> n, Expression* v)
      : Statement(kKind, where), target(t), type_name(std::move(n)), value(v) {}
};

struct Block : Statement {
  static constexpr NodeKind kKind = NodeKind::Block;
  std::vector<Statement*> statements;
  Block(Location where, std::vector<Statement*> s)
      : Statement(kKind, where), statements(std::move(s)) {}
};

struct If : Statement {
  static constexpr NodeKind kKind = NodeKind::If;
  Expression* condition;
  Block* then_block;
  Statement* else_block;  // A Block or another If; may be null.
  If(Location where, Expression* c, Block* t, Statement* e)
      : Statement(kKind, where), condition(c), then_block(t), else_block(e) {}
};

struct While : Statement {
  static constexpr NodeKind kKind = NodeKind::While;
  Expression* condition;
  Block* body;
  bool is_called = false;  // Set by sema: the kernel calls the body back (bpf_loop, 5.17).
  While(Location where, Expression* c, Block* b) : Statement(kKind, where), condition(c), body(b) {}
};

struct Unroll : Statement {
  static constexpr NodeKind kKind = NodeKind::Unroll;
  Expression* count;
  Block* body;
  std::uint64_t times = 0;  // Set by sema.
  Unroll(Location where, Expression* c, Block* b) : Statement(kKind, where), count(c), body(b) {}
};

// `for ($i : start..end)`
struct ForRange : Statement {
  static constexpr NodeKind kKind = NodeKind::ForRange;
  ScratchVariable* variable;
  Expression* start;
  Expression* end;
  Block* body;
  bool is_called = false;  // As that of While.
  ForRange(Location where, ScratchVariable* v, Expression* s, Expression* e, Block* b)
      : Statement(kKind, where), variable(v), start(s), end(e), body(b) {}
};

// `for ($kv : @map)`
struct ForMap : Statement {
  static constexpr NodeKind kKind = NodeKind::ForMap;
  ScratchVariable* variable;
  MapAccess* map;
  Block* body;
  ForMap(Location where, ScratchVariable* v, MapAccess* m, Block* b)
      : Statement(kKind, where), variable(v), map(m), body(b) {}
};

enum class JumpKind : std::uint8_t { Break, Continue, Return };

struct Jump : Statement {
  static constexpr NodeKind kKind = NodeKind::Jump;
  JumpKind jump;
  Expression* value;  // `return value`; may be null.
  Jump(Location where, JumpKind j, Expression* v) : Statement(kKind, where), jump(j), value(v) {}
};

// The node as `NodeType`, or null if it is another kind (or null itself).
template <class NodeType>
[[nodiscard]] NodeType* as(Node* node) {
  return node != nullptr && node->kind == NodeType::kKind ? static_cast<NodeType*>(node) : nullptr;
}
template <class NodeType>
[[nodiscard]] const NodeType* as(const Node* node) {
  return node != nullptr && node->kind == NodeType::kKind ? static_cast<const NodeType*>(node)
                                                          : nullptr;
}

}  // namespace sonde::ast
