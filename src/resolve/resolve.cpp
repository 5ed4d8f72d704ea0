#include "resolve/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "ast/walk.h"
#include "builtins/tables.h"
#include "resolve/attach.h"
#include "resolve/attach_packet.h"
#include "resolve/c_files.h"
#include "resolve/c_macros.h"
#include "resolve/config.h"
#include "resolve/macros.h"
#include "resolve/parameters.h"
#include "resolve/type_names.h"
#include "resolve/unknown_kind.h"

namespace sonde::resolve {
namespace {

// A name of the script that is a macro of its C has to stand for a constant.
void check_macros(ast::Program& program, const Definitions& definitions, diag::Emitter& emitter) {
  for (ast::Probe& probe : program.probes) {
    ast::walk(probe, [&](ast::Node& node) {
      const auto* name = ast::as<ast::Identifier>(&node);
      if (name == nullptr || builtins::find_variable(name->name) != nullptr) return;
      const auto text = definitions.replacement(name->name);
      if (!text || definitions.find_constant(name->name) || definitions.find_text(name->name))
        return;
      emitter.emit(diag::kinds::MacroNotConstant, name->location, name->name, *text);
    });
  }
}

// What makes a place another one: two modules may have functions of one name, and one period has several spellings.
using PlaceKey = std::tuple<builtins::ProbeKindId, std::string, std::string, std::string,
                            std::uint64_t, std::uint64_t, std::uint64_t, plan::Direction>;

PlaceKey key_of(const plan::AttachPoint& place) {
  // What else a watchpoint is stands in its name.
  const std::string& detail = place.watch ? place.name : place.pin;
  return {place.kind->id, place.target, place.symbol,    detail,
          place.offset,   place.period, place.frequency, place.direction};
}

bool is_wanted(const builtins::ProbeKind& kind, Purpose purpose) {
  using builtins::ProbeKindId;
  switch (purpose) {
    case Purpose::Everything: return true;
    case Purpose::Trace: return !kind.has(builtins::kTrial);
    case Purpose::Tests: return kind.id == ProbeKindId::Test;
    case Purpose::Benchmarks: return kind.id == ProbeKindId::Bench;
  }
  return false;
}

// A script of which nothing is wanted. Unknown kinds have been reported.
void check_purpose(const ast::Program& program, Purpose purpose, diag::Emitter& emitter) {
  const ast::AttachPoint* first = nullptr;
  for (const ast::Probe& probe : program.probes) {
    for (const ast::AttachPoint& point : probe.attach_points) {
      if (point.kind == nullptr || is_wanted(*point.kind, purpose)) return;
      if (first == nullptr) first = &point;
    }
  }
  if (first == nullptr) return;
  const bool traces = purpose == Purpose::Trace;
  const char* what = purpose == Purpose::Tests ? "test" : "benchmark";
  emitter
      .emit(diag::kinds::NothingToRun, first->location,
            traces ? "probe but tests and benchmarks" : std::string(what))
      .hint(traces                      ? "--test runs tests, --bench measures benchmarks"
            : purpose == Purpose::Tests ? "--test runs probes test:NAME"
                                        : "--bench measures probes bench:NAME");
}

class Expander {
 public:
  Expander(kernel::View& view, types::Context& types, const Options& options,
           const plan::Settings& settings, diag::Emitter& emitter)
      : view_(view), types_(types), options_(options), settings_(settings), emitter_(emitter) {}

  plan::ResolvedProbe expand(ast::Probe& probe) {
    plan::ResolvedProbe resolved{&probe, {}};
    for (const ast::AttachPoint& written : probe.attach_points) {
      std::vector<plan::AttachPoint> places = places_of(probe, written);
      // A pattern matches each place once; what two patterns match, or is written twice, is there twice.
      std::set<PlaceKey> seen;
      std::erase_if(places, [&](const plan::AttachPoint& place) {
        return !seen.insert(key_of(place)).second;
      });
      if (!within_limit(written, places.size())) continue;
      for (plan::AttachPoint& place : places) resolved.attach_points.push_back(std::move(place));
    }
    return resolved;
  }

 private:
  std::vector<plan::AttachPoint> places_of(const ast::Probe& probe,
                                           const ast::AttachPoint& written) {
    std::vector<plan::AttachPoint> places;
    if (written.kind == nullptr) {
      report_unknown_kind(written, view_, emitter_);
      return places;
    }
    if (!is_wanted(*written.kind, options_.purpose)) return places;
    ast::AttachPoint point = written;
    for (ast::AttachPoint::Piece& piece : point.pieces) {
      const std::string before =
          std::exchange(piece.text, substitute(piece.text, options_.parameters));
      if (!piece.text.empty() || before.empty()) continue;
      emitter_.emit(diag::kinds::MissingParameter, piece.location, before)
          .hint("the parameters of a script stand behind its name");
      return places;
    }
    Expansion expansion{point,     probe,    view_,  types_,  options_,
                        settings_, emitter_, places, packet_, &told_};
    expand_handler(point.kind->id)(expansion);
    return places;
  }

