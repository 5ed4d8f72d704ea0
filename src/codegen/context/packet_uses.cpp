#include <set>
#include <string_view>

#include "ast/walk.h"
#include "codegen/context/packet.h"

namespace sonde::codegen {
namespace {

using builtins::PacketField;
using builtins::PacketHeader;

bool is_args(const ast::Node* node) {
  const auto* name = ast::as<ast::Identifier>(node);
  return name != nullptr && name->variable != nullptr &&
         name->variable->id == builtins::VariableId::Args;
}

// Parents come first: what a longer path has told of need not be looked at again.
class Uses {
 public:
  void look(ast::Node& node) {
    if (seen_.contains(&node)) return;
    if (const auto* member = ast::as<ast::Member>(&node)) {
      look(*member);
    } else if (is_args(&node)) {
      fields_.set();
    }
  }
  [[nodiscard]] const PacketFields& fields() const { return fields_; }

 private:
  void look(const ast::Member& member) {
    if (is_args(member.object)) {
      seen_.insert(member.object);
      add({}, member.field);
      return;
    }
    const auto* header = ast::as<ast::Member>(member.object);
    if (header == nullptr || !is_args(header->object)) return;
    seen_.insert(header);
    seen_.insert(header->object);
    add(header->field, member.field);
  }

  // Of a header as a whole all fields.
  void add(std::string_view header, std::string_view name) {
    for (const PacketField& field : builtins::packet_fields()) {
      const std::string_view own = builtins::packet_header_name(field.header);
      const bool is_whole = header.empty() && own == name;
      if (is_whole || (own == header && field.name == name))
        fields_.set(static_cast<std::size_t>(field.id));
    }
  }

  PacketFields fields_;
  std::set<const ast::Node*> seen_;
};

}  // namespace

PacketFields packet_uses(const ast::Probe& probe) {
  Uses uses;
  ast::walk(probe, [&](ast::Node& node) { uses.look(node); });
  return uses.fields();
}

}  // namespace sonde::codegen
