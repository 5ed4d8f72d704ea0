// "expected X, found Y" in words, with a hint where the slip is a common one.
#pragma once

#include "diag/emitter.h"
#include "parser/grammar.tab.h"

namespace sonde::parser {

class TokenStream;

// Reports that the parser does not accept the last token of `stream`, and starts recovery.
void report_syntax_slip(const Grammar::context& where, TokenStream& stream, diag::Emitter& emitter);

}  // namespace sonde::parser
