#include "kernel/demangle.h"

#include <gtest/gtest.h>

namespace sonde::kernel {
namespace {

TEST(Demangle, Cpp) {
  EXPECT_EQ(demangle("_ZN3foo3barEi"), "foo::bar(int)");
  EXPECT_EQ(demangle("_ZNK3foo3bar4sizeEv"), "foo::bar::size() const");
  EXPECT_EQ(demangle("_ZN12_GLOBAL__N_13fooEv"), "(anonymous namespace)::foo()");
  EXPECT_EQ(source_name("_ZN3foo3barEi")->language, SourceLanguage::Cpp);
}

TEST(Demangle, Rust) {
  EXPECT_EQ(demangle("_ZN4core3fmt5write17h01234567890abcdeE"), "core::fmt::write");
  EXPECT_EQ(demangle("_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$"
                     "3bar17h930b740aa94f1d3aE"),
            "<Test + 'static as foo::Bar<Test>>::bar");
  EXPECT_EQ(demangle("_ZN28_$u7b$$u7b$closure$u7d$$u7d$17h01234567890abcdeE"), "{{closure}}");
  EXPECT_EQ(demangle("_RNvNtCs1234_4prog5parse4line"), "prog::parse::line");
  EXPECT_EQ(source_name("_RNvNtCs1234_4prog5parse4line")->language, SourceLanguage::Rust);
  EXPECT_EQ(source_name("_ZN4core3fmt5write17h01234567890abcdeE")->language, SourceLanguage::Rust);
  // Not a hash: 15 digits.
  EXPECT_EQ(demangle("_ZN4core16h0123456789abcdeE"), "core::h0123456789abcde");
}

// Each part names the one before it twice: a text of 2^40 bytes.
TEST(Demangle, NamesThatExplodeStay) {
  std::string name = "_Z1f1AIiiE";
  for (int i = 0; i < 40; ++i) {
    const std::string digits =
        i == 0 ? "" : std::string(1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(i - 1) % 36]);
    name += "S_IS" + digits + "_S" + digits + "_E";
  }
  EXPECT_EQ(demangle(name), name);
}

// Templates of the standard library refer to their parts again and again.
TEST(Demangle, NamesWithManyReferences) {
  std::string name = "_Z1fSt3mapISsSsSt4lessISsESaISt4pairIKSsSsEEE";
  for (int i = 0; i < 60; ++i) name += "S6_";
  const std::string text = demangle(name);
  EXPECT_NE(text, name);
  EXPECT_LT(text.size(), 20'000U);
  EXPECT_EQ(text.substr(0, 7), "f(std::");
}

TEST(Demangle, OtherNamesStay) {
  for (const char* name :
       {"", "_", "_Z", "_R", "main", "_Znonsense", "_ZN3fooE3", "_RNvXX", "__libc_start_main"})
    EXPECT_EQ(demangle(name), name);
  EXPECT_FALSE(source_name("main").has_value());
  const std::string deep = "_Z1f" + std::string(100'000, 'P') + "v";
  EXPECT_EQ(demangle(deep), deep);
}

bool matches(std::string_view pattern, std::string_view symbol) {
  const auto name = source_name(symbol);
  return name && matches_source_name(pattern, *name);
}

TEST(Demangle, Matching) {
  EXPECT_TRUE(matches("foo::bar(int)", "_ZN3foo3barEi"));
  EXPECT_TRUE(matches("foo::bar", "_ZN3foo3barEi"));
  EXPECT_TRUE(matches("foo::*", "_ZN3foo3barEi"));
  EXPECT_TRUE(matches("*bar*", "_ZN3foo3barEi"));
  EXPECT_TRUE(matches("foo::bar(*)", "_ZN3foo3barEi"));
  EXPECT_FALSE(matches("foo::bar(long)", "_ZN3foo3barEi"));
  EXPECT_FALSE(matches("bar", "_ZN3foo3barEi"));
  EXPECT_FALSE(matches("foo", "_ZN3foo3barEi"));
  EXPECT_TRUE(matches("foo::bar::size", "_ZNK3foo3bar4sizeEv"));
  EXPECT_TRUE(matches("(anonymous namespace)::foo", "_ZN12_GLOBAL__N_13fooEv"));
  EXPECT_TRUE(matches("foo::operator()", "_ZN3fooclEi"));
  EXPECT_TRUE(matches("foo::set", "_ZN3foo3setEPFviE"));
  EXPECT_TRUE(matches("ns::f<int>", "_ZN2ns1fIiEET_S1_"));  // int ns::f<int>(int)
  EXPECT_TRUE(matches("ns::f<int>(int)", "_ZN2ns1fIiEET_S1_"));
  EXPECT_TRUE(matches("int ns::f<int>(int)", "_ZN2ns1fIiEET_S1_"));
  EXPECT_TRUE(matches("ns::*", "_ZN2ns1fIiEET_S1_"));
  EXPECT_FALSE(matches("f<int>", "_ZN2ns1fIiEET_S1_"));
  EXPECT_TRUE(matches("operator new", "_Znwm"));
  EXPECT_FALSE(matches("new", "_Znwm"));
  EXPECT_TRUE(matches("prog::parse::line", "_RNvNtCs1234_4prog5parse4line"));
  EXPECT_FALSE(matches("prog::parse", "_RNvNtCs1234_4prog5parse4line"));
}

}  // namespace
}  // namespace sonde::kernel
