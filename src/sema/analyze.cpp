#include <algorithm>
#include <utility>

#include "sema/checker.h"
#include "sema/complete.h"
#include "sema/intervals.h"
#include "sema/map_plan.h"
#include "sema/map_writes.h"
#include "sema/programs.h"
#include "sema/scopes.h"
#include "sema/sema.h"
#include "sema/session.h"

namespace sonde::sema {
namespace {

// Types only grow (unknown, then wider), so the passes end by themselves: this bounds what a bug could do.
constexpr int kMaxPasses = 64;

void gather_probe(Session& session, plan::ResolvedProbe& resolved) {
  ProbeFacts& probe = session.probes.emplace_back();
  probe.resolved = &resolved;
  const auto add = [&](const builtins::ProbeKind* kind) {
    const bool is_new =
        std::find(probe.kinds.begin(), probe.kinds.end(), kind) == probe.kinds.end();
    if (kind != nullptr && is_new) probe.kinds.push_back(kind);
  };
  for (const ast::AttachPoint& point : resolved.probe->attach_points) add(point.kind);
  for (const plan::AttachPoint& point : resolved.attach_points) add(point.kind);
  // Places of both spaces: the pointer's is left to each of the programs.
  const auto& places = resolved.attach_points;
  for (const plan::AttachPoint& point : places) {
    const types::AddressSpace space = plan::default_space(point);
    if (&point == &places.front()) probe.space = space;
    if (space != probe.space) probe.space = types::AddressSpace::Unknown;
  }
}

// While begin and end run nothing is counted, and so nothing is lost.
void pair_all_intervals(const Session& session) {
  const auto is_alone = [](const builtins::ProbeKind* kind) { return kind->has(builtins::kAlone); };
  int next = 0;
  for (const ProbeFacts& probe : session.probes) {
    if (!std::ranges::all_of(probe.kinds, is_alone)) pair_intervals(*probe.resolved->probe, next);
  }
}

void check_all(Session& session) {
  for (ProbeFacts& probe : session.probes) Checker(session, probe).check_probe();
}

// Walks all probes until no map and no variable gets a better type. What looks wrong on the way is not reported: it may
// only be unknown yet.
void infer(Session& session, diag::Emitter& emitter) {
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    diag::Emitter unheard;
    session.emitter = &unheard;
    session.changed = false;
    check_all(session);
    if (session.changed) continue;
    if (session.guessing) break;
    session.guessing = true;
  }
  session.emitter = &emitter;
}

}  // namespace

plan::Plan analyze(ast::Program& program, std::vector<plan::ResolvedProbe> probes,
                   std::shared_ptr<types::Context> types, const HostNames& host,
                   const Options& options, diag::Emitter& emitter) {
  Session session{
      .types = *types, .host = host, .options = options, .program = program, .emitter = &emitter};
  session.plan.manifest.types = types;
  session.plan.manifest.settings = options.settings;
  session.plan.target.arch = options.arch;
  session.plan.target.cpus = options.cpus;
  session.plan.check_helpers = options.check_helpers;
  declare_maps(session);
  for (plan::ResolvedProbe& resolved : probes) gather_probe(session, resolved);
  for (ProbeFacts& probe : session.probes) bind_variables(session, probe);
  pair_all_intervals(session);
  infer(session, emitter);
  session.final_pass = true;
  check_all(session);
  // Declared and never used: any type does.
  for (ast::Variable* variable : session.all_variables) {
    if (variable->type == nullptr) variable->type = types->int64();
  }
  study_map_writes(session);
  build_maps(session);
  build_programs(session);
  complete_records(session);
  return std::move(session.plan);
}

}  // namespace sonde::sema
