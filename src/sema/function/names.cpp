// Names of numbers, addresses of the network, cgroups.
#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "plan/system_calls.h"
#include "sema/function/function.h"

namespace sonde::sema::function {
namespace {

using types::TypeKind;

// Room for the longest text that the C library has for an error.
constexpr std::uint32_t kErrorText = 64;
// And for a name like "ENOTRECOVERABLE" or "SIGRTMIN+15".
constexpr std::uint32_t kShortName = 16;

constexpr std::uint32_t kIPv4Bytes = 4;
constexpr std::uint32_t kIPv6Bytes = 16;
constexpr std::uint32_t kMacBytes = 6;

// Bytes of an array or struct; 0 for anything else.
std::uint32_t object_size(const Type* type) {
  if (type->is_record() && !type->record()->complete()) return 0;
  return type->is_record() || type->is(TypeKind::Array) ? type->size() : 0;
}

}  // namespace

const Type* check_StrError(Use& use) {
  return use.integer(0) != nullptr ? use.types().string(kErrorText) : nullptr;
}

const Type* check_ErrnoName(Use& use) {
  return use.integer(0) != nullptr ? use.types().string(kShortName) : nullptr;
}

const Type* check_SignalName(Use& use) { return check_ErrnoName(use); }

const Type* check_SyscallName(Use& use) {
  return use.integer(0) != nullptr ? use.types().string(plan::kMaxSyscallName + 1) : nullptr;
}

const Type* check_PToN(Use& use) {
  const std::optional<std::string> text = use.known_text(0);
  if (!text) return nullptr;
  const bool is_v6 = text->find(':') != std::string::npos;
  std::array<unsigned char, kIPv6Bytes> bytes{};
  if (::inet_pton(is_v6 ? AF_INET6 : AF_INET, text->c_str(), bytes.data()) != 1)
    return use.out_of_range(0, fmt::format("'{}' is not an IP address", *text));
  return use.types().array(use.types().integer(8, false), is_v6 ? kIPv6Bytes : kIPv4Bytes);
}

const Type* check_NToP(Use& use) {
  const std::size_t last = use.count() - 1;
  if (last > 0 && use.integer(0) == nullptr) return nullptr;
  const Type* type = use.checker.place(use.argument(last));
  if (type == nullptr) return nullptr;
  const std::uint32_t size = object_size(type);
  if (!type->is_integer() && size != kIPv4Bytes && size != kIPv6Bytes)
    return use.wrong_type(last, "an integer, or an array of 4 or 16 bytes");
  return use.types().simple(TypeKind::Inet);
}

const Type* check_MacAddr(Use& use) {
  const Type* type = use.checker.place(use.argument(0));
  if (type == nullptr) return nullptr;
  if (object_size(type) != kMacBytes && !type->is_pointer())
    return use.wrong_type(0, "an array of 6 bytes, or a pointer to them");
  return use.types().simple(TypeKind::MacAddress);
}

// The id does not change while the folder is there: it becomes a literal.
const Type* check_CgroupId(Use& use) {
  const std::optional<std::string> path = use.known_text(0);
  if (!path) return nullptr;
  const auto& cgroup_id = use.session().host.cgroup_id;
  const std::optional<std::uint64_t> id = cgroup_id ? cgroup_id(*path) : std::nullopt;
  if (!id) return use.out_of_range(0, fmt::format("there is no folder '{}'", *path));
  use.slot = make_literal(use.session(), use.call, {*id, false});
  return use.slot->type;
}

const Type* check_CgroupPath(Use& use) {
  const Type* id = use.integer(0);
  std::string filter = "*";
  if (use.count() > 1) {
    const std::optional<std::string> given = use.known_text(1);
    if (!given) return nullptr;
    filter = *given;
  }
  if (id == nullptr) return nullptr;
  const int index = use.session().format_index(filter, {});
  return use.types().cgroup_path(static_cast<std::uint32_t>(index));
}

}  // namespace sonde::sema::function
