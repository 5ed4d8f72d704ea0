#include "kernel/demangle.h"

#include <llvm/Demangle/Demangle.h>

#include <cstdlib>
#include <memory>

#include "base/glob.h"
#include "base/text.h"
#include "kernel/demangle_size.h"

namespace sonde::kernel {
namespace {

// Demanglers call themselves for each nested type.
constexpr std::size_t kMaxSymbol = 4096;

using CText = std::unique_ptr<char, decltype(&std::free)>;

// "::h" and 16 hexadecimal digits, which Rust's older mangling puts behind every path.
constexpr std::size_t kHashLength = 19;

bool ends_with_hash(std::string_view path) {
  if (path.size() <= kHashLength) return false;
  const std::string_view hash = path.substr(path.size() - kHashLength);
  return hash.starts_with("::h") &&
         hash.find_first_not_of("0123456789abcdef", 3) == std::string_view::npos;
}

// What stands between two '$'.
std::string unescaped(std::string_view name) {
  struct Row {
    std::string_view name, text;
  };
  static constexpr Row kRows[] = {{"SP", "@"}, {"BP", "*"}, {"RF", "&"}, {"LT", "<"},
                                  {"GT", ">"}, {"LP", "("}, {"RP", ")"}, {"C", ","}};
  for (const Row& row : kRows) {
    if (row.name == name) return std::string(row.text);
  }
  if (name.starts_with('u')) {
    const auto code = parse_u64("0x" + std::string(name.substr(1)));
    if (code && *code >= ' ' && *code < 127) return std::string(1, static_cast<char>(*code));
  }
  return {};
}

// The older mangling of Rust writes what a symbol may not hold as "$LT$", and ".." for "::".
std::string rust_path(std::string_view path) {
  std::string out;
  if (path.starts_with("_$")) path.remove_prefix(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.substr(i).starts_with("::_$")) {
      out += "::";
      i += 2;  // The underscore makes an identifier of it.
      continue;
    }
    if (path[i] == '.' && i + 1 < path.size() && path[i + 1] == '.') {
      out += "::";
      ++i;
      continue;
    }
    const std::size_t end = path[i] == '$' ? path.find('$', i + 1) : std::string_view::npos;
    const std::string text =
        end == std::string_view::npos ? "" : unescaped(path.substr(i + 1, end - i - 1));
    if (text.empty()) {
      out += path[i];
    } else {
      out += text;
      i = end;
    }
  }
  return out;
}

// Where the list of parameters begins; the end if there is none. Parentheses at the start belong to the name:
// "(anonymous namespace)::f(int)", "ns::(lambda)::operator()(int)".
std::size_t parameters_begin(std::string_view name) {
  int depth = 0;
  std::size_t last = name.size();
  std::size_t open = name.size();
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '(' || name[i] == '<') {
      if (depth++ == 0 && name[i] == '(') open = i;
    } else if (name[i] == ')' || (name[i] == '>' && i > 0 && name[i - 1] != '-')) {
      if (depth > 0 && --depth == 0 && name[i] == ')') last = open;
    }
  }
  // "operator()" without parameters, or a name that goes on behind the last pair.
  const std::size_t close = name.find_last_of(')');
  if (last == name.size() || close == std::string_view::npos) return name.size();
  if (name.find("::", close) != std::string_view::npos) return name.size();
  return last;
}

// Names of templates have the type of the result in front: "int ns::f<int>". "operator new" is a name with a space.
std::string_view without_result(std::string_view name) {
  int depth = 0;
  for (std::size_t i = name.size(); i > 0; --i) {
    const char c = name[i - 1];
    if (c == ')' || c == '>') ++depth;
    if (c == '(' || c == '<') --depth;
    if (c != ' ' || depth != 0) continue;
    return name.substr(0, i - 1).ends_with("operator") ? name : name.substr(i);
  }
  return name;
}

// Itanium names refer to parts of themselves ("S1_", "T_"), and two references may double what they name: from 300 bytes some 60 of
// them make a text of gigabytes. So many do nothing yet.
constexpr std::size_t kMaxReferences = 24;

bool may_explode(std::string_view symbol) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::size_t references = 0;
  for (std::size_t i = 0; i + 1 < symbol.size(); ++i) {
    if (symbol[i] != 'S' && symbol[i] != 'T') continue;
    const std::size_t end = symbol.find_first_not_of(kDigits, i + 1);
    if (end != std::string_view::npos && symbol[end] == '_') ++references;
  }
  return references > kMaxReferences && !has_readable_name(symbol);
}

}  // namespace

std::optional<SourceName> source_name(std::string_view symbol) {
  if (symbol.size() > kMaxSymbol) return std::nullopt;
  if (symbol.starts_with("_R")) {
    const CText text(llvm::rustDemangle(symbol), &std::free);
    if (!text) return std::nullopt;
    return SourceName{SourceLanguage::Rust, text.get()};
  }
  if (!symbol.starts_with("_Z") || may_explode(symbol)) return std::nullopt;
  const CText text(llvm::itaniumDemangle(symbol), &std::free);
  if (!text) return std::nullopt;
  const std::string_view name = text.get();
  if (!ends_with_hash(name)) return SourceName{SourceLanguage::Cpp, std::string(name)};
  return SourceName{SourceLanguage::Rust, rust_path(name.substr(0, name.size() - kHashLength))};
}

std::string demangle(std::string_view symbol) {
  auto name = source_name(symbol);
  return name ? std::move(name->text) : std::string(symbol);
}

bool matches_source_name(std::string_view pattern, const SourceName& name) {
  const auto matches = [&](std::string_view text) {
    return is_glob(pattern) ? glob_match(pattern, text) : pattern == text;
  };
  if (matches(name.text)) return true;
  if (name.language == SourceLanguage::Rust) return false;
  const std::string_view text = name.text;
  const std::string_view bare = text.substr(0, parameters_begin(text));
  const std::string_view named = without_result(bare);
  const std::string_view parameters = text.substr(bare.size());
  return matches(bare) || matches(named) ||
         (named.size() != bare.size() && matches(std::string(named) + std::string(parameters)));
}

}  // namespace sonde::kernel
