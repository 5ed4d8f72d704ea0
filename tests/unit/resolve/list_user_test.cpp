// -l for what programs have: static probes, functions by symbol and by the names of the source.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/fixture.h"
#include "resolve/list.h"

namespace sonde::resolve {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

auto Declared(const char* text) { return ::testing::Field(&ListedArgument::declaration, text); }

class ListUser : public testing::Test {
 protected:
  std::vector<std::string> names(std::string_view pattern) {
    std::vector<std::string> found;
    for (const ListedProbe& probe : list(*view_, {pattern, false}).probes)
      found.push_back(probe.name);
    return found;
  }

  types::Context types_;
  std::unique_ptr<kernel::View> view_ = kernel::make_fixture_view(types_);
};

TEST_F(ListUser, StaticProbesOnceEach) {
  EXPECT_THAT(names("usdt:prog:*"),
              ElementsAre("usdt:/bin/prog:other:stop", "usdt:/bin/prog:prog:forms",
                          "usdt:/bin/prog:prog:start", "usdt:/bin/prog:prog:stop",
                          "usdt:/bin/prog:prog:work"));
  EXPECT_THAT(names("U:*:set*"), ElementsAre("usdt:/usr/lib/libc.so.6:libc:setjmp"));
  EXPECT_THAT(names("usdt:prog:other:*"), ElementsAre("usdt:/bin/prog:other:stop"));
  EXPECT_THAT(names("usdt:prog::stop"),
              ElementsAre("usdt:/bin/prog:other:stop", "usdt:/bin/prog:prog:stop"));
  EXPECT_THAT(names("usdt:prog:nothing"), IsEmpty());
}

TEST_F(ListUser, ArgumentsOfStaticProbes) {
  const Listing listing = list(*view_, {"usdt:prog:start,usdt:prog:forms", true});
  ASSERT_EQ(listing.probes.size(), 2U);
  EXPECT_THAT(listing.probes[0].arguments,
              ElementsAre(Declared("int32 arg0"), Declared("uint64 arg1")));
  ASSERT_EQ(listing.probes[1].arguments.size(), 12U);
  EXPECT_EQ(listing.probes[1].arguments[1].declaration, "int8 arg1");
  EXPECT_THAT(listing.probes[1].arguments[9].declaration,
              HasSubstr("uint64 arg9  // cannot be read: it is in"));
}

TEST_F(ListUser, FunctionsBySource) {
  EXPECT_THAT(names("uprobe:prog:cpp:*"),
              ElementsAre("uprobe:/bin/prog:cpp:\"draw::shape(int)\"",
                          "uprobe:/bin/prog:cpp:\"draw::shape(char const*)\""));
  EXPECT_THAT(names("uprobe:prog:cpp:\"draw::shape(char const*)\""),
              ElementsAre("uprobe:/bin/prog:cpp:\"draw::shape(char const*)\""));
  EXPECT_THAT(names("uprobe:prog:rust:prog::parse::*"),
              ElementsAre("uprobe:/bin/prog:rust:\"prog::parse::line\""));
}

TEST_F(ListUser, Functions) {
  EXPECT_THAT(names("uprobe:libc:*"), Contains("uprobe:/usr/lib/libc.so.6:free"));
  EXPECT_THAT(names("uprobe:*:*"),
              IsEmpty());  // Of all files: only of the processes that are traced.
  const Listing missing = list(*view_, {"usdt:nowhere:x", false});
  ASSERT_EQ(missing.problems.size(), 1U);
  EXPECT_THAT(missing.problems[0], HasSubstr("find program or library nowhere"));
}

// What only debug information, or nothing but the code, knows.
TEST_F(ListUser, LinesOffsetsAndAddresses) {
  EXPECT_THAT(names("uprobe:prog@prog.c:42"), ElementsAre("uprobe:/bin/prog@prog.c:42"));
  EXPECT_THAT(names("uprobe:prog@prog.c:42:22"), ElementsAre("uprobe:/bin/prog@prog.c:42:22"));
  EXPECT_THAT(names("uprobe:prog:prog.c:20"), ElementsAre("uprobe:/bin/prog@prog.c:20"));
  EXPECT_THAT(names("uprobe:prog@prog.c:43"), IsEmpty());
  EXPECT_THAT(names("uretprobe:prog@prog.c:42"), IsEmpty());
  EXPECT_THAT(names("uprobe:prog:work+4"), ElementsAre("uprobe:/bin/prog:work+4"));
  EXPECT_THAT(names("uprobe:prog:work+5"), IsEmpty()) << "in the middle of an instruction";
  EXPECT_THAT(names("uprobe:prog:work+4000"), IsEmpty());
  EXPECT_THAT(names("uprobe:prog:0x2204"), ElementsAre("uprobe:/bin/prog:0x2204"));
  EXPECT_THAT(names("uprobe:prog:0x2203"), IsEmpty());
}

TEST_F(ListUser, ArgumentsAtTheReturnAndInside) {
  const auto arguments = [&](std::string_view pattern) {
    const Listing listing = list(*view_, {pattern, true});
    EXPECT_EQ(listing.probes.size(), 1U) << pattern;
    std::vector<std::string> found;
    if (listing.probes.empty()) return found;
    for (const ListedArgument& argument : listing.probes[0].arguments)
      found.push_back(argument.declaration);
    return found;
  };
  EXPECT_THAT(arguments("uretprobe:prog:readline"),
              ElementsAre("const char * prompt", "char * retval"));
  EXPECT_THAT(arguments("uprobe:prog:work+4"), Contains("int count"));
  EXPECT_THAT(arguments("uprobe:prog@prog.c:20"), Contains("int argc"));
}

}  // namespace
}  // namespace sonde::resolve
