// What the C of a script has declared so far, with the headers' and the kernel's types behind it. Internal to resolve.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/c_text.h"
#include "diag/emitter.h"
#include "kernel/view.h"
#include "types/layout.h"
#include "types/type.h"

namespace sonde::resolve::c {

using diag::Location;
using types::Type;

// A type as C sees it: with an alignment, which arrays of bytes that stand for long double do not tell.
struct CType {
  const Type* type = nullptr;  // Of a function the type of that name.
  std::uint64_t size = 0;
  std::uint32_t alignment = 1;
  bool is_function = false;
  bool is_wide_character = false;  // An array of it is text.
};

// A number of C: 32 or 64 bits, with a sign or not.
struct Number {
  std::uint64_t bits = 0;  // Extended to 64 bits as its type says.
  bool is_long = false;
  bool is_signed = true;
  [[nodiscard]] std::int64_t value() const { return static_cast<std::int64_t>(bits); }
  [[nodiscard]] bool negative() const { return is_signed && value() < 0; }
};

enum class TagKind : std::uint8_t { Struct, Union, Enum };
[[nodiscard]] std::string_view keyword_of(TagKind kind);

// One token of a definition; those of an expanded macro stand where its name does.
struct Token {
  CToken token;
  Location location;
  [[nodiscard]] bool is(std::string_view text) const { return token.is(text); }
  [[nodiscard]] bool is_identifier() const { return token.is_identifier(); }
  [[nodiscard]] std::string_view text() const { return token.text; }
};

struct Macro {
  std::string text;  // What it stands for.
  bool has_parameters = false;
  Location location;  // Of its name.
};

// Looks where the script's own declarations end: in the headers, then in the kernel.
class Completion final : public types::RecordSource {
 public:
  Completion(kernel::View& view) : view_(view) {}
  void set_headers(kernel::Headers* headers) { headers_ = headers; }
  bool complete(types::Record& record) override;

 private:
  kernel::View& view_;
  kernel::Headers* headers_ = nullptr;
};

struct Scope {
  Scope(types::Context& context, kernel::View& host)
      : types(context), view(host), completion(host) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  struct Tag {
    const Type* type = nullptr;
    Location location;  // Of its definition, or of its first mention.
    bool defined = false;
  };
  struct Typedef {
    CType type;
    Location location;
  };
  struct Constant {
    const Type* type = nullptr;  // Of its enum; null while that is read.
    Number number;
    Location location;
  };

  types::Context& types;
  kernel::View& view;
  kernel::Headers* headers = nullptr;  // Null without.
  Completion completion;
  std::map<std::pair<TagKind, std::string>, Tag> tags;
  std::map<std::string, Typedef, std::less<>> typedefs;
  std::map<std::string, Constant, std::less<>> constants;
  std::map<std::string, Macro, std::less<>> macros;
  // Tags that the script defines anywhere, with the places of the names: a mention of them in front of that is no mention of
  // the kernel's.
  std::map<std::pair<TagKind, std::string>, Location> defined_tags;

  // --- the script's, else the headers', else the kernel's; null if nobody has it ---
  [[nodiscard]] const Type* find_tag(TagKind kind, std::string_view name);
  // Not the kernel's.
  [[nodiscard]] const Type* find_own_tag(TagKind kind, std::string_view name);
  // `is_own` tells that the script itself gives the name.
  [[nodiscard]] std::optional<CType> find_typedef(std::string_view name);
  [[nodiscard]] std::optional<Number> find_constant(std::string_view name);

  // A type with the size and alignment that it tells itself.
  [[nodiscard]] static CType sized(const Type* type);
  // False for a record or enum that is only declared.
  [[nodiscard]] bool is_complete(const Type& type) const;
};

// The tokens of `text`, the first of which stands at `where`, with macros replaced. Names of macros with parameters stay.
[[nodiscard]] std::vector<Token> expand(const Scope& scope, std::string_view text,
                                        const Location& where);
// What the macro `name` stands for, all tokens at `where`.
[[nodiscard]] std::vector<Token> expand_macro(const Scope& scope, std::string_view name,
                                              const Location& where);

}  // namespace sonde::resolve::c
