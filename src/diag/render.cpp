#include <algorithm>
#include <set>
#include <tuple>

#include "diag/emitter.h"

namespace sonde::diag {
namespace {

struct Style {
  std::string_view name;
  std::string_view color;
};

Style style_of(Level level) {
  switch (level) {
    case Level::Error: return {"ERROR", "\x1b[1;31m"};
    case Level::Warning: return {"WARNING", "\x1b[1;35m"};
    case Level::Note: return {"NOTE", "\x1b[1;36m"};
  }
  return {"NOTE", ""};
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The source line and its underline. Tabs are kept in the padding and a UTF-8 character takes one column, so that the underline
// stays under its text.
std::string excerpt(const Location& where, const Sources& sources) {
  const Source& source = sources.get(where.source);
  const Position begin = source.position(where.begin);
  std::string_view line = source.line(begin.line);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t column = std::min<std::size_t>(begin.column - 1, line.size());
  const std::string_view before = line.substr(0, column);
  const std::string_view marked = line.substr(column, where.end - where.begin);
  std::string padding;
  for (const char c : before) {
    if (!continues_character(c)) padding += c == '\t' ? '\t' : ' ';
  }
  const auto characters =
      marked.size() - static_cast<std::size_t>(std::ranges::count_if(marked, continues_character));
  return fmt::format("{}\n{}{}\n", line, padding,
                     std::string(std::max<std::size_t>(characters, 1), '~'));
}

std::string entry(std::string_view label, std::string_view color, const Location& where,
                  std::string_view text, const Sources& sources) {
  std::string out;
  if (where.valid()) out += sources.describe(where) + ": ";
  out += color.empty() ? fmt::format("{}: {}\n", label, text)
                       : fmt::format("{}{}\x1b[0m: {}\n", color, label, text);
  if (where.valid()) out += excerpt(where, sources);
  return out;
}

// One note for each call of a macro that has put the code there, the innermost first.
std::string expansion_notes(Location where, std::string_view color, const Sources& sources) {
  std::string out;
  while (where.valid()) {
    const Expansion* expansion = sources.expansion(where.source);
    if (expansion == nullptr) break;
    where = expansion->call;
    out += entry("NOTE", color, where, fmt::format("in expansion of macro '{}'", expansion->macro),
                 sources);
  }
  return out;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const Sources& sources,
                   const RenderOptions& options) {
  const auto color = [&](Level level) {
    return options.color ? style_of(level).color : std::string_view{};
  };
  std::string text = diagnostic.text;
  if (options.show_id) text += fmt::format(" [{}]", id_name(diagnostic.id));
  std::string out = entry(style_of(diagnostic.level).name, color(diagnostic.level),
                          diagnostic.where, text, sources);
  for (const Note& note : diagnostic.notes) {
    out += entry("NOTE", color(Level::Note), note.where, note.text, sources);
  }
  out += expansion_notes(diagnostic.where, color(Level::Note), sources);
  for (const std::string& hint : diagnostic.hints) out += "HINT: " + hint + "\n";
  return out;
}

std::string render_all(const Emitter& emitter, const Sources& sources,
                       const RenderOptions& options) {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : emitter.all()) {
    if (diagnostic.level == Level::Warning && !options.show_warnings) continue;
    if (diagnostic.level == Level::Note && !options.show_notes) continue;
    sorted.push_back(&diagnostic);
  }
  // What a macro's code does wrong stands where the macro is called.
  const auto place = [&](const Diagnostic* d) {
    const Location where = sources.outermost(d->where);
    return std::tuple(where.source, where.begin);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto* a, const auto* b) { return place(a) < place(b); });
  std::string out;
  std::set<std::tuple<Id, std::uint32_t, std::uint32_t, std::string_view>> seen;
  for (const Diagnostic* d : sorted) {
    // A mistake in a macro is one mistake, however often the macro is called.
    const std::uint32_t source =
        d->where.valid() ? sources.origin(d->where.source) : d->where.source;
    const bool is_new = seen.emplace(d->id, source, d->where.begin, d->text).second;
    if (is_new) out += render(*d, sources, options);
  }
  return out;
}

}  // namespace sonde::diag
