// All pieces of C of one script, in order, with a compiler where it takes one. Internal to resolve.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "resolve/c/parser.h"
#include "resolve/definitions.h"

namespace sonde::resolve::c {

class Reader {
 public:
  Reader(Scope& scope, const ast::Program& program, const HeaderOptions& options,
         diag::Emitter& emitter)
      : scope_(scope), program_(program), options_(options), emitter_(emitter) {}

  // Fills the scope. The headers belong to the caller, as records complete themselves from them.
  std::unique_ptr<kernel::Headers> read();

 private:
  // The pieces that the compiler gets.
  enum class Share : std::uint8_t {
    Directives,  // Without definitions: these are read here.
    Everything,
  };
  void note_tags();
  [[nodiscard]] bool needs_compiler() const;
  std::unique_ptr<kernel::Headers> compile(Share share);
  [[nodiscard]] std::string text_for_compiler(Share share) const;
  [[nodiscard]] std::vector<std::string> wanted_names() const;
  void report(const kernel::HeaderProblem& problem);
  bool leave_out(const kernel::HeaderProblem& problem);
  [[nodiscard]] const ast::CPart* part_of(std::string_view file) const;
  [[nodiscard]] Location first_need() const;

  Outcome read_own();
  void directive(const ast::CPart& part);
  void compare_with_kernel();
  [[nodiscard]] const Type* from_headers(TagKind kind, const std::string& name) const;

  Scope& scope_;
  const ast::Program& program_;
  const HeaderOptions& options_;
  diag::Emitter& emitter_;
  std::vector<const ast::CPart*> left_out_;  // `#include` of headers that are not there.
  Location not_plain_;  // The first definition that only a compiler understands.
};

}  // namespace sonde::resolve::c
