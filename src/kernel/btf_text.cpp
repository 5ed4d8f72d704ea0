#include "kernel/btf_text.h"

#include <fmt/format.h>

namespace sonde::kernel {
namespace {

constexpr std::uint32_t kMaxDepth = 32;

std::string tagged(std::string_view keyword, std::string_view name) {
  return fmt::format("{} {}", keyword, name.empty() ? "(anonymous)" : name);
}

std::string text_at(const Btf& btf, std::uint32_t id, std::uint32_t depth);

std::string pointer_text(const Btf& btf, std::uint32_t pointee, std::uint32_t depth) {
  std::string text = text_at(btf, pointee, depth);
  if (text.empty()) return text;
  return text + (text.ends_with('*') ? "*" : " *");
}

// A qualifier stands behind a pointer and in front of everything else.
std::string qualified(const Btf& btf, const BtfEntry& entry, std::string_view word,
                      std::uint32_t depth) {
  const std::string text = text_at(btf, entry.type(), depth);
  if (text.ends_with('*')) return fmt::format("{}{}", text, word);
  return fmt::format("{} {}", word, text);
}

std::string array_text(const Btf& btf, const BtfEntry& entry, std::uint32_t depth) {
  const std::string element = text_at(btf, entry.word(0), depth);
  const std::string count = entry.word(2) == 0 ? "[]" : fmt::format("[{}]", entry.word(2));
  // C writes the outer dimension first.
  const std::size_t inner = element.find('[');
  if (inner == std::string::npos) return element + count;
  return element.substr(0, inner) + count + element.substr(inner);
}

std::string text_at(const Btf& btf, std::uint32_t id, std::uint32_t depth) {
  if (id == 0) return "void";
  const auto entry = btf.entry(id);
  if (!entry || depth == kMaxDepth) return {};
  const std::string_view name = btf.string(entry->name());
  switch (entry->kind()) {
    case BtfKind::Int:
    case BtfKind::Float:
    case BtfKind::Typedef: return std::string(name);
    case BtfKind::Struct: return tagged("struct", name);
    case BtfKind::Union: return tagged("union", name);
    case BtfKind::Enum:
    case BtfKind::Enum64: return tagged("enum", name);
    case BtfKind::Forward: return tagged(entry->flag() ? "union" : "struct", name);
    case BtfKind::Pointer: return pointer_text(btf, entry->type(), depth + 1);
    case BtfKind::Array: return array_text(btf, *entry, depth + 1);
    case BtfKind::Const: return qualified(btf, *entry, "const", depth + 1);
    case BtfKind::Volatile: return qualified(btf, *entry, "volatile", depth + 1);
    case BtfKind::Restrict:
    case BtfKind::TypeTag: return text_at(btf, entry->type(), depth + 1);
    case BtfKind::FunctionProto: return "void";  // What a function pointer points to, for a reader.
    default: return {};
  }
}

}  // namespace

std::string c_text(const Btf& btf, std::uint32_t id) { return text_at(btf, id, 0); }

}  // namespace sonde::kernel
