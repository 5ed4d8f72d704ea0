#include "sema/analysis.h"

#include <optional>
#include <string_view>
#include <utility>

#include "parser/parser.h"
#include "resolve/resolve.h"

namespace sonde::test {
namespace {

sema::HostNames names_of(kernel::View& host, const resolve::Definitions& definitions) {
  sema::HostNames names;
  names.enum_constant =
      [&host, &definitions](
          std::string_view name,
          const plan::ResolvedProbe& probe) -> std::optional<sema::HostNames::EnumConstant> {
    const auto constant =
        definitions.find_constant(name, resolve::Programs(host, probe.attach_points));
    if (!constant) return std::nullopt;
    return sema::HostNames::EnumConstant{constant->type, constant->value};
  };
  names.text_constant = [&definitions](std::string_view name) {
    return definitions.find_text(name);
  };
  names.constant_names = [&definitions] { return definitions.constant_names(); };
  names.kernel_symbol = [&host](std::string_view name) { return host.symbol_address(name); };
  names.kernel_function = [&host](std::string_view name) {
    return host.function_signature("*", name).has_value();
  };
  names.kernel_call_allowed = [&host](const plan::BpfProgram& program, const std::string& name) {
    return host.kernel_call_allowed(program, name);
  };
  names.refuses_fentry = [&host] { return host.refuses_fentry(); };
  names.injectable_functions = [&host]() -> std::optional<std::vector<std::string>> {
    auto functions = host.injectable_functions();
    if (!functions) return std::nullopt;
    return std::move(*functions);
  };
  names.cgroup_id = [&host](const std::string& path) { return host.cgroup_id(path); };
  names.record = [&host](std::string_view name) {
    return host.find_record(name, types::Record::Keyword::Struct);
  };
  names.has_feature = [&host](plan::Feature feature) { return host.has(feature); };
  names.c_objects = definitions.c_objects();
  return names;
}

}  // namespace

std::string Analysis::messages() const {
  return diag::render_all(emitter, sources, {.show_id = true});
}

std::unique_ptr<Analysis> analyze(const std::string& name, const std::string& script,
                                  const AnalysisOptions& options) {
  auto result = std::make_unique<Analysis>();
  result->host = options.make_host ? options.make_host(*result->types)
                                   : kernel::make_fixture_view(*result->types, options.host);
  const std::uint32_t source = result->sources.add(name, script);
  result->program = parser::parse(result->sources, source, result->emitter);
  if (result->emitter.has_errors()) return result;
  resolve::Options resolve_options;
  resolve_options.parameters = options.parameters;
  resolve_options.headers = options.headers;
  resolve_options.named = options.named;
  resolve::Resolved resolved = resolve::resolve(result->program, result->sources, *result->host,
                                                *result->types, resolve_options, result->emitter);
  result->definitions = resolved.definitions;
  if (result->emitter.has_errors()) return result;
  sema::Options sema_options = options.sema;
  sema_options.settings = resolved.settings;
  result->plan =
      sema::analyze(result->program, std::move(resolved.probes), result->types,
                    names_of(*result->host, *result->definitions), sema_options, result->emitter);
  return result;
}

}  // namespace sonde::test
