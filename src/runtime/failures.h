// Places that could not be attached: told once for each cause and attach point of the script.
#pragma once

#include "base/result.h"
#include "diag/emitter.h"
#include "output/sink.h"
#include "plan/manifest.h"
#include "runtime/attach/attach.h"

namespace sonde::runtime {

// Errors, which give reported(), or warnings as settings.missing_probes says. Of a pattern the places that cannot be traced are
// left out with a warning as long as others can; a run of which nothing is left is an error always.
[[nodiscard]] Result<void> report_failures(const Attacher& attacher, const plan::Manifest& manifest,
                                           output::Sink& sink, diag::Emitter& emitter);

}  // namespace sonde::runtime
