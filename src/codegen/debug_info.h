// Debug information: the back end turns it into BTF (types of maps and programs) and BTF.ext (the script's place of every
// instruction, script text included), which the verifier's log, bpftool and perf show.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "diag/source.h"
#include "plan/c_object.h"
#include "types/type.h"

namespace llvm {
class DISubroutineType;
class DIType;
class Function;
class GlobalVariable;
class Module;
}  // namespace llvm

namespace sonde::codegen {

class Ir;

class DebugInfo {
 public:
  DebugInfo(llvm::Module& module, const diag::Sources& sources, diag::Location first);
  ~DebugInfo();

  // --- types; cached ---
  [[nodiscard]] llvm::DIType* integer(std::uint32_t bits, bool is_signed);
  [[nodiscard]] llvm::DIType* array(llvm::DIType* element, std::uint64_t count,
                                    std::uint64_t element_size);
  [[nodiscard]] llvm::DIType* pointer(llvm::DIType* to);
  [[nodiscard]] llvm::DIType* of(const types::Type* type);
  struct Member {
    std::string_view name;
    llvm::DIType* type = nullptr;
    std::uint32_t offset = 0;  // Bytes.
    std::uint32_t size = 0;    // Bytes.
  };
  // `size` in bytes must hold all members: the kernel refuses the whole BTF otherwise.
  [[nodiscard]] llvm::DIType* structure(std::string_view name, std::span<const Member> members,
                                        std::uint32_t size);

  // --- things ---
  void describe_global(llvm::GlobalVariable& global, llvm::DIType* type);
  // Parameters are pointers or 64-bit numbers, as the function's type says; the result is an i64.
  void describe_function(llvm::Function& function, diag::Location where, bool is_static);

  // One of an imported C file, which the linker will bring in.
  void describe_c_function(llvm::Function& function, const plan::CFunction& described);

  // --- places ---
  // Instructions made from now on come from `where`; an invalid location keeps the current one.
  void set_location(Ir& ir, diag::Location where);

  // To be called once, when everything is described.
  void finish();

 private:
  struct State;
  [[nodiscard]] llvm::DIType* make(const types::Type& type);
  [[nodiscard]] llvm::DIType* c_type(const plan::CType& type);
  [[nodiscard]] llvm::DISubroutineType* c_prototype(const plan::CType& type);
  [[nodiscard]] llvm::DIType* tuple(const types::Type& type);
  // Two u64 in a struct.
  [[nodiscard]] llvm::DIType* pair(std::string_view name, std::string_view first, bool first_signed,
                                   std::string_view second);
  std::unique_ptr<State> state_;
};

}  // namespace sonde::codegen
