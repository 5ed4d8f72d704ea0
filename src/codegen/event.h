// Records in the ring buffers: what user space is to do, with values.
#pragma once

#include <functional>
#include <span>

#include "ast/ast.h"
#include "codegen/expression.h"
#include "codegen/function.h"

namespace sonde::codegen {

// One field of a record: an expression, or code that writes it.
struct FieldSource {
  ast::Expression* expression = nullptr;
  std::function<void(const Destination&)> write;
};

// The start of every record.
void write_header(Function& f, const Memory& record, int action);

// Sends the record of manifest.actions[action]; sources[i] gives its field i. If the ring is full the record is dropped and
// counted; what the expressions do besides is done nevertheless.
void send_event(Function& f, int action, std::span<const FieldSource> sources);

// Sends the record of a warning, once for each place in the script: what happens at all often happens each time, and would
// crowd out the events.
void warn_once(Function& f, int action, std::span<const FieldSource> sources);

// With -k: if `result` of a helper is negative, tells user space so, once for each place in the script. Else nothing.
void report_failure(Function& f, Helper helper, IrValue result);

}  // namespace sonde::codegen
