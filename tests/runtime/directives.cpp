#include "directives.h"

#include <functional>
#include <map>
#include <sstream>

namespace sonde::test {
namespace {

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

using Setter = std::function<void(Directives&, const std::string&)>;

Setter expect(Expectation::Kind kind) {
  return
      [kind](Directives& d, const std::string& value) { d.expectations.push_back({kind, value}); };
}

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> kSetters = {
      {"RUN", [](Directives& d, const std::string& v) { d.run = v; }},
      {"ENV", [](Directives& d, const std::string& v) { d.environment = v; }},
      {"PARAMS", [](Directives& d, const std::string& v) { d.parameters = v; }},
      {"NETWORK", [](Directives& d, const std::string& v) { d.network = v; }},
      {"AFTER", [](Directives& d, const std::string& v) { d.after = v; }},
      {"SIGNAL", [](Directives& d, const std::string& v) { d.signal = v; }},
      {"STATUS", [](Directives& d, const std::string& v) { d.status = std::stoi(v); }},
      {"TIMEOUT", [](Directives& d, const std::string& v) { d.timeout = std::stoi(v); }},
      {"REQUIRES",
       [](Directives& d, const std::string& v) {
         std::istringstream words(v);
         for (std::string word; words >> word;) d.requirements.push_back(word);
       }},
      {"EXPECT", expect(Expectation::Kind::Line)},
      {"EXPECT_RE", expect(Expectation::Kind::Regex)},
      {"REJECT", expect(Expectation::Kind::NotLine)},
      {"REJECT_RE", expect(Expectation::Kind::NotRegex)},
      {"EXPECT_ERR", expect(Expectation::Kind::ErrorText)},
  };
  return kSetters;
}

bool is_directive_name(const std::string& name) {
  return !name.empty() &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos;
}

}  // namespace

Directives parse_directives(const std::string& script, const Placeholders& placeholders) {
  Directives directives;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("// ")) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string name = line.substr(3, colon - 3);
    if (!is_directive_name(name)) continue;
    std::string value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    for (const auto& [name_in_text, text] : placeholders)
      value = replace_all(std::move(value), "{" + name_in_text + "}", text);
    const auto setter = setters().find(name);
    if (setter == setters().end()) {
      directives.problems.push_back("unknown directive " + name);
    } else {
      setter->second(directives, value);
    }
  }
  return directives;
}

}  // namespace sonde::test