  // Counts the places of the whole script.
  bool within_limit(const ast::AttachPoint& point, std::size_t added) {
    if (total_ + added <= settings_.max_probes) {
      total_ += added;
      return true;
    }
    emitter_
        .emit(diag::kinds::TooManyProbes, point.location, point.text, total_ + added,
              settings_.max_probes)
        .hint("narrow the pattern, or raise it with: config = { max_probes = 4096 }");
    return false;
  }

  kernel::View& view_;
  types::Context& types_;
  const Options& options_;
  const plan::Settings& settings_;
  diag::Emitter& emitter_;
  std::size_t total_ = 0;
  const types::Type* packet_ = nullptr;
  std::set<std::string> told_;
};

// Results are told apart by the names.
void check_trial_names(const std::vector<plan::ResolvedProbe>& probes, diag::Emitter& emitter) {
  std::map<std::string_view, diag::Location> known;
  for (const plan::ResolvedProbe& probe : probes) {
    for (const plan::AttachPoint& place : probe.attach_points) {
      if (!place.kind->has(builtins::kTrial)) continue;
      const auto [first, is_new] = known.try_emplace(place.name, place.location);
      if (is_new) continue;
      emitter.emit(diag::kinds::DuplicateDeclaration, place.location, place.name)
          .note(first->second, "the first is here");
    }
  }
}

// With missing_probes a script may lose them all; it would wait for nothing.
void check_any_left(const ast::Program& program, const Resolved& resolved, diag::Emitter& emitter) {
  if (resolved.settings.missing_probes == plan::Settings::MissingProbes::Error) return;
  const bool is_left = std::ranges::any_of(resolved.probes, [](const plan::ResolvedProbe& probe) {
    return !probe.attach_points.empty();
  });
  if (is_left || program.probes.empty() || emitter.has_errors()) return;
  emitter.emit(diag::kinds::NoProbeLeft, program.probes.front().attach_points.front().location)
      .hint("missing_probes leaves out what this kernel does not have");
}

}  // namespace

bool assemble(ast::Program& program, diag::Sources& sources, const ImportOptions& options,
              diag::Emitter& emitter) {
  const std::size_t errors = emitter.error_count();
  load_imports(program, sources, options, emitter);
  // What is not there cannot be called.
  if (emitter.error_count() == errors) add_c_macros(program, sources, emitter);
  if (emitter.error_count() == errors) expand_macros(program, sources, emitter);
  return emitter.error_count() == errors;
}

Resolved resolve(ast::Program& program, diag::Sources& sources, kernel::View& view,
                 types::Context& types, const Options& options, diag::Emitter& emitter) {
  Resolved resolved;
  const std::size_t errors = emitter.error_count();
  ImportOptions imports = options.imports;
  if (!program.imports.empty()) imports.has_btf = view.has_btf();
  if (assemble(program, sources, imports, emitter))
    fill_named_parameters(program, named_parameters(program, emitter), options.named, emitter);
  resolved.complete = emitter.error_count() == errors;
  resolved.settings = apply_config(program, options, emitter);
  check_unstable(program, resolved.settings, emitter);
  for (ast::Probe& probe : program.probes) fill_parameters(probe, options.parameters);
  const std::size_t errors_before_c = emitter.error_count();
  resolved.definitions = define(program, view, types, options.headers, emitter);
  resolved.definitions->set_c_files(
      compile_c_files(program, sources, view, options.headers, resolved.settings.license, emitter));
  // What uses a wrong definition is not wrong itself.
  if (emitter.error_count() > errors_before_c) {
    resolved.complete = false;
    return resolved;
  }
  check_macros(program, *resolved.definitions, emitter);
  Expander expander(view, types, options, resolved.settings, emitter);
  for (ast::Probe& probe : program.probes) {
    resolved.probes.push_back(expander.expand(probe));
    resolve_type_names(resolved.probes.back(), view, *resolved.definitions, types, emitter);
  }
  check_interfaces(resolved.probes, emitter);
  check_trial_names(resolved.probes, emitter);
  check_any_left(program, resolved, emitter);
  check_purpose(program, options.purpose, emitter);
  return resolved;
}

}  // namespace sonde::resolve
