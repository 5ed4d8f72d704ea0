#include "resolve/list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/bpf_function.h"
#include "resolve/lister.h"

namespace sonde::resolve {
namespace {

constexpr ListHandler kHandlers[] = {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) list_##Id,
#include "builtins/probe_kinds.def"
};

using Parts = std::span<const std::string_view>;
using Tag = kernel::TypeTag;

struct TagRow {
  Tag tag;
  std::string_view keyword;
};
constexpr TagRow kTags[] = {{Tag::Struct, "struct"}, {Tag::Union, "union"}, {Tag::Enum, "enum"}};

// The pieces between `separator`s that stand outside of double quotes.
std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted || text[i] != separator) continue;
    pieces.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// One element of the pattern, taken apart.
struct Wanted {
  const TagRow* tag = nullptr;          // A type; `name` is the glob.
  std::string name;                     //
  std::string kind;                     // A glob or a name; empty for whole names.
  std::vector<std::string_view> parts;  // Behind the kind.
  std::string whole;                    // A glob over whole names.
};

Wanted take_apart(std::string_view pattern) {
  Wanted wanted;
  for (const TagRow& row : kTags) {
    if (!pattern.starts_with(row.keyword)) continue;
    const std::string_view rest = pattern.substr(row.keyword.size());
    if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) continue;
    wanted.tag = &row;
    wanted.name = trim(rest);
    return wanted;
  }
  wanted.parts = split_unquoted(pattern, ':');
  const bool is_kind = builtins::find_probe_kind(wanted.parts.front()) != nullptr;
  if (wanted.parts.size() == 1 && !is_kind) {
    // "*sleep*" without a kind.
    wanted.whole = is_glob(pattern) ? std::string(pattern) : fmt::format("*{}*", pattern);
    wanted.parts.clear();
    return wanted;
  }
  wanted.kind = wanted.parts.front();
  wanted.parts.erase(wanted.parts.begin());
  for (std::string_view& part : wanted.parts) part = unquoted(part);
  // "kprobe:" is the whole kind, as in bpftrace.
  while (!wanted.parts.empty() && wanted.parts.back().empty()) wanted.parts.pop_back();
  return wanted;
}

bool takes(const Wanted& wanted, const builtins::ProbeKind& kind) {
  // Kinds that look at returns only repeat those of the entries.
  const bool repeats = kind.has(builtins::kRetval);
  if (wanted.kind.empty()) return !repeats;
  if (!is_glob(wanted.kind)) return builtins::find_probe_kind(wanted.kind) == &kind;
  return glob_match(wanted.kind, kind.name) && !(repeats && wanted.kind == "*");
}

void list_types(kernel::View& view, const Wanted& wanted, const ListRequest& request,
                Listing& out) {
  out.searched.push_back({wanted.tag->keyword, 0});
  if (!view.has_btf()) {
    out.problems.emplace_back(
        "types cannot be listed: this kernel describes none (CONFIG_DEBUG_INFO_BTF)");
    return;
  }
  for (const std::string& name : view.type_names(wanted.tag->tag, wanted.name)) {
    ListedType& type = out.types.emplace_back();
    type.name = fmt::format("{} {}", wanted.tag->keyword, name);
    if (request.with_arguments) type.definition = view.type_definition(wanted.tag->tag, name);
  }
}

void list_one(kernel::View& view, const Wanted& wanted, const ListRequest& request, Listing& out) {
  if (wanted.tag != nullptr) return list_types(view, wanted, request, out);
  bool is_known = false;
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) {
    if (!takes(wanted, kind)) continue;
    is_known = true;
    out.searched.push_back({kind.name, 0});
    Lister lister(view, kind, wanted.parts, wanted.whole, request, out);
    kHandlers[static_cast<std::size_t>(kind.id)](lister);
  }
  if (is_known) return;
  std::vector<std::string> names;
  for (const builtins::ProbeKind& kind : builtins::probe_kinds()) names.emplace_back(kind.name);
  const std::vector<std::string> best = nearest(wanted.kind, names);
  out.problems.push_back(
      fmt::format("'{}' is not a probe type{}", wanted.kind,
                  best.empty() ? "" : fmt::format("; did you mean {}?", best.front())));
}

