#include "parser/attach_point.h"

#include <gtest/gtest.h>

#include "builtins/tables.h"

namespace sonde::parser {
namespace {

ast::AttachPoint split_at_10(std::string_view text) {
  return split_attach_point(text, {0, 10, 10 + static_cast<std::uint32_t>(text.size())});
}

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  for (const auto& piece : split_at_10(text).pieces) pieces.push_back(piece.text);
  return pieces;
}

using Texts = std::vector<std::string>;

TEST(AttachPoint, Pieces) {
  EXPECT_EQ(pieces_of("BEGIN"), Texts{});
  EXPECT_EQ(pieces_of("kprobe:f"), Texts{"f"});
  EXPECT_EQ(pieces_of("uprobe:/bin/bash:readline+0x10"), (Texts{"/bin/bash", "readline+0x10"}));
  EXPECT_EQ(pieces_of("usdt:/bin/x::probe"), (Texts{"/bin/x", "", "probe"}));
  EXPECT_EQ(pieces_of("software:faults:"), (Texts{"faults", ""}));
}

TEST(AttachPoint, Quotes) {
  EXPECT_EQ(pieces_of(R"x(u:"/my program":"a::b(int, char)")x"),
            (Texts{"/my program", "a::b(int, char)"}));
  EXPECT_EQ(pieces_of(R"(u:x"y:z"w)"), Texts{"xy:zw"});
  EXPECT_EQ(pieces_of(R"(u:"a\"b:c")"), Texts{"a\"b:c"});
}

TEST(AttachPoint, KindByNameAndAlias) {
  EXPECT_EQ(split_at_10("kprobe:f").kind->name, "kprobe");
  EXPECT_EQ(split_at_10("k:f").kind->name, "kprobe");
  EXPECT_EQ(split_at_10("BEGIN").kind->name, "begin");
  EXPECT_EQ(split_at_10("nosuch:f").kind, nullptr);
}

TEST(AttachPoint, Locations) {
  const ast::AttachPoint point = split_at_10(R"(u:"x y":f)");
  EXPECT_EQ(point.text, R"(u:"x y":f)");
  EXPECT_EQ(point.provider_location.begin, 10U);
  EXPECT_EQ(point.provider_location.end, 11U);
  ASSERT_EQ(point.pieces.size(), 2U);
  EXPECT_EQ(point.pieces[0].location.begin, 12U);
  EXPECT_EQ(point.pieces[0].location.end, 17U);
  EXPECT_EQ(point.pieces[1].location.begin, 18U);
  EXPECT_EQ(point.pieces[1].location.end, 19U);
}

}  // namespace
}  // namespace sonde::parser
