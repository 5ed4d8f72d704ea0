#include "resolve/lister.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/glob.h"

namespace sonde::resolve {

ListedProbe* Lister::add(std::string_view text) {
  std::string name =
      text.empty() ? std::string(kind_.name) : fmt::format("{}:{}", kind_.name, text);
  ++out_.searched.back().candidates;
  if (!whole_.empty() && !glob_match(whole_, name)) return nullptr;
  ListedProbe& probe = out_.probes.emplace_back(std::move(name));
  return request_.with_arguments ? &probe : nullptr;
}

void Lister::add_argument(ListedProbe& probe, const types::Field& field) {
  probe.arguments.push_back({field.c_type.empty() ? field.type->name() : field.c_type, field.name,
                             types::declaration(field)});
}

void Lister::add_arguments(ListedProbe& probe, const types::Type* args) {
  if (args == nullptr) return;
  args->record()->complete();
  for (const types::Field& field : args->record()->fields) add_argument(probe, field);
}

void Lister::add_result(ListedProbe& probe, const types::Type* result) {
  if (result == nullptr) return;
  probe.arguments.push_back({result->name(), "retval", result->name() + " retval"});
}

void Lister::problem(std::string text) const {
  // Two kinds of one origin say the same once.
  if (std::ranges::find(out_.problems, text) == out_.problems.end())
    out_.problems.push_back(std::move(text));
}

void Lister::problem(const Error& error) const {
  problem(fmt::format("{} probes cannot be listed: {}{}{}", kind_.name, error.message(),
                      error.hint.empty() ? "" : "; ", error.hint));
}

bool Lister::needs(plan::Feature feature) const {
  if (view_.has(feature)) return true;
  const plan::FeatureRow& row = plan::feature_row(feature);
  problem(fmt::format("there are no {} probes: this kernel has no {}", kind_.name, row.name));
  return false;
}

}  // namespace sonde::resolve
