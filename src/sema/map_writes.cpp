#include "sema/map_writes.h"

#include <algorithm>
#include <map>
#include <string>

#include "ast/walk.h"

namespace sonde::sema {
namespace {

bool is_loop(const ast::Node& node) {
  switch (node.kind) {
    case ast::NodeKind::While:
    case ast::NodeKind::Unroll:
    case ast::NodeKind::ForRange:
    case ast::NodeKind::ForMap: return true;
    default: return false;
  }
}

// Null unless the node is an assignment to a map.
const ast::MapAccess* written(const ast::Assignment* assignment) {
  return assignment != nullptr ? ast::as<ast::MapAccess>(assignment->target) : nullptr;
}

// The map of which the node may make a new key; null for other nodes.
const ast::MapAccess* written_key(ast::Node& node) {
  const ast::MapAccess* target = written(ast::as<ast::Assignment>(&node));
  return target != nullptr && target->key != nullptr ? target : nullptr;
}

// Interrupts are on wherever the probe fires. Of tracepoints that is known of those of system calls alone.
bool is_interruptible(const ProbeFacts& probe) {
  return std::ranges::all_of(probe.resolved->attach_points, [](const plan::AttachPoint& point) {
    return point.kind->has(builtins::kInterruptible) || point.system_call.has_value();
  });
}

// What stands in a loop counts twice.
void find_growing(Session& session, const ast::Probe& probe) {
  std::map<std::string, int> places;
  ast::walk(probe, [&](ast::Node& node) {
    if (const auto* access = written_key(node)) ++places[access->name];
    if (!is_loop(node)) return;
    ast::walk(node, [&](ast::Node& inner) {
      if (const auto* access = written_key(inner)) ++places[access->name];
    });
  });
  for (const auto& [name, count] : places) {
    if (count > 1) session.maps.get(name, {}).grows_at_once = true;
  }
}

void find_assigned(Session& session, const ast::Probe& probe) {
  ast::walk(probe, [&](ast::Node& node) {
    const auto* assignment = ast::as<ast::Assignment>(&node);
    const ast::MapAccess* target = written(assignment);
    if (target == nullptr) return;
    const bool adds = assignment->compound && (assignment->operation == ast::BinaryOp::Add ||
                                               assignment->operation == ast::BinaryOp::Subtract);
    if (!adds) session.maps.get(target->name, {}).is_assigned = true;
  });
}

}  // namespace

void study_map_writes(Session& session) {
  for (const ProbeFacts& probe : session.probes) {
    if (!is_interruptible(probe)) find_growing(session, *probe.resolved->probe);
    find_assigned(session, *probe.resolved->probe);
  }
}

}  // namespace sonde::sema
