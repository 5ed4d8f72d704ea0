// A probe whose kind does not exist: what the user may have had in mind.
#pragma once

#include "ast/ast.h"
#include "diag/emitter.h"
#include "kernel/view.h"

namespace sonde::resolve {

void report_unknown_kind(const ast::AttachPoint& point, kernel::View& view, diag::Emitter& emitter);

}  // namespace sonde::resolve
