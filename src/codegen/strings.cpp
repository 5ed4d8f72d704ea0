#include "codegen/strings.h"

#include <algorithm>
#include <cstring>

#include "codegen/access.h"

namespace sonde::codegen {
namespace {

// Widest unit in which `size` more bytes at this alignment can be moved.
std::uint32_t unit_for(std::uint32_t size, std::uint32_t align) {
  std::uint32_t unit = 8;
  while (unit > size || unit > align) unit /= 2;
  return unit;
}

std::uint64_t word_at(std::string_view bytes, std::uint32_t offset, std::uint32_t unit) {
  std::uint64_t word = 0;  // Little-endian, as the target.
  if (offset < bytes.size()) {
    std::memcpy(&word, bytes.data() + offset, std::min<std::size_t>(unit, bytes.size() - offset));
  }
  return word;
}

}  // namespace

void store_literal(Function& f, std::string_view text, const Destination& to) {
  const std::uint32_t capacity = to.type->capacity();
  text = text.substr(0, std::min<std::size_t>(text.size(), capacity - 1));
  // Behind the first word that ends in zeros the rest need not be written for itself.
  const auto used =
      static_cast<std::uint32_t>(std::min<std::size_t>((text.size() + 8) / 8 * 8, capacity));
  if (used > kInlineBytes) {
    copy(f, to.memory,
         {f.module.literal(std::string(text) + std::string(used - text.size(), '\0')), 8}, used);
  } else {
    for (std::uint32_t offset = 0; offset < used;) {
      const Memory part = at(f.ir, to.memory, offset);
      const std::uint32_t unit = unit_for(used - offset, part.align);
      f.ir.store(f.ir.integer(unit * 8, word_at(text, offset, unit)), part.pointer, unit);
      offset += unit;
    }
  }
  const std::uint32_t rest = to.type->size() - used;
  // A short rest is cheap, and on the stack the verifier may want to see it written.
  if (to.fill == Fill::Zero || rest <= kInlineBytes) {
    zero(f, at(f.ir, to.memory, used), rest);
  } else {
    mark_end(f, to, types::kWhole);
  }
}

void mark_end(Function& f, const Destination& to, IrValue end) {
  if (!to.type->may_be_cut()) return;
  const IrValue kept =
      to.fill == Fill::Zero
          ? f.ir.binary(Op::And, end, f.ir.i64(~std::uint64_t{types::kCutByScript}))
          : end;
  f.ir.store(f.ir.resize(kept, 8, false), at(f.ir, to.memory, to.type->capacity()).pointer, 1);
}

void mark_end(Function& f, const Destination& to, types::StringEnd end) {
  mark_end(f, to, f.ir.i64(end));
}

IrValue end_of(Function& f, const Place& string) {
  if (string.space != Space::Bpf || !string.type->may_be_cut()) return f.ir.i64(types::kWhole);
  const Memory from = memory(f, string);
  return f.ir.resize(f.ir.load(8, at(f.ir, from, string.type->capacity()).pointer, 1), 64, false);
}

void read_string(Function& f, const TextSource& from, const TextLimit& limit,
                 const Destination& to) {
  const bool is_dynamic = limit.bytes != nullptr;
  // Before 6.3 the verifier wants all bytes of a buffer of variable length to be written already.
  if (to.fill == Fill::Zero || is_dynamic) zero(f, to.memory, to.type->size());
  // What a failed read leaves: the empty string.
  f.ir.store(f.ir.integer(8, 0), to.memory.pointer, 1);
  const IrValue bytes = is_dynamic ? limit.bytes : f.ir.i64(limit.most);
  if (!limit.may_cut || !to.type->may_be_cut()) {
    probe_read_string(f, from.space, to.memory, bytes, from.address);
    return mark_end(f, to, from.end != nullptr ? from.end : f.ir.i64(types::kWhole));
  }
  // One byte more than is kept: if that is used the text is longer.
  const IrValue size = f.ir.add(bytes, 1);
  const IrValue read = probe_read_string(f, from.space, to.memory, size, from.address);
  const IrValue last = is_dynamic ? f.ir.offset(to.memory.pointer, f.ir.add(bytes, ~0ULL))
                                  : at(f.ir, to.memory, limit.most - 1).pointer;
  f.ir.store(f.ir.integer(8, 0), last, 1);
  const IrValue is_cut = f.ir.compare(Compare::Equal, read, size);
  const IrValue uncut = from.end != nullptr ? from.end : f.ir.i64(types::kWhole);
  mark_end(f, to, f.ir.select(is_cut, limit.cut, uncut));
}

void store_string(Function& f, const Place& from, const Destination& to) {
  if (from.access != types::FieldAccess::Direct)
    return store_string(f, follow_data_loc(f, from), to);
  const bool is_string = from.type->is_string();
  const std::uint32_t available = is_string ? from.type->capacity() : from.type->size();
  const std::uint32_t capacity = to.type->capacity();
  const bool fits_whole = from.space == Space::Bpf && is_string && available <= capacity;
  const bool may_copy = fits_whole && (to.fill == Fill::Any || from.is_zero_filled);
  if (may_copy && available <= kInlineBytes / 4) {
    const IrValue end = end_of(f, from);
    copy(f, to.memory, memory(f, from), available);
    if (to.fill == Fill::Zero) zero(f, at(f.ir, to.memory, available), capacity - available);
    return mark_end(f, to, end);
  }
  // An array of characters need not hold a NUL: never read beyond it. The helper puts one at the end of what it reads.
  TextLimit limit{.bytes = nullptr, .most = capacity, .cut = f.ir.i64(types::kCutByLimit)};
  if (is_string || available == 0) {
    limit.may_cut = !fits_whole;
    if (fits_whole) limit.most = available;
    if (from.space == Space::Bpf) limit.cut = f.ir.i64(types::kCutByScript);
  } else {
    limit.may_cut = available >= capacity;
    limit.most = std::min(capacity, available + 1);
  }
  const Space space = from.space == Space::User ? Space::User : Space::Kernel;
  read_string(f, {space, address(f, from), end_of(f, from)}, limit, to);
}

IrValue at_most(Function& f, IrValue number, std::uint32_t most) {
  const IrValue seen = f.ir.opaque(number);
  const IrValue limit = f.ir.i64(most);
  return f.ir.select(f.ir.compare(Compare::ULess, seen, limit), seen, limit);
}

std::optional<std::string_view> constant_text(const ast::Expression& expression) {
  if (const auto* literal = ast::as<ast::StringLiteral>(&expression)) return literal->value;
  if (const auto* parameter = ast::as<ast::PositionalParameter>(&expression)) {
    if (parameter->type->is_string()) return parameter->text;
  }
  const auto* call = ast::as<ast::Call>(&expression);
  if (call == nullptr || call->function == nullptr || call->arguments.size() != 1)
    return std::nullopt;
  return call->function->is(builtins::kKeepsText) ? constant_text(*call->arguments[0])
                                                  : std::nullopt;
}

}  // namespace sonde::codegen
