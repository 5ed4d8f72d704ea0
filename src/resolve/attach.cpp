#include "resolve/attach.h"

#include <fmt/format.h>

#include "base/text.h"

namespace sonde::resolve {

ExpandHandler expand_handler(builtins::ProbeKindId id) {
  static constexpr ExpandHandler kHandlers[] = {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) expand_##Id,
#include "builtins/probe_kinds.def"
  };
  return kHandlers[static_cast<std::size_t>(id)];
}

plan::AttachPoint& Expansion::add(const std::string& text) {
  plan::AttachPoint& place = out.emplace_back();
  place.kind = point.kind;
  place.name = text.empty() ? std::string(kind().name) : fmt::format("{}:{}", kind().name, text);
  place.location = point.location;
  return place;
}

void Expansion::syntax(const diag::Location& where, const std::string& problem,
                       const std::string& hint) {
  const std::string_view forms = kind().doc.substr(0, kind().doc.find('\n'));
  emitter.emit(diag::kinds::AttachPointSyntax, where, std::string(kind().name), problem)
      .hint(hint.empty() ? fmt::format("write {}", forms) : hint);
}

bool Expansion::expect_pieces(std::size_t least, std::size_t most) {
  const std::size_t given = point.pieces.size();
  if (given >= least && given <= most) {
    for (std::size_t i = 0; i < given; ++i) {
      if (piece(i).empty()) {
        syntax(point.location, "a part between colons is empty");
        return false;
      }
    }
    return true;
  }
  const std::string wanted =
      least == most ? std::to_string(least) : fmt::format("{} to {}", least, most);
  syntax(point.location, most == 0 ? std::string("takes no part behind the name")
                                   : fmt::format("takes {} part{} behind the name, not {}", wanted,
                                                 wanted == "1" ? "" : "s", given));
  return false;
}

void Expansion::not_found(const std::string& hint) {
  using Missing = plan::Settings::MissingProbes;
  if (settings.missing_probes == Missing::Error) {
    emitter.emit(diag::kinds::ProbeNotFound, point.location, point.text).hint(hint);
  } else if (settings.missing_probes == Missing::Warn) {
    emitter.emit(diag::kinds::ProbeSkipped, point.location, point.text).hint(hint);
  }
}

bool Expansion::is_left_out(const std::string& reason, const std::string& hint) {
  using Missing = plan::Settings::MissingProbes;
  if (settings.missing_probes == Missing::Error) return false;
  if (settings.missing_probes == Missing::Warn)
    emitter.emit(diag::kinds::ProbeLeftOut, point.location, point.text, reason).hint(hint);
  return true;
}

void Expansion::not_traceable(const std::string& reason, const std::string& hint) {
  if (is_left_out(reason, hint)) return;
  emitter.emit(diag::kinds::ProbeNotTraceable, point.location, point.text, reason).hint(hint);
}

void Expansion::binary_not_found(const diag::Location& where, const std::string& name,
                                 const std::string& hint) {
  if (is_left_out(fmt::format("there is no program or library '{}'", name), hint)) return;
  emitter.emit(diag::kinds::BinaryNotFound, where, name).hint(hint);
}

void Expansion::host_failed(const Error& error) {
  emitter.emit(diag::kinds::HostUnreadable, point.location, error.message()).hint(error.hint);
}

bool Expansion::needs(plan::Feature feature, const std::string& hint) {
  if (view.has(feature)) return true;
  const plan::FeatureRow& row = plan::feature_row(feature);
  if (is_left_out(fmt::format("this kernel has no {}", row.name), hint)) return false;
  if (told != nullptr && !told->insert(fmt::format("{} {}", kind().name, row.name)).second)
    return false;
  emitter
      .emit(diag::kinds::MissingKernelFeature, point.provider_location, std::string(kind().name),
            fmt::format("{} (Linux {})", row.name, row.min_kernel))
      .hint(hint);
  return false;
}

bool split_offset(const std::string& text, std::string& name, std::uint64_t& offset) {
  const std::size_t plus = text.find('+');
  name = text.substr(0, plus);
  offset = 0;
  if (plus == std::string::npos) return true;
  const auto number = parse_u64(std::string_view(text).substr(plus + 1));
  if (number) offset = *number;
  return number.has_value();
}

}  // namespace sonde::resolve
