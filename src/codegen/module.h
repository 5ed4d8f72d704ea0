// What the programs of one object share: maps, globals, the builder, debug information.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "codegen/debug_info.h"
#include "codegen/ir.h"
#include "diag/source.h"
#include "plan/plan.h"

namespace llvm {
class GlobalVariable;
class Module;
}  // namespace llvm

namespace sonde::codegen {

class Module {
 public:
  Module(plan::Plan& plan, const diag::Sources& sources);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  [[nodiscard]] const plan::Plan& plan() const { return plan_; }
  [[nodiscard]] const plan::Manifest& manifest() const { return plan_.manifest; }
  [[nodiscard]] Ir& ir();
  [[nodiscard]] DebugInfo& debug();
  [[nodiscard]] llvm::Module& llvm();

  // --- maps: the addresses of their definitions, as helpers take them ---
  // The second one of a map with generations (plan::Map::has_generations) and keys if `second`.
  [[nodiscard]] IrValue script_map(int index, bool second = false);
  [[nodiscard]] IrValue ring();
  [[nodiscard]] IrValue control();
  [[nodiscard]] IrValue kept();
  [[nodiscard]] IrValue packets();
  // Makes room in kept() for records of so many bytes.
  void need_kept(std::uint32_t bytes);
  [[nodiscard]] IrValue stacks();
  [[nodiscard]] IrValue deep_stacks();
  [[nodiscard]] IrValue execs();
  [[nodiscard]] IrValue lost();
  [[nodiscard]] IrValue scratch();
  // plan::BpfProgram::entry_map
  [[nodiscard]] IrValue entry_map(std::string_view name);
  // See plan::TaskFilter.
  [[nodiscard]] IrValue pids();
  [[nodiscard]] IrValue cgroup();

  // --- globals ---
  // Address of a field of plan::Constants; the runtime sets it before loading.
  [[nodiscard]] IrValue constant_address(std::uint32_t offset);
  // Address of the u64 that pauses all programs.
  [[nodiscard]] IrValue paused();
  // Address of the u64 plan::kExit.
  [[nodiscard]] IrValue exit_word();
  // Address of the u64 that says which generation of the map programs use.
  [[nodiscard]] IrValue generation(int map);
  // Address of at least `size` zero bytes that must not be written.
  [[nodiscard]] IrValue zeros(std::uint32_t size);
  // Address of `bytes`, 8-byte aligned, padded with zeros to a multiple of 8; must not be written.
  [[nodiscard]] IrValue literal(std::string_view bytes);

  // Address of a new u64 that is 0 when tracing starts; all programs and CPUs share it.
  [[nodiscard]] IrValue flag();

  // --- actions ---
  // A new action that sema does not know of: a warning while tracing. Its index; finish() adds it to the manifest.
  [[nodiscard]] int add_action(plan::Action action);
  // A new HelperError action, for `helper` at `where`.
  [[nodiscard]] int add_helper_error(Helper helper, diag::Location where);
  // An action of the manifest, or one that will be. The reference stays valid.
  [[nodiscard]] const plan::Action& action(int index) const;

  // --- scratch memory ---
  // The element of the scratch map that programs of this `group` share; an empty group is never shared.
  [[nodiscard]] std::uint32_t scratch_element(std::string_view group);
  void need_scratch(std::uint32_t bytes);
  // Bytes of one element, after all programs are made.
  [[nodiscard]] std::uint32_t scratch_bytes() const;

  // --- functions ---
  // A BPF program: takes the context, returns an i64. Starts it as the current function.
  void begin_program(const std::string& name, const std::string& section, diag::Location where);
  enum class Parameter : std::uint8_t { Pointer, Number };
  // A static function, which a helper calls back or programs call. Starts it; the result is its address.
  IrValue begin_function(const std::string& name, diag::Location where,
                         std::span<const Parameter> parameters);
  // A new callback's name: "p0_sys_enter.1".
  [[nodiscard]] std::string callback_name(std::string_view program);

  // Where the function of this name is kept, null until the caller has made it: one copy serves all programs.
  [[nodiscard]] IrValue& shared_function(const std::string& name);

  // void f(u64 slot): counts one more loss in a slot of plan::kLostMap. Made on first use.
  [[nodiscard]] IrValue count_loss_function();

  // Defines all maps and ends the debug information; no code can be added any more.
  void finish();

 private:
  void add_license();

  struct State;
  void define_script_map(std::size_t index);
  void define_internal_maps();
  void define_entry_maps();
  plan::Plan& plan_;
  std::unique_ptr<State> state_;
};

}  // namespace sonde::codegen
