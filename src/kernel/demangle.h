// Names as the source code has them, from those that compilers of C++ and Rust give to symbols.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sonde::kernel {

enum class SourceLanguage : std::uint8_t { Cpp, Rust };

struct SourceName {
  SourceLanguage language = SourceLanguage::Cpp;
  std::string text;  // "ns::f(int)", "core::fmt::write"
};

// Nothing if the symbol is not mangled, or not as it should be. Rust's two manglings (v0 and the older one, whose hash is left
// out), C++'s by the Itanium ABI.
[[nodiscard]] std::optional<SourceName> source_name(std::string_view symbol);

// The source's name, or the symbol as it is.
[[nodiscard]] std::string demangle(std::string_view symbol);

// Whether a user means the function by `pattern`, a glob or a plain name. Without parentheses it stands for the name alone,
// whatever the parameters are; the result's type, which names of templates begin with, may be left out.
[[nodiscard]] bool matches_source_name(std::string_view pattern, const SourceName& name);

}  // namespace sonde::kernel
