#include "codegen/ir.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>

#include "base/check.h"
#include "codegen/ir_state.h"

namespace sonde::codegen {
namespace {

llvm::Instruction::BinaryOps opcode(Op op) {
  switch (op) {
    case Op::Add: return llvm::Instruction::Add;
    case Op::Sub: return llvm::Instruction::Sub;
    case Op::Mul: return llvm::Instruction::Mul;
    case Op::UDiv: return llvm::Instruction::UDiv;
    case Op::URem: return llvm::Instruction::URem;
    case Op::And: return llvm::Instruction::And;
    case Op::Or: return llvm::Instruction::Or;
    case Op::Xor: return llvm::Instruction::Xor;
    case Op::Shl: return llvm::Instruction::Shl;
    case Op::LShr: return llvm::Instruction::LShr;
    case Op::AShr: return llvm::Instruction::AShr;
  }
  SONDE_UNREACHABLE();
}

llvm::CmpInst::Predicate predicate(Compare how) {
  switch (how) {
    case Compare::Equal: return llvm::CmpInst::ICMP_EQ;
    case Compare::NotEqual: return llvm::CmpInst::ICMP_NE;
    case Compare::ULess: return llvm::CmpInst::ICMP_ULT;
    case Compare::ULessEqual: return llvm::CmpInst::ICMP_ULE;
    case Compare::UGreater: return llvm::CmpInst::ICMP_UGT;
    case Compare::UGreaterEqual: return llvm::CmpInst::ICMP_UGE;
    case Compare::SLess: return llvm::CmpInst::ICMP_SLT;
    case Compare::SLessEqual: return llvm::CmpInst::ICMP_SLE;
    case Compare::SGreater: return llvm::CmpInst::ICMP_SGT;
    case Compare::SGreaterEqual: return llvm::CmpInst::ICMP_SGE;
  }
  SONDE_UNREACHABLE();
}

}  // namespace

Ir::Ir(llvm::LLVMContext& context) : state_(std::make_unique<State>(context)) {}
Ir::~Ir() = default;

IrValue Ir::integer(std::uint32_t bits, std::uint64_t value) {
  // Masked by hand: a negative number given as its 64-bit pattern is meant to be cut.
  const std::uint64_t mask = bits >= 64 ? ~0ULL : (1ULL << bits) - 1;
  return llvm::ConstantInt::get(state_->builder.getIntNTy(bits), value & mask);
}

IrValue Ir::null_pointer() { return llvm::ConstantPointerNull::get(state_->builder.getPtrTy()); }

IrValue Ir::binary(Op op, IrValue a, IrValue b) {
  return state_->builder.CreateBinOp(opcode(op), a, b);
}

IrValue Ir::add(IrValue a, std::uint64_t constant) {
  return constant == 0 ? a : binary(Op::Add, a, integer(bits_of(a), constant));
}

IrValue Ir::compare(Compare how, IrValue a, IrValue b) {
  return state_->builder.CreateICmp(predicate(how), a, b);
}

IrValue Ir::is_nonzero(IrValue a) {
  return state_->builder.CreateICmpNE(a, llvm::Constant::getNullValue(a->getType()));
}

IrValue Ir::logical_not(IrValue boolean) { return state_->builder.CreateNot(boolean); }

IrValue Ir::select(IrValue condition, IrValue a, IrValue b) {
  return state_->builder.CreateSelect(condition, a, b);
}

IrValue Ir::resize(IrValue value, std::uint32_t bits, bool is_signed) {
  return state_->builder.CreateIntCast(value, state_->builder.getIntNTy(bits), is_signed);
}

std::uint32_t Ir::bits_of(IrValue value) const { return value->getType()->getIntegerBitWidth(); }

IrValue Ir::to_pointer(IrValue integer) {
  return state_->builder.CreateIntToPtr(integer, state_->builder.getPtrTy());
}

IrValue Ir::to_integer(IrValue pointer) {
  return state_->builder.CreatePtrToInt(pointer, state_->builder.getInt64Ty());
}

IrValue Ir::byte_swap(IrValue value) {
  return state_->builder.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, value);
}

