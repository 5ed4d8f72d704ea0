// Addresses of the network in comparisons.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sema/checker.h"
#include "sema/operator_rules.h"

namespace sonde::sema {
namespace {

using types::TypeKind;

bool is_address(const Type* type) {
  return type->is(TypeKind::Inet) || type->is(TypeKind::MacAddress);
}

bool is_ip_address(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  const int family = text.find(':') != std::string::npos ? AF_INET6 : AF_INET;
  return ::inet_pton(family, text.c_str(), bytes) == 1;
}

}  // namespace

// Addresses of the network with one another, or with the text of one.
const Type* Checker::compare_addresses(ast::Binary& node) {
  for (const auto& [text, other] :
       {std::pair{&node.left, node.right}, std::pair{&node.right, node.left}}) {
    const auto* literal = ast::as<ast::StringLiteral>(*text);
    if (literal == nullptr || !other->type->is(TypeKind::Inet)) continue;
    if (!is_ip_address(literal->value)) {
      session_
          .emit(kinds::OperandTypes, literal->location, std::string(ast::spelling(node.op)),
                literal->type->name(), other->type->name())
          .hint(fmt::format("\"{}\" is not an IP address", escape(literal->value)));
      return session_.types.bool_type();
    }
    ast::Arena& arena = *session_.program.arena;
    const Location where = literal->location;
    auto* bytes = arena.make<ast::Call>(where, "pton", where, std::vector{*text});
    *text = arena.make<ast::Call>(where, "ntop", where, std::vector<ast::Expression*>{bytes});
    if (place(*text) == nullptr) return session_.types.bool_type();
  }
  if (node.left->type == node.right->type && is_address(node.left->type))
    return session_.types.bool_type();
  return bad_operands(session_, node.op, node.op_location, node.left->type, node.right->type);
}

}  // namespace sonde::sema
