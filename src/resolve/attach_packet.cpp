// xdp:INTERFACE, tc:INTERFACE:DIRECTION, cgroup_skb:PATH:DIRECTION
#include "resolve/attach_packet.h"

#include <fmt/format.h>

#include <map>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"
#include "resolve/packet.h"

namespace sonde::resolve {
namespace {

const types::Type* packet_args(Expansion& e) {
  if (e.packet == nullptr) e.packet = packet_record(e.types);
  return e.packet;
}

std::string nearest_interfaces(const std::string& name,
                               const std::vector<kernel::NetworkInterface>& all) {
  std::vector<std::string> names;
  for (const kernel::NetworkInterface& interface : all) names.push_back(interface.name);
  const std::string best = diag::did_you_mean(nearest(name, names));
  if (!best.empty() || names.empty()) return best;
  return fmt::format("there are {}", fmt::join(names, ", "));
}

// The interfaces that the piece at `index` names, or nothing after a diagnostic.
std::vector<kernel::NetworkInterface> find_interfaces(Expansion& e, std::size_t index) {
  const auto all = e.view.network_interfaces();
  if (!all) {
    e.host_failed(all.error());
    return {};
  }
  std::vector<kernel::NetworkInterface> found;
  for (const kernel::NetworkInterface& interface : *all) {
    if (glob_match(e.piece(index), interface.name)) found.push_back(interface);
  }
  if (found.empty()) e.not_found(nearest_interfaces(e.piece(index), *all));
  return found;
}

plan::AttachPoint& add_interface(Expansion& e, const kernel::NetworkInterface& interface,
                                 const std::string& text) {
  plan::AttachPoint& place = e.add(text);
  place.symbol = interface.name;
  place.has_link_header = interface.has_link_header;
  place.args = packet_args(e);
  return place;
}

constexpr plan::Direction kDirections[] = {plan::Direction::Ingress, plan::Direction::Egress};

// The directions that the piece at `index` names, or nothing after a diagnostic.
std::vector<plan::Direction> find_directions(Expansion& e, std::size_t index) {
  std::vector<plan::Direction> found;
  for (const plan::Direction direction : kDirections) {
    if (glob_match(e.piece(index), direction_name(direction))) found.push_back(direction);
  }
  if (found.empty()) {
    e.syntax(e.where(index), fmt::format("'{}' is not a direction", e.piece(index)),
             "packets go 'ingress' or 'egress'");
  }
  return found;
}

// The folders of cgroups that the piece names, or nothing after a diagnostic.
std::vector<std::string> find_cgroups(Expansion& e, const std::string& path) {
  const auto all = e.view.cgroups();
  if (!all) {
    e.host_failed(all.error());
    return {};
  }
  const std::string wanted = cgroup_folder(all->front(), path);
  std::vector<std::string> found;
  for (const std::string& folder : *all) {
    if (glob_match(wanted, folder)) found.push_back(folder);
  }
  if (found.empty()) {
    const std::string best = diag::did_you_mean(nearest(wanted, *all));
    e.not_found(best.empty() ? fmt::format("cgroups are the folders below {}", all->front())
                             : best);
  }
  return found;
}

}  // namespace

std::string_view direction_name(plan::Direction direction) {
  return direction == plan::Direction::Ingress ? "ingress" : "egress";
}

std::string cgroup_folder(const std::string& root, const std::string& path) {
  if (path.starts_with(root)) return path;
  const std::string below = path.starts_with('/') ? path : "/" + path;
  return below == "/" ? root : root + below;
}

void expand_Tc(Expansion& e) {
  if (!e.expect_pieces(2, 2)) return;
  const std::vector<plan::Direction> directions = find_directions(e, 1);
  if (directions.empty()) return;
  for (const kernel::NetworkInterface& interface : find_interfaces(e, 0)) {
    for (const plan::Direction direction : directions) {
      const std::string text = fmt::format("{}:{}", interface.name, direction_name(direction));
      add_interface(e, interface, text).direction = direction;
    }
  }
}

void expand_CgroupSkb(Expansion& e) {
  if (!e.expect_pieces(2, 2)) return;
  const std::vector<plan::Direction> directions = find_directions(e, 1);
  if (directions.empty()) return;
  for (const std::string& folder : find_cgroups(e, e.piece(0))) {
    for (const plan::Direction direction : directions) {
      plan::AttachPoint& place = e.add(fmt::format("{}:{}", folder, direction_name(direction)));
      place.target = folder;
      place.symbol = direction_name(direction);
      place.direction = direction;
      place.has_link_header = false;
      place.args = packet_args(e);
    }
  }
}

void expand_Xdp(Expansion& e) {
  if (!e.expect_pieces(1, 1)) return;
  for (const kernel::NetworkInterface& interface : find_interfaces(e, 0)) {
    add_interface(e, interface, interface.name);
  }
}

void check_interfaces(const std::vector<plan::ResolvedProbe>& probes, diag::Emitter& emitter) {
  std::map<std::string, diag::Location> seen;
  for (const plan::ResolvedProbe& probe : probes) {
    for (const plan::AttachPoint& point : probe.attach_points) {
      if (!point.kind->has(builtins::kExclusive)) continue;
      const auto [first, is_new] = seen.try_emplace(point.symbol, point.location);
      if (is_new) continue;
      emitter.emit(diag::kinds::InterfaceTaken, point.location, point.symbol)
          .note(first->second, "the first one")
          .hint(fmt::format("put both into one block; tc:{}:ingress takes any number of probes",
                            point.symbol));
    }
  }
}

}  // namespace sonde::resolve
