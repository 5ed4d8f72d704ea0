// The C in front of a script's probes: its types and constants, those of the headers that it includes, and who is asked in
// which order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "diag/emitter.h"
#include "kernel/view.h"
#include "resolve/programs.h"
#include "types/type.h"

namespace sonde::resolve {

struct HeaderOptions {
  std::vector<std::string> include_folders;  // -I
  std::vector<std::string> include_files;    // --include
  std::string quote_folder;                  // The script's: where `#include "..."` looks first.
};

// Answers for the script's own names first, then for its headers', then for those of the programs that a probe is in, then
// for the kernel's, then for those of imported C files. It completes records on their first use: it must outlive them, and `view`
// must outlive it.
class Definitions {
 public:
  // As in kernel::NamedTypes.
  [[nodiscard]] const types::Type* find_record(std::string_view name,
                                               types::Record::Keyword keyword,
                                               const Programs& programs = {}) const;
  [[nodiscard]] const types::Type* find_enum(std::string_view name,
                                             const Programs& programs = {}) const;
  [[nodiscard]] const types::Type* find_typedef(std::string_view name,
                                                const Programs& programs = {}) const;
  // Only one of the script or its headers.
  [[nodiscard]] const types::Type* find_own_typedef(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> similar_types(std::string_view name,
                                                       const Programs& programs = {}) const;

  // Constants of enums (`type` is the enum), and macros that stand for an integer (`type` is an integer).
  [[nodiscard]] std::optional<kernel::View::EnumConstant> find_constant(
      std::string_view name, const Programs& programs = {}) const;
  // Macros that stand for a string.
  [[nodiscard]] std::optional<std::string> find_text(std::string_view name) const;
  // What a macro stands for, whether that is a constant or not; nullopt if there is no such macro.
  [[nodiscard]] std::optional<std::string> replacement(std::string_view name) const;
  // Names of the script's own macros and enum constants, for hints.
  [[nodiscard]] std::vector<std::string> constant_names() const;

  // --- imported C files ---
  // Takes them over.
  void set_c_files(std::vector<kernel::CompiledFile> files);
  [[nodiscard]] std::vector<const plan::CObject*> c_objects() const;

  explicit Definitions(kernel::View& view);
  ~Definitions();
  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;

 private:
  friend std::shared_ptr<Definitions> define(const ast::Program&, kernel::View&, types::Context&,
                                             const HeaderOptions&, diag::Emitter&);
  struct Own;
  template <class Find>
  auto in_c_files(Find&& find) const;
  kernel::View& view_;
  std::unique_ptr<Own> own_;  // Null for a script without C: nothing but the kernel is asked then.
  std::vector<kernel::CompiledFile> c_files_;
};

// Reads program.c_parts. Plain definitions and constants are understood here; for `#include`, conditions that only a
// preprocessor can decide and what else is not plain a C compiler is run. Costs nothing without C.
[[nodiscard]] std::shared_ptr<Definitions> define(const ast::Program& program, kernel::View& view,
                                                  types::Context& types,
                                                  const HeaderOptions& options,
                                                  diag::Emitter& emitter);

}  // namespace sonde::resolve
