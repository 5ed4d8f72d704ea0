// Functions of strings, and of bytes as such.
#include <algorithm>

#include "base/byte_glob.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::TypeKind;

constexpr std::uint32_t kWord = 8;  // Longer separators do not fit into a register.

// What goes through a string byte by byte has bpf_loop() for long ones. Without it the verifier must follow each turn, which
// it does as long as there are not too many and little happens in each.
constexpr std::uint32_t kMostTurns = 64;
constexpr std::uint32_t kMostSimpleTurns = 1024;

bool may_walk(Use& use, const Type* type, bool is_simple = true) {
  const std::uint32_t turns = type->capacity();
  if (turns <= plan::kWalkedBytes || use.session().has(plan::Feature::BpfLoop)) return true;
  if (turns <= (is_simple ? kMostSimpleTurns : kMostTurns)) return true;
  return use.session().require(plan::Feature::BpfLoop,
                               fmt::format("{}() of a string of {} bytes", use.call.name, turns),
                               use.call.location);
}

const Type* two_texts(Use& use, const Type* result) {
  const Type* first = use.text(0);
  const Type* second = use.text(1);
  if (first == nullptr || second == nullptr) return nullptr;
  use.session().expect_scan(std::max(first->capacity(), second->capacity()));
  return result;
}

const Type* find(Use& use, const Type* result) {
  if (two_texts(use, result) == nullptr) return nullptr;
  const bool is_simple = use.argument(1)->type->capacity() <= kWord + 1;
  return may_walk(use, use.argument(0)->type, is_simple) ? result : nullptr;
}

}  // namespace

const Type* check_Str(Use& use) {
  ast::Expression*& data = use.argument(0);
  if (!use.checker.take_parameter_text(data)) return nullptr;
  const Type* type = use.checker.value(data);
  if (type == nullptr) return nullptr;
  if (is_char_array(type)) type = use.types().string(type->count() + 1);  // Room for the NUL.
  const std::uint32_t longest =
      type->is_string() ? type->capacity() : use.session().options.settings.max_strlen;
  std::uint32_t capacity = longest;
  if (use.count() > 1) {
    const std::optional<std::uint32_t> bytes = use.length(1, longest);
    if (!bytes) return nullptr;
    capacity = std::min(*bytes + 1, longest);  // And the NUL.
  }
  if (type->is_string() || type->is_integer() || type->is_pointer())
    return use.types().string(capacity, true);
  return use.wrong_type(0, "a pointer to a string");
}

const Type* check_StrNCmp(Use& use) {
  if (two_texts(use, use.types().int64()) == nullptr) return nullptr;
  const std::optional<Constant> bytes = use.constant(2);
  if (!bytes) return nullptr;
  if (bytes->negative() || bytes->bits > use.session().options.settings.max_strlen) {
    return use.out_of_range(
        2, fmt::format("0 to {} are possible", use.session().options.settings.max_strlen));
  }
  return use.types().int64();
}

const Type* check_MemCmp(Use& use) {
  const std::uint32_t longest = use.session().options.settings.max_strlen;
  const std::optional<Constant> bytes = use.constant(2);
  for (std::size_t i = 0; i < 2; ++i) {
    const Type* type = use.checker.place(use.argument(i));
    if (type == nullptr) return nullptr;
    const bool is_object =
        type->is_string() || type->is(TypeKind::Buffer) || type->is(TypeKind::Array);
    if (!is_object && !type->is_pointer())
      return use.wrong_type(i, "a string, a buffer, an array or a pointer");
    const std::uint64_t held = type->is(TypeKind::Array) ? type->size() : type->capacity();
    const std::uint64_t most = is_object ? std::min<std::uint64_t>(held, longest) : longest;
    if (bytes && (bytes->negative() || bytes->bits > most))
      return use.out_of_range(2, fmt::format("0 to {} are possible", most));
  }
  if (!bytes) return nullptr;
  use.session().expect_scan(static_cast<std::uint32_t>(bytes->bits));
  return use.types().int64();
}

const Type* check_StrLen(Use& use) {
  const Type* type = use.text(0);
  if (type == nullptr) return nullptr;
  use.session().expect_scan(type->capacity());
  return use.types().int64();
}

const Type* check_StrCap(Use& use) {
  const Type* type = use.text(0);
  if (type == nullptr) return nullptr;
  use.slot = make_literal(use.session(), use.call, {type->capacity(), false});
  return use.slot->type;
}

const Type* check_StrStr(Use& use) { return find(use, use.types().int64()); }
const Type* check_StrContains(Use& use) { return find(use, use.types().bool_type()); }
const Type* check_StartsWith(Use& use) { return two_texts(use, use.types().bool_type()); }
const Type* check_EndsWith(Use& use) { return two_texts(use, use.types().bool_type()); }

const Type* check_StrConcat(Use& use) {
  std::uint64_t total = 1;
  bool is_cut = false;
  bool complete = true;
  for (std::size_t i = 0; i < use.count(); ++i) {
    const Type* type = use.text(i);
    complete = complete && type != nullptr;
    if (type == nullptr) continue;
    total += type->capacity() - 1;
    is_cut = is_cut || type->may_be_cut();
  }
  if (!complete) return nullptr;
  if (total > plan::kMaxTemporary) {
    use.session().emit(kinds::TypeTooLarge, use.call.location, "the text of this str_concat()",
                       total, plan::kMaxTemporary);
    return nullptr;
  }
  const std::uint64_t longest = use.session().options.settings.max_strlen;
  return use.types().string(static_cast<std::uint32_t>(std::min(total, longest)),
                            is_cut || total > longest);
}

const Type* check_SubStr(Use& use) {
  const Type* type = use.text(0);
  if (use.integer(1) == nullptr || type == nullptr) return nullptr;
  use.session().expect_scan(type->capacity());
  static_cast<void>(use.fold(1));
  std::uint32_t capacity = type->capacity();
  if (use.count() > 2) {
    if (use.integer(2) == nullptr) return nullptr;
    const std::optional<Constant> bytes = use.fold(2);
    if (bytes && bytes->negative()) return use.out_of_range(2, "a length is not below 0");
    if (bytes)
      capacity = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes->bits + 1, capacity));
  }
  return use.types().string(capacity, type->may_be_cut());
}

const Type* check_Split(Use& use) {
  const Type* type = use.text(0);
  const std::optional<std::string> separator = use.known_text(1);
  if (use.integer(2) == nullptr || type == nullptr || !separator) return nullptr;
  static_cast<void>(use.fold(2));
  if (separator->empty() || separator->size() > kWord)
    return use.out_of_range(1, fmt::format("a separator has 1 to {} bytes", kWord));
  return may_walk(use, type) ? use.types().string(type->capacity(), type->may_be_cut()) : nullptr;
}

const Type* check_GlobMatch(Use& use) {
  const Type* type = use.text(0);
  const std::optional<std::string> pattern = use.known_text(1);
  if (type == nullptr || !pattern) return nullptr;
  if (!compile_glob(*pattern)) {
    return use.out_of_range(
        1, fmt::format("a pattern matches at most {} bytes beside its stars", kMaxGlobBytes));
  }
  return may_walk(use, type) ? use.types().bool_type() : nullptr;
}

const Type* check_BSwap(Use& use) {
  const Type* type = use.integer(0);
  if (type == nullptr) return nullptr;
  return use.types().integer(as_integer(use.types(), type)->bits(), false);
}

const Type* check_DefaultStrLength(Use& use) {
  use.slot =
      make_literal(use.session(), use.call, {use.session().options.settings.max_strlen, false});
  return use.slot->type;
}

}  // namespace sonde::sema::function
