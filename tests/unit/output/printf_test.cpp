#include "support.h"

namespace {

using namespace std::string_literals;
using namespace sonde::output;
using namespace sonde::output::test;

std::string print(std::string_view text, const std::vector<Value>& arguments) {
  return format(make_format(text), arguments);
}

TEST(PrintfTest, LiteralText) {
  EXPECT_EQ(print("100%% done\n", {}), "100% done\n");
  EXPECT_EQ(print("", {}), "");
}

// What C's printf prints for a 64-bit number, for every combination of flags, width and precision.
TEST(PrintfTest, NumbersAreLaidOutAsInC) {
  const std::vector<std::string> flags = {"",   "-",  "0",  "+",  " ",  "#",
                                          "-0", "+0", " 0", "#0", "-#", "+-"};
  const std::vector<std::string> sizes = {"", "1", "12", ".0", ".5", "12.5", "3.8"};
  for (const std::string& flag : flags) {
    for (const std::string& size : sizes) {
      for (const char* conversion : {"lld", "llu", "llx", "llX", "llo"}) {
        const bool is_signed = std::string_view(conversion) == "lld";
        // Flags that C leaves undefined for a conversion are not asked for.
        if (is_signed ? flag.contains('#') : flag.find_first_of("+ ") != std::string::npos)
          continue;
        if (std::string_view(conversion) == "llu" && flag.contains('#')) continue;
        for (const std::int64_t value :
             {INT64_C(0), INT64_C(7), INT64_C(-42), INT64_C(123456789), INT64_MIN}) {
          const std::string spec = "%" + flag + size + conversion;
          char expected[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
          std::snprintf(expected, sizeof expected, spec.c_str(), value);
#pragma GCC diagnostic pop
          EXPECT_EQ(print(spec, {num(value)}), expected) << spec << " of " << value;
        }
      }
    }
  }
}

TEST(PrintfTest, LengthsCut) {
  EXPECT_EQ(print("%hhu %hhd %hd %hx", {num(300), num(200), num(70000), num(-1)}),
            "44 -56 4464 ffff");
  EXPECT_EQ(print("%lld %ld %jd %zd %td", {num(-1), num(-1), num(-1), num(-1), num(-1)}),
            "-1 -1 -1 -1 -1");
}

TEST(PrintfTest, NumbersKeepTheirWidth) {
  EXPECT_EQ(print("%x %u %d", {num(-1, 32), num(-1, 32), num(-1, 32)}), "ffffffff 4294967295 -1");
  EXPECT_EQ(print("%x %o", {num(-1, 8), num(-1, 8)}), "ff 377");
  EXPECT_EQ(print("%x", {num(-1)}), "ffffffffffffffff");
  EXPECT_EQ(print("%d %u", {unum(4294967295, 32), unum(200, 8)}), "4294967295 200");
  EXPECT_EQ(print("%u", {unum(UINT64_MAX)}), "18446744073709551615");
}

TEST(PrintfTest, CharactersAndPointers) {
  EXPECT_EQ(print("%c%c|%3c|%-3c|", {num(65), num(0x142), num(67), num(68)}), "AB|  C|D  |");
  EXPECT_EQ(print("%c", {num(0)}), "\0"s);
  EXPECT_EQ(print("%p %p", {{Pointer{0xffff8880}}, num(0)}), "0xffff8880 0x0");
  EXPECT_EQ(print("%12p|%-12p|", {{Pointer{0x1f}}, {Pointer{0x1f}}}), "        0x1f|0x1f        |");
  EXPECT_EQ(print("%x %d", {{Pointer{0x1f}}, {Pointer{0x1f}}}), "1f 31");
}

TEST(PrintfTest, Strings) {
  EXPECT_EQ(print("%s|%5s|%-5s|%.2s|%-4.1s|",
                  {text("xy"), text("xy"), text("xy"), text("xyz"), text("xyz")}),
            "xy|   xy|xy   |xy|x   |");
  EXPECT_EQ(print("%s", {text("a\x01\xff\n")}), "a\x01\xff\n");
  EXPECT_EQ(print("%2s", {text("longer")}), "longer");
}

TEST(PrintfTest, StringsOfOtherValues) {
  const Value named{EnumValue{.number = {.bits = 2}, .name = "SOCK_DGRAM"}};
  const Value unnamed{EnumValue{.number = {.bits = 99}, .name = ""}};
  EXPECT_EQ(print("%s %s %d", {named, unnamed, named}), "SOCK_DGRAM 99 2");
  EXPECT_EQ(print("%s %d", {{true}, {true}}), "true 1");
  EXPECT_EQ(print("%20s|", {{Symbol{"vfs_read"}}}), "            vfs_read|");
  EXPECT_EQ(print("%s %s", {tuple({num(1), text("a")}), {ArrayValue{{num(1), num(2)}}}}),
            "(1, a) [1,2]");
  EXPECT_EQ(print("%s", {stack(sonde::types::StackMode::Bpftrace)}),
            "\n        vfs_read+16\n        main+0\n        0xdeadbeef\n");
  EXPECT_EQ(print("%d", {stats(9, 2, true)}), "4");
}

TEST(PrintfTest, Buffers) {
  const Value buffer = bytes("ab\x01\xff"s);
  EXPECT_EQ(print("%r|%rx|%rh|", {buffer, buffer, buffer}),
            "ab\\x01\\xff|\\x61\\x62\\x01\\xff|61 62 01 ff|");
  EXPECT_EQ(print("%10r|%-5.2r|", {buffer, buffer}), "ab\\x01\\xff|ab   |");
  EXPECT_EQ(print("%rx", {text("a")}), "\\x61");
}

// A width is one of columns: e with an accent in one and in two characters, ideographs, an emoji.
TEST(PrintfTest, WidthsCountColumns) {
  EXPECT_EQ(print("%-5s|", {text("caf\xc3\xa9")}), "caf\xc3\xa9 |");
  EXPECT_EQ(print("%5s|", {text("cafe\xcc\x81")}), " cafe\xcc\x81|");
  EXPECT_EQ(print("%-6s|", {text("\xe6\x97\xa5\xe6\x9c\xac")}), "\xe6\x97\xa5\xe6\x9c\xac  |");
  EXPECT_EQ(print("%3s|", {text("\xf0\x9f\x98\x80")}), " \xf0\x9f\x98\x80|");
  EXPECT_EQ(print("%3s|", {text("\xff\xfe")}), " \xff\xfe|");  // Bytes that are no text.
  EXPECT_EQ(print("%.4s|%.5s|", {text("caf\xc3\xa9"), text("caf\xc3\xa9")}),
            "caf|caf\xc3\xa9|");  // Nothing is cut apart.
}

TEST(PrintfTest, ControlCharactersAreShownIfAsked) {
  const auto shown = [](std::string_view text, const std::vector<Value>& arguments) {
    return format(make_format(text), arguments, true);
  };
  const std::string clear = "\x1b[2J";
  EXPECT_EQ(shown("%s|", {text(clear)}), "\\x1b[2J|");
  EXPECT_EQ(shown("%9s|", {text(clear)}), "  \\x1b[2J|");
  EXPECT_EQ(shown("%.1s|", {text(clear)}), "\\x1b|");
  EXPECT_EQ(shown("%c%c", {num(27), num('a')}), "\\x1ba");
  EXPECT_EQ(shown("%s", {tuple({text("\x07"), num(1)})}), "(\\x07, 1)");
  EXPECT_EQ(shown("%s", {text("a\tb\nc\rd\x7f\x80")}), "a\tb\nc\\x0dd\\x7f\\x80");
  // CSI as one character of two bytes, and a turn of the direction of text.
  EXPECT_EQ(shown("%s", {text("\xc2\x9b\xe2\x80\xae\xc3\xa9")}),
            "\\xc2\\x9b\\xe2\\x80\\xae\xc3\xa9");
  // What the script itself says is meant.
  EXPECT_EQ(shown("\x1b[31m%s%s", {{Text{.bytes = clear, .is_literal = true}}, num(1)}),
            "\x1b[31m" + clear + "1");
  EXPECT_EQ(print("%s", {text(clear)}), clear);
}

TEST(PrintfTest, StarsTakeArguments) {
  EXPECT_EQ(print("%*d|%-*d|%*d|", {num(5), num(42), num(5), num(42), num(-5), num(42)}),
            "   42|42   |42   |");
  EXPECT_EQ(print("%.*s|%.*s|", {num(2), text("abc"), num(-1), text("abc")}), "ab|abc|");
  EXPECT_EQ(print("%*.*d|", {num(6), num(3), num(7)}), "   007|");
  // A width that nobody can have meant does not fill the memory.
  EXPECT_EQ(print("%*d", {num(INT64_MAX), num(1)}).size(), 65536U);
  EXPECT_EQ(print("%*d", {num(INT64_MIN), num(1)}).size(), 65536U);
}

TEST(PrintfDeathTest, AMissingArgumentIsABug) {
  EXPECT_DEATH(print("%d %d", {num(1)}), "internal error");
}

}  // namespace
