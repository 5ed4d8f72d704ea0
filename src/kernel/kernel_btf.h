// All BTF of the running kernel: vmlinux first, the modules only where vmlinux does not know a name.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/btf.h"
#include "kernel/btf_types.h"
#include "kernel/type_definition.h"
#include "kernel/view.h"
#include "plan/target.h"
#include "types/type.h"

namespace sonde::kernel {

class KernelBtf final : public types::RecordSource {
 public:
  // Opens nothing. `folder` holds `vmlinux` and one file per module (kernel 5.11). If `file` is given it is the only one:
  // the modules' BTF builds on that of the running kernel.
  explicit KernelBtf(types::Context& types, std::string folder = "/sys/kernel/btf",
                     std::string file = {});
  ~KernelBtf() override;

  // Null without BTF (CONFIG_DEBUG_INFO_BTF=n); error() says why.
  [[nodiscard]] BtfTypes* vmlinux();
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  // Null if the module is not loaded or has no BTF.
  [[nodiscard]] BtfTypes* module(const std::string& name);
  [[nodiscard]] const std::vector<std::string>& module_names();

  // As in View.
  [[nodiscard]] const types::Type* find_record(std::string_view name,
                                               types::Record::Keyword keyword);
  [[nodiscard]] const types::Type* find_enum(std::string_view name);
  [[nodiscard]] const types::Type* find_typedef(std::string_view name);
  [[nodiscard]] std::optional<View::EnumConstant> find_enum_constant(std::string_view name);
  [[nodiscard]] std::optional<Signature> raw_tracepoint(std::string_view name);
  // `module` may be "", "*", "vmlinux" or a module's name.
  [[nodiscard]] std::optional<Signature> function(std::string_view module, std::string_view name);
  [[nodiscard]] std::vector<std::string> similar_types(std::string_view name);
  // As in View.
  [[nodiscard]] std::vector<std::string> type_names(TypeTag tag, std::string_view glob);
  [[nodiscard]] std::string type_definition(TypeTag tag, const std::string& name);
  // Names of raw tracepoints, sorted.
  [[nodiscard]] std::vector<std::string> raw_tracepoints(std::string_view glob);
  // Kinds of iterators, sorted.
  [[nodiscard]] std::vector<std::string> iterators(std::string_view glob);
  // Function names of vmlinux or of one module, sorted, each once.
  [[nodiscard]] std::vector<std::string> functions(const std::string& module,
                                                   std::string_view glob);
  // True if vmlinux has what a marker of plan/features.def names.
  [[nodiscard]] bool has_marker(std::string_view marker);

  // The record of that name, searched when it is first used; null without BTF.
  [[nodiscard]] const types::Type* lazy_record(std::string_view name,
                                               types::Record::Keyword keyword);

  // Completes records that vmlinux only declares from the modules.
  bool complete(types::Record& record) override;

 private:
  struct Loaded;
  Loaded* load(const std::string& name, Loaded* base);
  // First result of find(BtfTypes&) that is not empty, vmlinux before the modules.
  template <class Find>
  auto first_of(Find&& find) -> decltype(find(std::declval<BtfTypes&>()));
  // The same for signatures, which tell the module.
  template <class Find>
  std::optional<Signature> first_signature(Find&& find);

  types::Context& types_;
  std::string folder_;
  std::string file_;
  std::map<std::string, std::unique_ptr<Loaded>> loaded_;
  std::optional<std::vector<std::string>> modules_;
  std::optional<Error> error_;
  TypeDefinitions definitions_;
};

}  // namespace sonde::kernel
