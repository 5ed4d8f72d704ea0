#include "resolve/resolve.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "plan/settings.h"
#include "resolve/attach.h"
#include "resolve/parameters.h"
#include "resolve/type_names.h"

namespace sonde::resolve {
namespace {

// The script's config block on top of the defaults and the environment.
plan::Settings apply_config(const ast::Program& program, const Options& options, diag::Emitter& emitter) {
  plan::Settings settings = options.settings;
  std::set<std::string_view> seen;
  for (const ast::ConfigEntry& entry : program.config) {
    const plan::SettingRow* row = plan::find_setting(entry.name);
    if (row == nullptr) {
      std::vector<std::string> names;
      for (const plan::SettingRow& known : plan::settings()) names.emplace_back(known.name);
      emitter.emit(diag::kinds::UnknownConfig, entry.name_location, entry.name)
          .hint(diag::did_you_mean(nearest(entry.name, names)));
    } else if (!seen.insert(row->name).second) {
      emitter.emit(diag::kinds::DuplicateDeclaration, entry.name_location, entry.name);
    } else if (options.fixed_settings.contains(std::string(row->name))) {
      continue;  // The environment goes before the script.
    } else if (!row->apply(settings, entry.value)) {
      emitter
          .emit(diag::kinds::ConfigValue, entry.value_location, entry.name,
                fmt::format("'{}' is not one of its values", entry.value))
          .hint(fmt::format("it takes {}", row->allowed));
    }
  }
  return settings;
}

void report_unknown_kind(const ast::AttachPoint& point, diag::Emitter& emitter) {
  std::vector<std::string> names;
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) names.emplace_back(kind.name);
  const std::string best = diag::did_you_mean(nearest(point.provider, names));
  emitter.emit(diag::kinds::UnknownProbeType, point.provider_location, point.provider)
      .hint(best.empty() ? fmt::format("probe types are {}", fmt::join(names, ", ")) : best);
}

// Each place once, also if two patterns of one probe match it.
void drop_repeated(std::vector<plan::AttachPoint>& points) {
  std::set<std::string> seen;
  std::erase_if(points, [&](const plan::AttachPoint& point) { return !seen.insert(point.name).second; });
}

plan::ResolvedProbe expand(ast::Probe& probe, kernel::View& view, types::Context& types, const Options& options,
                           const plan::Settings& settings, diag::Emitter& emitter) {
  plan::ResolvedProbe resolved{&probe, {}};
  for (const ast::AttachPoint& written : probe.attach_points) {
    if (written.kind == nullptr) {
      report_unknown_kind(written, emitter);
      continue;
    }
    ast::AttachPoint point = written;
    for (ast::AttachPoint::Piece& piece : point.pieces) {
      piece.text = substitute(piece.text, options.parameters);
    }
    std::vector<plan::AttachPoint> places;
    Expansion expansion{point, probe, view, types, options, settings, emitter, places};
    expand_handler(point.kind->id)(expansion);
    if (places.size() > settings.max_probes) {
      emitter.emit(diag::kinds::TooManyProbes, point.location, point.text, places.size(), settings.max_probes)
          .hint("narrow the pattern, or raise it with: config = { max_probes = 4096 }");
      continue;
    }
    for (plan::AttachPoint& place : places) resolved.attach_points.push_back(std::move(place));
  }
  const bool special = !probe.attach_points.empty() && probe.attach_points[0].pieces.empty();
  if (!special) drop_repeated(resolved.attach_points);
  return resolved;
}

}  // namespace

Resolved resolve(ast::Program& program, kernel::View& view, types::Context& types,
                 const Options& options, diag::Emitter& emitter) {
  Resolved resolved;
  resolved.settings = apply_config(program, options, emitter);
  for (ast::Probe& probe : program.probes) fill_parameters(probe, options.parameters);
  resolve_type_names(program, view, types, emitter);
  for (ast::Probe& probe : program.probes) {
    resolved.probes.push_back(expand(probe, view, types, options, resolved.settings, emitter));
  }
  return resolved;
}

}  // namespace sonde::resolve
