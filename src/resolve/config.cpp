#include "resolve/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "ast/walk.h"
#include "base/text.h"
#include "plan/settings.h"

namespace sonde::resolve {
namespace {

std::string hint_for_unknown(const std::string& name) {
  const std::string bare = plan::bare_setting_name(name);
  for (const plan::EnvironmentRow& row : plan::environment_only()) {
    if (row.name != bare) continue;
    std::string upper = bare;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return fmt::format("it can only be set in the environment: SONDE_{}=...", upper);
  }
  std::vector<std::string> names;
  for (const plan::SettingRow& known : plan::settings()) names.emplace_back(known.name);
  const std::string best = diag::did_you_mean(nearest(bare, names));
  return best.empty() ? "the manual lists them: man sonde" : best;
}

}  // namespace

plan::Settings apply_config(const ast::Program& program, const Options& options,
                            diag::Emitter& emitter) {
  plan::Settings settings = options.settings;
  std::set<std::string_view> seen;
  for (const ast::ConfigEntry& entry : program.config) {
    const plan::SettingRow* row = plan::find_setting(entry.name);
    if (row == nullptr) {
      emitter.emit(diag::kinds::UnknownConfig, entry.name_location, entry.name)
          .hint(hint_for_unknown(entry.name));
      continue;
    }
    if (!seen.insert(row->name).second) {
      emitter.emit(diag::kinds::DuplicateDeclaration, entry.name_location, entry.name)
          .hint("set it once");
      continue;
    }
    plan::Settings changed = settings;
    if (!row->apply(changed, entry.value)) {
      emitter
          .emit(diag::kinds::ConfigValue, entry.value_location, entry.name,
                fmt::format("'{}' is not one of its values", entry.value))
          .hint(fmt::format("it takes {}", row->allowed));
    } else if (!options.fixed_settings.contains(std::string(row->name))) {
      settings = std::move(changed);
    }
  }
  return settings;
}

namespace {

class UnstableUses {
 public:
  UnstableUses(const plan::Settings& settings, diag::Emitter& emitter)
      : settings_(settings), emitter_(emitter) {}

  void map_declaration(const diag::Location& where) {
    report(settings_.unstable_map_decl, "a map declaration", "unstable_map_decl", where);
  }
  void import(const diag::Location& where) {
    report(settings_.unstable_import, "an import", "unstable_import", where);
  }
  void macro(const diag::Location& where) {
    report(settings_.unstable_macro, "a macro", "unstable_macro", where);
  }
  void address(const diag::Location& where) {
    report(settings_.unstable_addr, "taking an address", "unstable_addr", where);
  }

 private:
  using Policy = plan::Settings::Unstable;
  void report(Policy policy, const std::string& what, const std::string& setting,
              const diag::Location& where) {
    if (policy == Policy::Enable || !reported_.insert(setting).second) return;
    const bool refused = policy == Policy::Error;
    const std::string hint = fmt::format("{} it with: config = {{ {} = enable }}",
                                         refused ? "allow" : "silence", setting);
    if (refused) {
      emitter_.emit(diag::kinds::UnstableRefused, where, what, setting).hint(hint);
    } else {
      emitter_.emit(diag::kinds::UnstableUsed, where, what, setting).hint(hint);
    }
  }

  const plan::Settings& settings_;
  diag::Emitter& emitter_;
  std::set<std::string> reported_;
};

}  // namespace

void check_unstable(ast::Program& program, const plan::Settings& settings, diag::Emitter& emitter) {
  UnstableUses uses(settings, emitter);
  if (!program.maps.empty()) uses.map_declaration(program.maps.front().location);
  for (const ast::Import& import : program.imports) uses.import(import.location);
  for (const ast::Macro& macro : program.macros) uses.macro(macro.name_location);
  for (ast::Probe& probe : program.probes) {
    ast::walk(probe, [&](ast::Node& node) {
      const auto* unary = ast::as<ast::Unary>(&node);
      if (unary != nullptr && unary->op == ast::UnaryOp::AddressOf) uses.address(unary->location);
    });
  }
}

}  // namespace sonde::resolve
