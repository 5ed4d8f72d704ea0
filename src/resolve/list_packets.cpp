// Interfaces, cgroups and the hooks of security modules, see lister.h.
#include <fmt/format.h>

#include "base/check.h"
#include "base/glob.h"
#include "builtins/packet.h"
#include "resolve/attach_packet.h"
#include "resolve/lister.h"

namespace sonde::resolve {
namespace {

std::string_view name_of(builtins::PacketType type) {
  using builtins::PacketType;
  switch (type) {
    case PacketType::Bool: return "bool";
    case PacketType::U8: return "uint8";
    case PacketType::U16: return "uint16";
    case PacketType::U32: return "uint32";
    case PacketType::Mac: return "macaddr_t";
    case PacketType::Inet: return "inet_t";
  }
  SONDE_UNREACHABLE();
}

// The fields of its headers by their paths.
void add_packet(Lister& l, const std::string& text) {
  ListedProbe* probe = l.add(text);
  if (probe == nullptr) return;
  for (const builtins::PacketField& field : builtins::packet_fields()) {
    const std::string path = builtins::packet_field_path(field);
    const std::string type(name_of(field.type));
    probe->arguments.push_back({type, path, fmt::format("{} {}", type, path)});
  }
}

void add_directions(Lister& l, const std::string& text) {
  for (const plan::Direction direction : {plan::Direction::Ingress, plan::Direction::Egress}) {
    const std::string_view name = direction_name(direction);
    if (glob_match(l.part(1), name)) add_packet(l, fmt::format("{}:{}", text, name));
  }
}

void list_interfaces(Lister& l, void (*add)(Lister&, const std::string&)) {
  const auto found = l.view().network_interfaces();
  if (!found) return l.problem(found.error());
  for (const kernel::NetworkInterface& interface : *found) {
    if (glob_match(l.part(0), interface.name)) add(l, interface.name);
  }
}

}  // namespace

void list_Xdp(Lister& l) { list_interfaces(l, add_packet); }
void list_Tc(Lister& l) { list_interfaces(l, add_directions); }

void list_CgroupSkb(Lister& l) {
  const auto found = l.view().cgroups();
  if (!found) return l.problem(found.error());
  const std::string wanted = cgroup_folder(found->front(), std::string(l.part(0)));
  for (const std::string& folder : *found) {
    if (glob_match(wanted, folder) || l.part(0) == "*") add_directions(l, folder);
  }
}

void list_Lsm(Lister& l) {
  if (!l.needs(plan::Feature::Lsm)) return;
  const auto found =
      l.view().kernel_functions("vmlinux", fmt::format("{}{}", kHookPrefix, l.part(0)));
  if (!found) return l.problem(found.error());
  for (const kernel::KernelFunction& function : *found) {
    ListedProbe* probe = l.add(std::string_view(function.name).substr(kHookPrefix.size()));
    if (probe == nullptr) continue;
    const auto signature = l.view().function_signature(function.module, function.name);
    if (signature) Lister::add_arguments(*probe, signature->args);
  }
}

}  // namespace sonde::resolve
