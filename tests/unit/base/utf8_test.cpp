#include "base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace sonde {
namespace {

TEST(Utf8Test, LengthOfWhatIsValid) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("\xc3\xa9x"), 2U);
  EXPECT_EQ(utf8_length("\xe2\x82\xac"), 3U);
  EXPECT_EQ(utf8_length("\xf0\x9f\x98\x80"), 4U);
}

TEST(Utf8Test, NothingThatIsNot) {
  for (const char* bytes : {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(utf8_length(bytes), 0U) << bytes;
  }
}

TEST(Utf8Test, Decoded) {
  EXPECT_EQ(utf8_decode("a"), U'a');
  EXPECT_EQ(utf8_decode("\xc2\x9b"), char32_t{0x9b});
  EXPECT_EQ(utf8_decode("\xe2\x82\xac"), char32_t{0x20ac});
  EXPECT_EQ(utf8_decode("\xf0\x9f\x98\x80"), char32_t{0x1f600});
}

TEST(Utf8Test, Columns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("caf\xc3\xa9"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);                 // e and a combining accent
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4U);  // two ideographs
  EXPECT_EQ(display_width("\xf0\x9f\x98\x80!"), 3U);         // an emoji
  EXPECT_EQ(display_width("\xff\xfe"), 2U);                  // no UTF-8
}

TEST(Utf8Test, NoCharacterIsCut) {
  const std::string text = "a\xe2\x82\xac!";
  EXPECT_EQ(utf8_prefix(text, 0), "");
  EXPECT_EQ(utf8_prefix(text, 1), "a");
  EXPECT_EQ(utf8_prefix(text, 2), "a");
  EXPECT_EQ(utf8_prefix(text, 3), "a");
  EXPECT_EQ(utf8_prefix(text, 4), "a\xe2\x82\xac");
  EXPECT_EQ(utf8_prefix(text, 9), text);
  EXPECT_EQ(utf8_prefix("\x80\x80\x80", 2), "\x80\x80");  // No character: bytes.
}

TEST(Utf8Test, AppendedCharactersAreReadBack) {
  for (const char32_t character :
       {1U, 0x7fU, 0x80U, 0x7ffU, 0x800U, 0xd7ffU, 0xe000U, 0xffffU, 0x10000U, 0x10ffffU}) {
    std::string text;
    append_utf8(text, character);
    EXPECT_EQ(utf8_length(text), text.size()) << static_cast<std::uint32_t>(character);
    EXPECT_EQ(utf8_decode(text), character);
  }
}

}  // namespace
}  // namespace sonde
