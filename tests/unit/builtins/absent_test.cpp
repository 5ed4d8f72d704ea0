#include "builtins/absent.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "builtins/tables.h"

namespace {

using namespace sonde::builtins;

TEST(PlannedNamesTest, AreNotThereYet) {
  std::set<std::string_view> names;
  for (const PlannedName& planned : planned_names()) {
    EXPECT_TRUE(names.insert(planned.name).second) << planned.name;
    EXPECT_EQ(find_function(planned.name), nullptr) << "take the row away: " << planned.name;
    EXPECT_EQ(find_variable(planned.name), nullptr) << "take the row away: " << planned.name;
    EXPECT_EQ(find_planned(planned.name), &planned);
    EXPECT_TRUE(foreign_hint(planned.name).empty()) << planned.name;
  }
  EXPECT_EQ(find_planned("printf"), nullptr);
}

TEST(ForeignNamesTest, HaveAHint) {
  EXPECT_EQ(foreign_hint("execname"), "write 'comm'");
  EXPECT_EQ(foreign_hint("comm"), "");
  EXPECT_EQ(foreign_hint(""), "");
}

TEST(ForeignNamesTest, AreNoNamesOfSonde) {
  std::set<std::string_view> names;
#define SONDE_FOREIGN(name, hint)                                             \
  EXPECT_TRUE(names.insert(name).second) << name;                             \
  EXPECT_EQ(find_function(name), nullptr) << "take the row away: " << (name); \
  EXPECT_EQ(find_variable(name), nullptr) << "take the row away: " << (name);
#define SONDE_FOREIGN_PROBE(name, hint) \
  EXPECT_EQ(find_probe_kind(name), nullptr) << "take the row away: " << (name);
#define SONDE_FOREIGN_TYPE(name, hint) EXPECT_FALSE(foreign_type_hint(name).empty());
#include "builtins/foreign.def"
}

}  // namespace
