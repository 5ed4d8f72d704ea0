// Every diagnostic that sema can give occurs in a case.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "diag/emitter.h"
#include "sema/analysis.h"
#include "support/case_runner.h"

namespace sonde::test {
namespace {

// Ids of kinds.def between UnknownIdentifier and UnreachableCode that another stage gives, or that no construct of the
// language can give yet.
bool is_of_others(diag::Id id) {
  switch (id) {
    case diag::Id::UnknownConfig:  // resolve
    case diag::Id::ConfigValue:    // resolve
      return true;
    default: return false;
  }
}

TEST(SemaDiagnostics, EachOccursInACase) {
  std::set<std::string> seen;
  for (const std::string& path : find_cases("sema")) {
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    for (int id = 0; id <= static_cast<int>(diag::Id::HelperFailed); ++id) {
      const std::string name(diag::id_name(static_cast<diag::Id>(id)));
      if (text.find("[" + name + "]") != std::string::npos) seen.insert(name);
    }
  }
  for (int i = static_cast<int>(diag::Id::UnknownIdentifier);
       i <= static_cast<int>(diag::Id::UnreachableCode); ++i) {
    const auto id = static_cast<diag::Id>(i);
    if (is_of_others(id)) continue;
    EXPECT_TRUE(seen.contains(std::string(diag::id_name(id))))
        << diag::id_name(id) << " occurs in no case of tests/sema";
  }
}

}  // namespace
}  // namespace sonde::test
