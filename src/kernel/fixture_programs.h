// The debug information that /bin/prog of the fixture seems to have. Internal to src/kernel.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/view.h"
#include "plan/manifest.h"
#include "types/type.h"

namespace sonde::kernel {

class FixturePrograms final : public NamedTypes {
 public:
  explicit FixturePrograms(types::Context& context);

  // Null if it is not described. Of a place inside of the function other arguments are known than of its entry.
  [[nodiscard]] std::shared_ptr<const plan::UserSignature> signature(std::string_view symbol,
                                                                     bool at_entry) const;
  // All instructions have four bytes. Behind the last function is no code that anybody knows.
  [[nodiscard]] static InstructionStart instruction_start(std::uint64_t file_offset);
  // Variables `counter` of 4 bytes and `table` of 64.
  [[nodiscard]] static std::optional<plan::ProgramSymbol> symbol(std::uint64_t file_offset,
                                                                 std::string_view name);
  [[nodiscard]] static SourcePlaces source_places(const SourceLine& line);
  [[nodiscard]] static std::vector<std::string> inlined_into(std::string_view function);
  // Of two BPF programs, described as the kernel's functions of these names are.
  [[nodiscard]] static std::vector<BpfFunction> bpf_functions(std::string_view program,
                                                              std::string_view name);

  const types::Type* find_record(std::string_view name, types::Record::Keyword keyword) override;
  const types::Type* find_enum(std::string_view name) override;
  const types::Type* find_typedef(std::string_view name) override;
  std::optional<EnumConstant> find_enum_constant(std::string_view name) override;
  std::vector<std::string> similar_types(std::string_view name) override;

 private:
  void define_types();
  void define_functions();
  void add_argument(plan::UserSignature& signature, std::string_view name, const types::Type* type,
                    std::string_view c_type, plan::ArgumentPlace place);
  plan::UserSignature begin(std::string_view name);

  types::Context& types_;
  const types::Type* request_ = nullptr;
  const types::Type* range_ = nullptr;
  const types::Type* color_ = nullptr;
  std::map<std::string, std::shared_ptr<const plan::UserSignature>, std::less<>> functions_;
};

}  // namespace sonde::kernel
