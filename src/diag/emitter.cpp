#include "diag/emitter.h"

#include <utility>

namespace sonde::diag {

std::string_view id_name(Id id) {
  static constexpr std::string_view kNames[] = {
#define SONDE_DIAGNOSTIC(id, level, types, text) #id,
#include "diag/kinds.def"
#undef SONDE_DIAGNOSTIC
  };
  return kNames[static_cast<std::size_t>(id)];
}

Builder& Builder::note(const Location& where, std::string text) {
  diagnostic_->notes.push_back({where, std::move(text)});
  return *this;
}

Builder& Builder::hint(std::string text) {
  if (!text.empty()) diagnostic_->hints.push_back(std::move(text));
  return *this;
}

Builder Emitter::add(Diagnostic diagnostic) {
  if (diagnostic.level == Level::Error) ++errors_;
  diagnostics_.push_back(std::move(diagnostic));
  return Builder(&diagnostics_.back());
}

std::string did_you_mean(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += "'" + names[i] + "'";
  }
  return text + "?";
}

}  // namespace sonde::diag