template <class Visit>
void for_each_wanted(const ListRequest& request, Visit&& visit) {
  const std::string_view pattern = request.pattern.empty() ? "*" : request.pattern;
  for (const std::string_view one : split_unquoted(pattern, ',')) {
    if (!trim(one).empty()) visit(take_apart(trim(one)));
  }
}

}  // namespace

Listing list(kernel::View& view, const ListRequest& request) {
  Listing out;
  for_each_wanted(request, [&](const Wanted& wanted) { list_one(view, wanted, request, out); });
  return out;
}

namespace {

// The first `parts` parts of each name, and ":*" for the rest, each once.
std::vector<std::string> cut_to(std::size_t parts, const std::vector<ListedProbe>& probes) {
  std::vector<std::string> names;
  for (const ListedProbe& probe : probes) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < parts && end != std::string::npos; ++i)
      end = probe.name.find(':', end + (i == 0 ? 0 : 1));
    names.push_back(end == std::string::npos ? probe.name : probe.name.substr(0, end) + ":*");
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// Names whose last part is nearest to `last`: for functions of a file, and for what another kind offers.
std::vector<std::string> nearest_by_last_part(std::string_view last,
                                              const std::vector<ListedProbe>& probes) {
  if (last.empty()) return {};
  std::vector<std::string> parts;
  for (const ListedProbe& probe : probes)
    parts.push_back(probe.name.substr(probe.name.rfind(':') + 1));
  std::vector<std::string> names;
  for (const std::string& part : nearest(last, parts)) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] == part) names.push_back(probes[i].name);
    }
  }
  return names;
}

std::vector<std::string> nearest_to(kernel::View& view, Wanted wanted, const ListRequest& request) {
  Listing all;
  if (wanted.tag != nullptr) {
    std::string word = fmt::format("{} {}", wanted.tag->keyword, wanted.name);
    std::erase(word, '*');
    wanted.name = "*";
    list_one(view, wanted, request, all);
    std::vector<std::string> candidates;
    for (ListedType& type : all.types) candidates.push_back(std::move(type.name));
    return nearest(word, candidates);
  }
  const builtins::ProbeKind* kind = builtins::find_probe_kind(wanted.kind);
  std::string word = kind != nullptr ? std::string(kind->name) : wanted.kind;
  if (wanted.kind.empty()) word = wanted.whole;
  std::size_t parts = 0;  // Without the last ones that take everything.
  for (std::size_t i = 0; i < wanted.parts.size(); ++i) {
    if (wanted.parts[i] != "*") parts = i + 1;
  }
  for (std::size_t i = 0; i < parts; ++i) word += fmt::format(":{}", wanted.parts[i]);
  if (parts < wanted.parts.size()) word += ":";
  std::erase(word, '*');
  std::string last(wanted.parts.empty() ? "" : wanted.parts.back());
  std::erase(last, '*');
  // Within a file or a category if there is such a one.
  const bool is_within = parts > 1 || (parts == 1 && wanted.parts[0] == kBpf);
  wanted.parts.resize(is_within ? 1 : 0);
  wanted.whole.clear();
  list_one(view, wanted, request, all);
  std::vector<std::string> best;
  if (is_within && !all.empty()) {
    best = nearest_by_last_part(last, all.probes);
  } else if (all.empty()) {
    // A kind that this kernel lacks, a category that does not exist: what has that name elsewhere?
    list_one(view, take_apart(is_within && kind != nullptr ? kind->name : "*"), request, all);
    best = parts == 1 || kind == nullptr ? nearest_by_last_part(last, all.probes)
                                         : nearest(word, cut_to(parts + 1, all.probes));
  } else {
    best = nearest(word, cut_to(parts + 1, all.probes));
  }
  if (best.size() > 3) best.resize(3);
  return best;
}

}  // namespace

std::vector<std::string> nearest_listed(kernel::View& view, const ListRequest& request) {
  ListRequest names = request;
  names.with_arguments = false;
  std::vector<std::string> best;
  for_each_wanted(request, [&](Wanted wanted) {
    for (std::string& name : nearest_to(view, std::move(wanted), names))
      best.push_back(std::move(name));
  });
  return best;
}

}  // namespace sonde::resolve
