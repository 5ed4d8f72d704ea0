// Copies of trees. A pass that puts something else in the place of some nodes overrides what it changes.
#pragma once

#include "ast/ast.h"

namespace sonde::ast {

class Cloner {
 public:
  // The copies belong to `arena`.
  explicit Cloner(Arena& arena) : arena_(arena) {}
  virtual ~Cloner() = default;
  Cloner(const Cloner&) = delete;
  Cloner& operator=(const Cloner&) = delete;

  // Null stays null. The copy is as the parser left the node: copy trees before sema has seen them.
  [[nodiscard]] Expression* copy(Expression* node);
  [[nodiscard]] Statement* copy(Statement* node);

 protected:
  [[nodiscard]] Arena& arena() { return arena_; }
  // Levels of the tree above the node that is being copied.
  [[nodiscard]] std::size_t depth() const { return depth_; }

  // Where the copy of what lies at `where` lies.
  virtual Location place(const Location& where) { return where; }
  // What takes the place of `node`; null for its copy.
  virtual Expression* replace(Expression&) { return nullptr; }
  virtual Statement* replace(Statement&) { return nullptr; }
  // Change the copy of a node that the tree holds by its class.
  virtual void change(ScratchVariable&) {}
  virtual void change(MapAccess&) {}
  virtual void change(TypeName&) {}

 private:
  friend struct CopyOf;
  Arena& arena_;
  std::size_t depth_ = 0;
};

}  // namespace sonde::ast
