#include "codegen/builtin/seq_printf.h"

#include <algorithm>
#include <string>

#include "codegen/context/context.h"
#include "codegen/convert.h"
#include "codegen/expression.h"
#include "types/format.h"

namespace sonde::codegen {
namespace {

using types::FormatSpec;

// Of what the kernel reads (bpf_bprintf_prepare() in kernel/trace/bpf_trace.c); sema has let nothing else pass.
std::string kernel_specifier(const FormatSpec& spec) {
  using Conversion = FormatSpec::Conversion;
  std::string text = spec.alternate || spec.conversion == Conversion::Pointer ? "0x%" : "%";
  if (spec.left) text += '-';
  if (spec.zero) text += '0';
  if (spec.plus) text += '+';
  if (spec.space) text += ' ';
  if (spec.width) text += std::to_string(*spec.width);
  switch (spec.conversion) {
    case Conversion::Signed: return text + "lld";
    case Conversion::Unsigned: return text + "llu";
    case Conversion::Character: return text + "c";
    case Conversion::String: return text + "s";
    default: return text + (spec.upper ? "llX" : "llx");
  }
}

std::string escape_percent(std::string_view literal) {
  std::string text;
  for (const char c : literal) text += c == '%' ? "%%" : std::string(1, c);
  return text;
}

// As an i64: strings as their address, integers in the width that the specifier shows.
IrValue argument(Function& f, ast::Expression& expression, const FormatSpec& spec) {
  if (!expression.type->is_scalar()) return f.ir.to_integer(emit_in_memory(f, expression).pointer);
  const IrValue value = to_number(f, emit(f, expression));
  const std::uint32_t bits = std::min(spec.length_bits, expression.type->size() * 8);
  const bool is_signed = spec.conversion == FormatSpec::Conversion::Signed;
  return f.ir.resize(f.ir.resize(value, bits, false), 64,
                     is_signed && expression.type->is_signed());
}

}  // namespace

// Piece by piece: one call has room for 12 values and for 512 bytes of all strings together.
void emit_seq_printf(Function& f, ast::Call& call) {
  const plan::Action& action = f.module.action(call.action);
  const plan::Format& format = f.module.manifest().formats[static_cast<std::size_t>(action.format)];
  std::size_t next = 1;
  for (const types::FormatPiece& piece : format.pieces) {
    const Function::Mark mark = f.mark();
    if (piece.spec) {
      const IrValue value = argument(f, *call.arguments[next++], *piece.spec);
      const std::string text = escape_percent(piece.literal) + kernel_specifier(*piece.spec);
      const Memory slot = f.temporary(8);
      f.ir.store(value, slot.pointer, 8);
      f.ir.call(Helper::SeqPrintf, {iterator_output(f), f.module.literal(text + '\0'),
                                    f.ir.i64(text.size() + 1), slot.pointer, f.ir.i64(8)});
    } else if (!piece.literal.empty()) {
      f.ir.call(Helper::SeqWrite, {iterator_output(f), f.module.literal(piece.literal),
                                   f.ir.i64(piece.literal.size())});
    }
    f.release(mark);
  }
}

}  // namespace sonde::codegen
