// skboutput() and write_user(): what is written elsewhere than to the output.
#include <string>

#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

constexpr std::uint64_t kMostOffset =
    4096;  // Longer than all headers that stand in front of a packet.

// The helper takes what the verifier knows to be a packet: an argument of a program that has them typed.
bool check_packet(Use& use, const Type* type) {
  if (!use.has_typed_arguments("packets") || type == nullptr) return false;
  const bool is_packet = type->is_pointer() && type->element()->is_record() &&
                         type->element()->name() == "struct sk_buff" &&
                         type->element()->record()->find_field("len");
  if (!is_packet) use.wrong_type(1, "a struct sk_buff *");
  return is_packet;
}

}  // namespace

const Type* check_SkbOutput(Use& use) {
  const std::optional<std::string> path = use.known_text(0);
  const bool is_packet = check_packet(use, use.checker.value(use.argument(1)));
  const bool has_length = use.integer(2) != nullptr;
  const std::optional<Constant> offset = use.constant(3);
  if (!path || !is_packet || !has_length || !offset) return nullptr;
  if (path->empty()) return use.out_of_range(0, "the file has no name");
  if (offset->negative() || offset->bits > kMostOffset)
    return use.out_of_range(3, fmt::format("0 to {} are possible", kMostOffset));
  plan::Action action;
  action.kind = plan::ActionKind::Packet;
  action.format = use.session().format_index(*path, {});
  action.fields.assign(3, {0, use.types().uint64()});
  return use.send(std::move(action)) != nullptr ? use.types().int64() : nullptr;
}

// A text is written with its NUL, as strcpy() does.
const Type* check_WriteUser(Use& use) {
  const Type* pointer = use.checker.value(use.argument(0));
  const Type* value = use.checker.value(use.argument(1));
  if (pointer == nullptr || value == nullptr) return nullptr;
  if (!pointer->is_pointer()) {
    return use.wrong_type(0, "a pointer",
                          "a cast says what is written: write_user((int32 *)arg0, 1)");
  }
  if (pointer->address_space() == types::AddressSpace::Kernel)
    return use.wrong_type(0, "a pointer into the traced process", "uptr() makes it one");
  const Type* target = pointer->element();
  if (value->is_string()) {
    if (!target->is_void() && !(target->is_integer() && target->bits() == 8))
      return use.wrong_type(0, "a pointer to characters", "write_user((char *)arg0, \"text\")");
    if (!use.known_text(1)) return nullptr;
    return use.types().bool_type();
  }
  if (!value->is_integral()) return use.wrong_type(1, "an integer or a text that stands there");
  if (!target->is_integer() && !target->is(types::TypeKind::Enum)) {
    return use.wrong_type(0, "a pointer to an integer",
                          "a cast says how many bytes are written: (int32 *)");
  }
  return use.types().bool_type();
}

}  // namespace sonde::sema::function