IrValue Ir::leading_zeros(IrValue value) {
  return state_->builder.CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, value, boolean(false));
}

IrValue Ir::opaque(IrValue value) {
  auto* type = llvm::FunctionType::get(value->getType(), {value->getType()}, false);
  // An empty assembly text with the value as input and output ("0": the same register).
  auto* text = llvm::InlineAsm::get(type, "", "=r,0", false);
  return state_->builder.CreateCall(type, text, {value});
}

IrValue Ir::offset(IrValue pointer, std::int64_t bytes) {
  return bytes == 0 ? pointer
                    : state_->builder.CreateConstGEP1_64(state_->builder.getInt8Ty(), pointer,
                                                         static_cast<std::uint64_t>(bytes));
}

IrValue Ir::offset(IrValue pointer, IrValue bytes) {
  return state_->builder.CreateGEP(state_->builder.getInt8Ty(), pointer, bytes);
}

IrValue Ir::load(std::uint32_t bits, IrValue pointer, std::uint32_t align, Volatile is_volatile) {
  return state_->builder.CreateAlignedLoad(state_->builder.getIntNTy(bits), pointer,
                                           llvm::Align(align), is_volatile == Volatile::Yes);
}

IrValue Ir::load_pointer(IrValue pointer) {
  return state_->builder.CreateAlignedLoad(state_->builder.getPtrTy(), pointer, llvm::Align(8));
}

void Ir::store(IrValue value, IrValue pointer, std::uint32_t align) {
  state_->builder.CreateAlignedStore(value, pointer, llvm::Align(align));
}

void Ir::atomic_add(IrValue pointer, IrValue value) {
  state_->builder.CreateAtomicRMW(llvm::AtomicRMWInst::Add, pointer, value, llvm::Align(8),
                                  llvm::AtomicOrdering::Monotonic);
}

// Of a monotonic addition the back end makes one without a result, whether that is used or not.
IrValue Ir::atomic_fetch_add(IrValue pointer, IrValue value) {
  return state_->builder.CreateAtomicRMW(llvm::AtomicRMWInst::Add, pointer, value, llvm::Align(8),
                                         llvm::AtomicOrdering::SequentiallyConsistent);
}

IrValue Ir::atomic_exchange(IrValue pointer, IrValue value) {
  return state_->builder.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg, pointer, value, llvm::Align(8),
                                         llvm::AtomicOrdering::SequentiallyConsistent);
}

IrValue Ir::atomic_compare_exchange(IrValue pointer, IrValue expected, IrValue value) {
  constexpr auto kOrder = llvm::AtomicOrdering::SequentiallyConsistent;
  auto* both =
      state_->builder.CreateAtomicCmpXchg(pointer, expected, value, llvm::Align(8), kOrder, kOrder);
  return state_->builder.CreateExtractValue(both, 0);
}

void Ir::compiler_barrier() {
  auto* type = llvm::FunctionType::get(state_->builder.getVoidTy(), false);
  state_->builder.CreateCall(type, llvm::InlineAsm::get(type, "", "~{memory}", true));
}

void Ir::mark(std::uint32_t number) {
  auto& builder = state_->builder;
  auto* type = llvm::FunctionType::get(builder.getVoidTy(), {builder.getInt32Ty()}, false);
  builder.CreateCall(type, llvm::InlineAsm::get(type, "", "i", true), builder.getInt32(number));
}

void Ir::copy_inline(IrValue to, std::uint32_t to_align, IrValue from, std::uint32_t from_align,
                     std::uint32_t size) {
  SONDE_CHECK(size <= kInlineBytes);
  state_->builder.CreateMemCpy(to, llvm::Align(to_align), from, llvm::Align(from_align), size);
}

void Ir::zero_inline(IrValue to, std::uint32_t align, std::uint32_t size) {
  SONDE_CHECK(size <= kInlineBytes);
  state_->builder.CreateMemSet(to, state_->builder.getInt8(0), size, llvm::Align(align));
}

