#include "diag/emitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using namespace sonde::diag;
using testing::ElementsAre;

struct Row {
  std::string_view id;
  std::string_view text;
};
constexpr Row kRows[] = {
#define SONDE_DIAGNOSTIC(id, level, types, text) {#id, text},
#include "diag/kinds.def"
#undef SONDE_DIAGNOSTIC
};

TEST(KindsTest, IdsAndTextsAreUnique) {
  std::set<std::string_view> ids;
  std::set<std::string_view> texts;
  for (const Row& row : kRows) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    // Texts that are one argument and nothing else say nothing that could repeat.
    const bool is_new = row.text == "{}" || texts.insert(row.text).second;
    EXPECT_TRUE(is_new) << row.id << ": " << row.text;
  }
}

TEST(KindsTest, WordingFollowsTheRules) {
  for (const Row& row : kRows) {
    ASSERT_FALSE(row.text.empty()) << row.id;
    EXPECT_FALSE(row.text.front() >= 'A' && row.text.front() <= 'Z') << row.id << ": " << row.text;
    EXPECT_NE(row.text.back(), '.') << row.id;
    EXPECT_EQ(row.text.find('"'), std::string_view::npos) << row.id;
    EXPECT_EQ(row.text.find('\n'), std::string_view::npos) << row.id;
  }
}

TEST(KindsTest, NamesMatchTheTable) {
  EXPECT_EQ(id_name(Id::SyntaxError), "SyntaxError");
  EXPECT_EQ(id_name(kinds::UnknownField.id), "UnknownField");
  EXPECT_EQ(id_name(static_cast<Id>(std::size(kRows) - 1)), kRows[std::size(kRows) - 1].id);
}

TEST(EmitterTest, FormatsArguments) {
  Emitter emitter;
  emitter.emit(kinds::UnknownField, {0, 1, 2}, "struct file", "pid");
  ASSERT_EQ(emitter.all().size(), 1U);
  EXPECT_EQ(emitter.all()[0].text, "'struct file' has no field 'pid'");
  EXPECT_EQ(emitter.all()[0].id, Id::UnknownField);
  EXPECT_EQ(emitter.all()[0].where.begin, 1U);
}

TEST(EmitterTest, WarningsAreNotErrors) {
  Emitter emitter;
  emitter.emit(kinds::UnusedValue, {});
  EXPECT_FALSE(emitter.has_errors());
  emitter.emit(kinds::DivisionByZero, {});
  emitter.emit(kinds::DivisionByZero, {});
  EXPECT_TRUE(emitter.has_errors());
  EXPECT_EQ(emitter.error_count(), 2U);
}

TEST(EmitterTest, HintsAndNotesGoToTheLast) {
  Emitter emitter;
  emitter.emit(kinds::DivisionByZero, {});
  emitter.emit(kinds::UndefinedVariable, {0, 4, 6}, "$x")
      .note({0, 0, 2}, "set here")
      .hint("")
      .hint("set it first");
  EXPECT_TRUE(emitter.all()[0].hints.empty());
  EXPECT_THAT(emitter.all()[1].hints, ElementsAre("set it first"));
  ASSERT_EQ(emitter.all()[1].notes.size(), 1U);
  EXPECT_EQ(emitter.all()[1].notes[0].text, "set here");
}

TEST(DidYouMeanTest, ReadsAsASentence) {
  EXPECT_EQ(did_you_mean({}), "");
  EXPECT_EQ(did_you_mean({"a"}), "did you mean 'a'?");
  EXPECT_EQ(did_you_mean({"a", "b"}), "did you mean 'a' or 'b'?");
  EXPECT_EQ(did_you_mean({"a", "b", "c"}), "did you mean 'a', 'b' or 'c'?");
}

}  // namespace
