// Diagnostics: what is wrong with a script, where, and how to mend it.
//
//   emitter.emit(kinds::UnknownField, field_location, record.name(), field).hint("did you mean 'pid'?");
//
// Argument counts and types are checked by the compiler against diag/kinds.def.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "diag/source.h"

namespace sonde::diag {

enum class Level : std::uint8_t { Note, Warning, Error };

enum class Id : std::uint16_t {
#define SONDE_DIAGNOSTIC(id, level, types, text) id,
#include "diag/kinds.def"
#undef SONDE_DIAGNOSTIC
};

[[nodiscard]] std::string_view id_name(Id id);

template <class... Args>
struct Kind {
  Id id;
  Level level;
  fmt::format_string<const Args&...> text;
};

namespace detail {
template <class>
struct KindFor;
template <class... Args>
struct KindFor<void(Args...)> {
  using type = Kind<Args...>;
};
}  // namespace detail

namespace kinds {
#define SONDE_DIAGNOSTIC(id, level, types, text) \
  inline constexpr detail::KindFor<void types>::type id{Id::id, Level::level, text};
#include "diag/kinds.def"
#undef SONDE_DIAGNOSTIC
}  // namespace kinds

struct Note {
  Location where;
  std::string text;
};

struct Diagnostic {
  Id id;
  Level level;
  Location where;
  std::string text;
  std::vector<Note> notes;         // Other places that matter, e.g. the first use of a map.
  std::vector<std::string> hints;  // How to mend it.
};

// Adds notes and hints to the diagnostic just emitted. Use it in the same full expression only.
class Builder {
 public:
  explicit Builder(Diagnostic* diagnostic) : diagnostic_(diagnostic) {}
  Builder& note(const Location& where, std::string text);
  // An empty `text` is ignored, so that the result of did_you_mean() can be passed on.
  Builder& hint(std::string text);

 private:
  Diagnostic* diagnostic_;
};

// Collects the diagnostics of one compilation, in order of emission.
class Emitter {
 public:
  template <class... Args>
  Builder emit(const Kind<Args...>& kind, const Location& where,
               const std::type_identity_t<Args>&... args) {
    return add({kind.id, kind.level, where, fmt::format(kind.text, args...), {}, {}});
  }

  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t error_count() const { return errors_; }

 private:
  Builder add(Diagnostic diagnostic);

  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

// "did you mean 'a', 'b' or 'c'?", or "" if `names` is empty.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& names);

struct RenderOptions {
  bool color = false;
  bool show_id = false;  // Adds " [Id]" behind the text; tests and -v use it.
  bool show_warnings = true;
  bool show_notes =
      true;  // What is of level Note: worth knowing, and no reason to change the script.
};

// `FILE:LINE:COL-COL: ERROR: text`, the source line, `~~~` under it, then notes and `HINT: ...` lines.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const Sources& sources,
                                 const RenderOptions& options = {});

// All of them, sorted by place within a source, duplicates (same id and place) once.
[[nodiscard]] std::string render_all(const Emitter& emitter, const Sources& sources,
                                     const RenderOptions& options = {});

}  // namespace sonde::diag
