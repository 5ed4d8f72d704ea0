#include "sema/analysis.h"

#include <utility>

#include "driver/host_names.h"
#include "parser/parser.h"
#include "resolve/resolve.h"

namespace sonde::test {
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
  result->plan = sema::analyze(result->program, std::move(resolved.probes), result->types,
                               driver::host_names(*result->host, *result->definitions),
                               sema_options, result->emitter);
  return result;
}

}  // namespace sonde::test
