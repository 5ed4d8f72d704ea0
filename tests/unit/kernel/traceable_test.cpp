#include "kernel/traceable.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

constexpr std::string_view kSymbols =
    "ffffffff81000000 T _stext\n"
    "ffffffff81001000 T vfs_read\n"
    "ffffffff81002000 t split_up.isra.0\n"
    "ffffffff81002100 t only_cold.cold\n"
    "ffffffff81003000 T quiet\n"
    "ffffffff81010000 T __noinstr_text_start\n"
    "ffffffff81010010 T do_machine_check\n"
    "ffffffff81011000 T __noinstr_text_end\n";

class TraceableTest : public testing::Test {
 protected:
  TraceableTest() {
    facts_.kallsyms_path = folder_.add("kallsyms", kSymbols);
    facts_.blacklist = "0xffffffff81000000-0xffffffff81000100\tno_probe_here\n";
  }
  TemporaryFolder folder_;
  FunctionFacts facts_;
};

TEST_F(TraceableTest, NothingAgainstOrdinaryFunctions) {
  EXPECT_EQ(why_not_traceable("vfs_read", facts_), "");
  facts_.has_filter_list = facts_.is_in_filter_list = true;
  EXPECT_EQ(why_not_traceable("vfs_read", facts_), "");
}

TEST_F(TraceableTest, Blacklist) {
  EXPECT_NE(why_not_traceable("no_probe_here", facts_).find("list of functions"),
            std::string::npos);
  EXPECT_EQ(why_not_traceable("no_probe", facts_), "");
}

TEST_F(TraceableTest, Sections) {
  EXPECT_EQ(why_not_traceable("do_machine_check", facts_),
            "it lies in .noinstr.text, where no probe may sit");
}

TEST_F(TraceableTest, Compiler) {
  EXPECT_EQ(why_not_traceable("split_up", facts_), "the compiler has made split_up.isra.0 of it");
  facts_.is_in_btf = true;
  EXPECT_EQ(why_not_traceable("only_cold", facts_), "the compiler has inlined it everywhere");
}

TEST_F(TraceableTest, LeftOutByTheFunctionTracer) {
  facts_.has_filter_list = true;
  EXPECT_NE(why_not_traceable("quiet", facts_).find("notrace"), std::string::npos);
}

TEST_F(TraceableTest, UnknownFunctions) { EXPECT_EQ(why_not_traceable("nothing", facts_), ""); }

}  // namespace
}  // namespace sonde::kernel
