#include "codegen/module.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/Function.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <vector>

#include "base/check.h"
#include "codegen/ir_state.h"
#include "codegen/maps.h"
#include "codegen/module_state.h"

namespace sonde::codegen {

diag::Location first_location(const plan::Manifest& manifest) {
  for (const plan::BpfProgram& program : manifest.programs) {
    for (const plan::AttachPoint& point : program.attach_points) {
      if (point.location.valid()) return point.location;
    }
  }
  return {};
}

llvm::GlobalVariable* Module::State::global(const std::string& name, llvm::Constant* value,
                                            const char* section, bool is_constant,
                                            llvm::GlobalValue::LinkageTypes linkage) {
  auto* variable =
      new llvm::GlobalVariable(module, value->getType(), is_constant, linkage, value, name);
  variable->setSection(section);
  variable->setDSOLocal(true);
  variable->setAlignment(llvm::Align(8));
  return variable;
}

Module::Module(plan::Plan& plan, const diag::Sources& sources)
    : plan_(plan), state_(std::make_unique<State>(plan.manifest, sources)) {
  for (const plan::Map& map : plan.manifest.maps) {
    state_->script_maps.push_back(declare_map(state_->module, map.bpf_name));
    const bool is_double = map.has_generations && !map.is_scalar();
    state_->second_maps.push_back(is_double ? declare_map(state_->module, map.second_name())
                                            : nullptr);
  }
}

Module::~Module() = default;

Ir& Module::ir() { return state_->ir; }
DebugInfo& Module::debug() { return state_->debug; }
llvm::Module& Module::llvm() { return state_->module; }

IrValue Module::script_map(int index, bool second) {
  SONDE_CHECK(index >= 0 && static_cast<std::size_t>(index) < state_->script_maps.size());
  const auto& maps = second ? state_->second_maps : state_->script_maps;
  SONDE_CHECK(maps[static_cast<std::size_t>(index)] != nullptr);
  return maps[static_cast<std::size_t>(index)];
}

IrValue Module::ring() { return state_->map(state_->ring, plan::kRingMap); }
IrValue Module::control() { return state_->map(state_->control, plan::kControlMap); }
IrValue Module::kept() { return state_->map(state_->kept, plan::kKeptMap); }
IrValue Module::packets() { return state_->map(state_->packets, plan::kPacketMap); }
IrValue Module::stacks() { return state_->map(state_->stacks, plan::kStackMap); }
IrValue Module::deep_stacks() { return state_->map(state_->deep_stacks, plan::kDeepStackMap); }
IrValue Module::execs() { return state_->map(state_->execs, plan::kExecMap); }
IrValue Module::lost() { return state_->map(state_->lost, plan::kLostMap); }
IrValue Module::scratch() { return state_->map(state_->scratch, plan::kScratchMap); }

void Module::need_kept(std::uint32_t bytes) {
  state_->kept_bytes = std::max(state_->kept_bytes, bytes);
}

IrValue Module::entry_map(std::string_view name) {
  const auto [slot, is_new] = state_->entry_maps.try_emplace(std::string(name), nullptr);
  if (is_new) slot->second = declare_map(state_->module, slot->first);
  return slot->second;
}

IrValue Module::pids() { return state_->map(state_->pids, plan::kPidsMap); }
IrValue Module::cgroup() { return state_->map(state_->cgroup, plan::kCgroupMap); }

IrValue Module::constant_address(std::uint32_t offset) {
  if (state_->constants == nullptr) {
    static_assert(sizeof(plan::Constants) == 48);
    auto& builder = state_->ir.state().builder;
    auto* type = llvm::ArrayType::get(builder.getInt64Ty(), sizeof(plan::Constants) / 8);
    state_->constants = state_->global(plan::kConstants, llvm::ConstantAggregateZero::get(type),
                                       ".rodata", true, llvm::GlobalValue::ExternalLinkage);
    using Member = DebugInfo::Member;
    llvm::DIType* u64 = debug().integer(64, false);
    llvm::DIType* u32 = debug().integer(32, false);
    const Member members[] = {
        {"start_ns", u64, offsetof(plan::Constants, start_ns), 8},
        {"child_pid", u32, offsetof(plan::Constants, child_pid), 4},
        {"filter_pid", u32, offsetof(plan::Constants, filter_pid), 4},
        {"pidns_dev", u64, offsetof(plan::Constants, pidns_dev), 8},
        {"pidns_ino", u64, offsetof(plan::Constants, pidns_ino), 8},
        {"tai_offset_ns", u64, offsetof(plan::Constants, tai_offset_ns), 8},
        {"epoch_offset_ns", u64, offsetof(plan::Constants, epoch_offset_ns), 8},
    };
    debug().describe_global(*state_->constants,
                            debug().structure(plan::kConstants, members, sizeof(plan::Constants)));
  }
  return state_->ir.offset(state_->constants, static_cast<std::int64_t>(offset));
}

llvm::GlobalVariable* Module::State::shared_word(llvm::GlobalVariable*& slot, const char* name) {
  if (slot == nullptr) {
    slot = global(name, ir.state().builder.getInt64(0), ".data", false,
                  llvm::GlobalValue::ExternalLinkage);
    debug.describe_global(*slot, debug.integer(64, false));
  }
  return slot;
}

IrValue Module::paused() { return state_->shared_word(state_->paused, plan::kPaused); }

IrValue Module::exit_word() { return state_->shared_word(state_->exit_word, plan::kExit); }

IrValue Module::generation(int map) {
  if (state_->generations == nullptr) {
    const std::size_t count = manifest().maps.size();
    auto* type = llvm::ArrayType::get(state_->ir.state().builder.getInt64Ty(), count);
    state_->generations = state_->global(plan::kGenerations, llvm::ConstantAggregateZero::get(type),
                                         ".data", false, llvm::GlobalValue::ExternalLinkage);
    debug().describe_global(
        *state_->generations,
        debug().array(debug().integer(64, false), static_cast<std::uint32_t>(count), 8));
  }
  return state_->ir.offset(state_->generations, std::int64_t{8} * map);
}

IrValue Module::flag() {
  const std::string name = "sonde_flag_" + std::to_string(++state_->flags);
  llvm::GlobalVariable* flag = state_->global(name, state_->ir.state().builder.getInt64(0), ".data",
                                              false, llvm::GlobalValue::ExternalLinkage);
  debug().describe_global(*flag, debug().integer(64, false));
  return flag;
}

int Module::add_helper_error(Helper helper, diag::Location where) {
  plan::Action action;
  action.kind = plan::ActionKind::HelperError;
  action.fields.push_back(
      {.offset = sizeof(plan::RecordHeader), .type = plan_.manifest.types->int64()});
  action.size = sizeof(plan::RecordHeader) + sizeof(std::int64_t);
  action.text = std::string("bpf_") + std::string(name(helper));
  action.location = where;
  return add_action(std::move(action));
}

int Module::add_action(plan::Action action) {
  state_->late_actions.push_back(std::move(action));
  return static_cast<int>(plan_.manifest.actions.size() + state_->late_actions.size()) - 1;
}

const plan::Action& Module::action(int index) const {
  SONDE_CHECK(index >= 0);
  const auto at = static_cast<std::size_t>(index);
  const std::vector<plan::Action>& known = plan_.manifest.actions;
  return at < known.size() ? known[at] : state_->late_actions.at(at - known.size());
}

IrValue Module::literal(std::string_view bytes) {
  const auto found = state_->literals.find(bytes);
  if (found != state_->literals.end()) return found->second;
  std::string padded(bytes);
  padded.resize((bytes.size() + 7) / 8 * 8);
  auto* value = llvm::ConstantDataArray::getString(state_->context, padded, false);
  // In a section of its own name: libbpf makes a map of each mergeable section that LLVM would choose.
  const std::string name = "sonde_literal_" + std::to_string(state_->literals.size());
  auto* variable = state_->global(name, value, ".rodata", true, llvm::GlobalValue::ExternalLinkage);
  debug().describe_global(*variable, debug().array(debug().integer(8, false), padded.size(), 1));
  state_->literals.emplace(std::string(bytes), variable);
  return variable;
}

IrValue Module::zeros(std::uint32_t size) {
  // A few sizes only, so that the section does not hold every length of zeros.
  return literal(std::string(std::bit_ceil(std::max(size, 64U)), '\0'));
}

std::uint32_t Module::scratch_element(std::string_view group) {
  if (group.empty()) return state_->scratch_elements++;
  const auto [slot, is_new] = state_->scratch_groups.try_emplace(std::string(group), 0);
  if (is_new) slot->second = state_->scratch_elements++;
  return slot->second;
}

void Module::need_scratch(std::uint32_t bytes) {
  state_->scratch_bytes = std::max(state_->scratch_bytes, (bytes + 7) / 8 * 8);
}

std::uint32_t Module::scratch_bytes() const { return state_->scratch_bytes; }

namespace {

llvm::Function* make_function(llvm::Module& module, const std::string& name,
                              std::span<const Module::Parameter> parameters,
                              llvm::GlobalValue::LinkageTypes linkage) {
  llvm::LLVMContext& context = module.getContext();
  llvm::Type* i64 = llvm::Type::getInt64Ty(context);
  llvm::Type* pointer = llvm::PointerType::get(context, 0);
  llvm::SmallVector<llvm::Type*, 5> types;
  for (const Module::Parameter parameter : parameters) {
    types.push_back(parameter == Module::Parameter::Pointer ? pointer : i64);
  }
  auto* type = llvm::FunctionType::get(i64, types, false);
  auto* function = llvm::Function::Create(type, linkage, name, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  return function;
}

}  // namespace

void Module::begin_program(const std::string& name, const std::string& section,
                           diag::Location where) {
  constexpr Parameter kContext[] = {Parameter::Pointer};
  llvm::Function* function =
      make_function(state_->module, name, kContext, llvm::GlobalValue::ExternalLinkage);
  function->setSection(section);
  debug().describe_function(*function, where, false);
  state_->ir.begin_function(function);
  debug().set_location(state_->ir, where);
}

IrValue Module::begin_function(const std::string& name, diag::Location where,
                               std::span<const Parameter> parameters) {
  llvm::Function* function =
      make_function(state_->module, name, parameters, llvm::GlobalValue::InternalLinkage);
  debug().describe_function(*function, where, true);
  state_->ir.begin_function(function);
  debug().set_location(state_->ir, where);
  return function;
}

IrValue Module::count_loss_function() {
  if (state_->count_loss != nullptr) return state_->count_loss;
  Ir& ir = state_->ir;
  const Ir::Position back = ir.position();
  constexpr Parameter kSlot[] = {Parameter::Number};
  state_->count_loss = begin_function("sonde_count_loss", first_location(manifest()), kSlot);
  const IrValue key = ir.stack_slot(4);
  ir.store(ir.resize(ir.parameter(0), 32, false), key, 4);
  const IrValue counter = ir.call(Helper::MapLookup, {lost(), key});
  const IrBlock found = ir.block();
  const IrBlock done = ir.block();
  ir.branch(ir.is_nonzero(counter), found, done);
  ir.enter(found);
  ir.atomic_add(counter, ir.i64(1));  // A probe that interrupts this one may count too.
  ir.jump(done);
  ir.enter(done);
  ir.ret(ir.i64(0));
  ir.restore(back);
  return state_->count_loss;
}

IrValue& Module::shared_function(const std::string& name) { return state_->shared[name]; }

std::string Module::callback_name(std::string_view program) {
  return std::string(program) + "_" + std::to_string(++state_->callbacks);
}

// Where libbpf looks for it. Most tracing helpers are open to programs under the GPL only.
void Module::add_license() {
  const std::string& license = plan_.manifest.settings.license;
  auto* text = llvm::ConstantDataArray::getString(state_->context, license);
  auto* variable =
      state_->global("_license", text, "license", true, llvm::GlobalValue::ExternalLinkage);
  debug().describe_global(*variable,
                          debug().array(debug().integer(8, true), license.size() + 1, 1));
}

void Module::finish() {
  add_license();
  for (std::size_t i = 0; i < manifest().maps.size(); ++i) define_script_map(i);
  define_internal_maps();
  debug().finish();
  std::move(state_->late_actions.begin(), state_->late_actions.end(),
            std::back_inserter(plan_.manifest.actions));
  state_->late_actions.clear();
}

}  // namespace sonde::codegen
