// The syntax tree of a script: its probes, maps and settings, and the owner of all nodes.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ast/nodes.h"

namespace sonde::ast {

// --- top level ---

// "uprobe:/bin/bash:readline": the text between colons, quotes removed. What the pieces mean is the probe kind's affair.
struct AttachPoint {
  struct Piece {
    std::string text;
    Location location;
  };
  Location location;
  std::string text;      // As written.
  std::string provider;  // As written: "tracepoint", "t", "BEGIN".
  Location provider_location;
  std::vector<Piece> pieces;  // Behind the provider.
  const builtins::ProbeKind* kind =
      nullptr;  // Set by the parser; null if unknown (already diagnosed by resolve).
};

struct Probe {
  Location location;  // From the first attach point to the closing brace.
  std::vector<AttachPoint> attach_points;
  Expression* predicate = nullptr;  // May be null.
  Block* body = nullptr;
};

struct ConfigEntry {
  Location location;
  std::string name;
  Location name_location;
  std::string value;  // Text of the literal.
  Location value_location;
};

// `let @m = lruhash(100);`
struct MapDeclaration {
  Location location;
  std::string name;
  std::string type_name;
  std::uint64_t entries = 0;
};

// `import "path";`
struct Import {
  Location location;
  std::string path;  // As written.
  Location path_location;
};

// A C file that an import names; resolve finds it.
struct CFile {
  Location location;                           // Of the import's path.
  std::string path;                            // Where it was found.
  std::uint32_t source = Location::kNoSource;  // Its text.
};

struct MacroParameter {
  enum class Kind : std::uint8_t { Expression, Variable, Map, Type };
  Kind kind = Kind::
      Expression;    // Type: a name that stands where only a type can be, in a cast for example.
  std::string name;  // With the '$' or '@'.
  Location location;
};

// `macro name($a, @m, x) { statements; value }`
struct Macro {
  Location location;
  std::string name;
  Location name_location;
  std::vector<MacroParameter> parameters;
  Block* body = nullptr;        // Without the value.
  Expression* value = nullptr;  // Null if the body ends with a statement.
};

// C in front of the probes, as written: one definition, or one line for the preprocessor. What it says is resolve's affair.
struct CPart {
  Location location;
  std::string text;
  bool is_directive = false;
  // Only a preprocessor can tell whether it counts: it stands behind such an `#if`, or is one.
  bool undecided = false;
};

class Arena {
 public:
  template <class NodeType, class... Args>
  NodeType* make(Args&&... args) {
    auto node = std::make_unique<NodeType>(std::forward<Args>(args)...);
    NodeType* raw = node.get();
    nodes_.push_back(std::move(node));
    return raw;
  }
  Variable* make_variable(std::string name, Location declared) {
    return &variables_.emplace_back(Variable{std::move(name), nullptr, declared});
  }
  // Takes over the nodes of a tree that becomes part of this one. Variables are made later, by sema.
  void adopt(Arena& other) {
    for (auto& node : other.nodes_) nodes_.push_back(std::move(node));
    other.nodes_.clear();
  }

 private:
  std::deque<std::unique_ptr<Node>> nodes_;
  std::deque<Variable> variables_;
};

struct Program {
  std::unique_ptr<Arena> arena = std::make_unique<Arena>();
  std::vector<Import> imports;
  std::vector<ConfigEntry> config;
  std::vector<MapDeclaration> maps;
  std::deque<Macro> macros;
  std::vector<CPart> c_parts;  // In the order in which a compiler would meet them.
  std::vector<CFile> c_files;  // Set by resolve.
  std::deque<Probe> probes;    // References stay valid.
};

}  // namespace sonde::ast
