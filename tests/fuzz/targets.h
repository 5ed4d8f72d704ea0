// The stages that take what users write, each as one function from bytes. They come back whatever the bytes; what must hold
// besides is a check, which aborts.
#pragma once

#include <string_view>

namespace sonde::fuzz {

// Bytes -> tokens.
void lexer(std::string_view script);
// Bytes -> tree or diagnostics, both printed.
void parser(std::string_view script);
// Up to attach points, on the fixture view of the host.
void resolve(std::string_view script);
// Up to the plan.
void sema(std::string_view script);
// What parses can be formatted, formatting changes nothing the second time, and the tree as text is the same tree.
void format(std::string_view script);

}  // namespace sonde::fuzz
