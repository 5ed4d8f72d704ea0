// BPF programs that are loaded, by anybody, and their functions: programs themselves and what they call.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "kernel/btf.h"
#include "kernel/btf_types.h"
#include "kernel/kernel_btf.h"
#include "kernel/view.h"

namespace sonde::kernel {

// One of them, held open. Needs CAP_SYS_ADMIN.
class LoadedProgram {
 public:
  [[nodiscard]] static Result<LoadedProgram> open(std::uint32_t id);

  struct Function {
    std::string name;
    std::uint32_t btf_id = 0;  // In the program's own BTF.
  };
  // The program's own comes first; none if it was loaded without BTF.
  [[nodiscard]] const std::vector<Function>& functions() const { return functions_; }
  // False for programs that are attached to functions themselves, to which the kernel attaches no others (before 6.8 to none).
  [[nodiscard]] bool is_target() const;
  [[nodiscard]] OwnedFd take_fd() { return std::move(fd_); }
  // Its BTF; once, and only if it has functions.
  [[nodiscard]] std::string take_btf() { return std::move(btf_); }

 private:
  OwnedFd fd_;
  std::uint32_t type_ = 0;  // BPF_PROG_TYPE_*
  std::string btf_;
  std::vector<Function> functions_;
};

// Whether a struct of a program's BTF is one of the kernel's, of which programs often declare only the members that they use:
// the kernel's has all that it has.
[[nodiscard]] bool is_part_of(types::Record& own, types::Record& kernels);

class BpfPrograms {
 public:
  // Both must outlive this, which must outlive the last use of the types.
  BpfPrograms(types::Context& types, KernelBtf& kernel) : types_(types), kernel_(kernel) {}

  // As in View.
  [[nodiscard]] Result<std::vector<BpfFunction>> functions(std::string_view program,
                                                           std::string_view name);
  [[nodiscard]] std::optional<Signature> signature(const BpfFunction& function);

 private:
  struct Described {
    explicit Described(Btf blob, types::Context& types) : btf(std::move(blob)), types(btf, types) {}
    Btf btf;
    BtfTypes types;
  };
  Described* described(std::uint32_t program);
  const types::Type* as_it_is(const types::Type* type);

  types::Context& types_;
  KernelBtf& kernel_;
  std::map<std::uint32_t, std::unique_ptr<Described>> described_;
};

}  // namespace sonde::kernel