IrValue Ir::stack_slot(std::uint32_t size) {
  llvm::IRBuilder<> at(state_->entry, state_->entry->begin());
  // Words, not bytes: the alignment then follows from the type.
  auto* words = llvm::ArrayType::get(at.getInt64Ty(), (size + 7) / 8);
  return at.CreateAlloca(words);
}

IrValue Ir::stack_scalar(std::uint32_t bits) {
  llvm::IRBuilder<> at(state_->entry, state_->entry->begin());
  auto* slot = at.CreateAlloca(at.getIntNTy(bits));
  at.CreateStore(at.getIntN(bits, 0), slot);
  return slot;
}

IrValue Ir::call(Helper helper, std::span<const IrValue> arguments) {
  auto& builder = state_->builder;
  const HelperTrait about = trait(helper);
  llvm::SmallVector<llvm::Type*, 5> types;
  llvm::SmallVector<llvm::Value*, 5> values;
  for (IrValue argument : arguments) {
    if (argument->getType()->isIntegerTy()) argument = resize(argument, 64, false);
    types.push_back(argument->getType());
    values.push_back(argument);
  }
  llvm::Type* result = about == HelperTrait::kReturnsPointer
                           ? static_cast<llvm::Type*>(builder.getPtrTy())
                           : builder.getInt64Ty();
  auto* type = llvm::FunctionType::get(result, types, false);
  auto* callee = builder.CreateIntToPtr(builder.getInt64(static_cast<std::uint64_t>(helper)),
                                        builder.getPtrTy());
  auto* call = builder.CreateCall(type, callee, values);
  call->setDoesNotThrow();
  if (about == HelperTrait::kConstant) {
    call->setDoesNotAccessMemory();
    call->addFnAttr(llvm::Attribute::WillReturn);
  }
  return call;
}

IrValue Ir::call_function(IrValue function, std::span<const IrValue> arguments) {
  return state_->builder.CreateCall(llvm::cast<llvm::Function>(function),
                                    llvm::ArrayRef(arguments.data(), arguments.size()));
}

IrBlock Ir::block() {
  return llvm::BasicBlock::Create(state_->builder.getContext(), "", function());
}

IrBlock Ir::current() const { return state_->builder.GetInsertBlock(); }

void Ir::enter(IrBlock block) { state_->builder.SetInsertPoint(block); }

void Ir::jump(IrBlock target) {
  if (current()->getTerminator() == nullptr) state_->builder.CreateBr(target);
}

void Ir::branch(IrValue condition, IrBlock then_block, IrBlock else_block) {
  state_->builder.CreateCondBr(condition, then_block, else_block);
}

void Ir::jump_back(IrBlock head, IrBlock out) {
  if (current()->getTerminator() == nullptr) branch(is_nonzero(opaque(i64(1))), head, out);
}

void Ir::ret(IrValue value) { state_->builder.CreateRet(value); }

IrValue Ir::phi(IrValue a, IrBlock from_a, IrValue b, IrBlock from_b) {
  auto* phi = state_->builder.CreatePHI(a->getType(), 2);
  phi->addIncoming(a, from_a);
  phi->addIncoming(b, from_b);
  return phi;
}

IrBlock Ir::end_target(IrBlock block) const { return block->getTerminator()->getSuccessor(0); }

void Ir::remove_end(IrBlock block) { block->getTerminator()->eraseFromParent(); }

void Ir::begin_function(llvm::Function* function) {
  state_->entry = llvm::BasicBlock::Create(state_->builder.getContext(), "", function);
  state_->builder.SetInsertPoint(state_->entry);
  state_->builder.SetCurrentDebugLocation({});
}

llvm::Function* Ir::function() const { return state_->entry->getParent(); }

IrValue Ir::parameter(std::uint32_t index) { return function()->getArg(index); }

Ir::Position Ir::position() const {
  return {function(), current(), state_->builder.getCurrentDebugLocation().get()};
}

void Ir::restore(const Position& position) {
  state_->entry = &position.function->getEntryBlock();
  state_->builder.SetInsertPoint(position.block);
  state_->builder.SetCurrentDebugLocation(position.location);
}

}  // namespace sonde::codegen
