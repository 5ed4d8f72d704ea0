#include "resolve/list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernel/fixture.h"

namespace sonde::resolve {
namespace {

class ListTest : public testing::Test {
 protected:
  Listing list(std::string_view pattern, bool with_arguments = false) {
    view_ = kernel::make_fixture_view(types_, options_);
    return resolve::list(*view_, {pattern, with_arguments});
  }
  std::vector<std::string> names(std::string_view pattern) {
    std::vector<std::string> names;
    const Listing listing = list(pattern);
    for (const ListedProbe& probe : listing.probes) names.push_back(probe.name);
    for (const ListedType& type : listing.types) names.push_back(type.name);
    return names;
  }
  std::vector<std::string> near(std::string_view pattern) {
    view_ = kernel::make_fixture_view(types_, options_);
    return nearest_listed(*view_, {pattern, false});
  }

  types::Context types_;
  kernel::FixtureOptions options_;
  std::unique_ptr<kernel::View> view_;
};

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
  return std::ranges::count(names, name) == 1;
}

TEST_F(ListTest, EverythingWithoutReturnsAndFiles) {
  const Names all = names("");
  EXPECT_TRUE(has(all, "begin"));
  EXPECT_TRUE(has(all, "kprobe:vfs_read"));
  EXPECT_TRUE(has(all, "fentry:vfs_read"));
  EXPECT_TRUE(has(all, "tracepoint:sched:sched_switch"));
  EXPECT_TRUE(has(all, "software:page-faults:"));
  EXPECT_FALSE(has(all, "kretprobe:vfs_read"));
  EXPECT_TRUE(std::ranges::none_of(
      all, [](const std::string& name) { return name.starts_with("uprobe"); }));
  EXPECT_EQ(all, names("*"));
}

TEST_F(ListTest, FunctionsOfPrograms) {
  const auto arguments = [&](std::string_view pattern) {
    const Listing listing = list(pattern, true);
    Names shown;
    if (listing.probes.size() != 1) return shown;
    for (const ListedArgument& argument : listing.probes[0].arguments)
      shown.push_back(argument.declaration);
    return shown;
  };
  EXPECT_EQ(arguments("uprobe:prog:work"),
            (Names{"struct request * req", "int count", "double scale", "struct range range",
                   "struct request copy"}));
  EXPECT_EQ(arguments("uretprobe:prog:readline"), (Names{"const char * prompt", "char * retval"}));
  EXPECT_EQ(arguments("uprobe:libc:malloc"), Names{});
}

TEST_F(ListTest, PacketsAndHooks) {
  EXPECT_EQ(names("xdp:eth*"), (Names{"xdp:eth0", "xdp:eth1"}));
  EXPECT_EQ(names("tc:wg0:*"), (Names{"tc:wg0:ingress", "tc:wg0:egress"}));
  EXPECT_EQ(names("tc:lo:egress"), (Names{"tc:lo:egress"}));
  EXPECT_EQ(names("cgroup_skb:user.slice:ingress"),
            (Names{"cgroup_skb:/sys/fs/cgroup/user.slice:ingress"}));
  EXPECT_EQ(names("cgroup_skb").size(), 8U);
  EXPECT_EQ(names("lsm:file_o*"), (Names{"lsm:file_open"}));
  const Listing listing = list("xdp:lo", true);
  ASSERT_EQ(listing.probes.size(), 1U);
  const auto& arguments = listing.probes[0].arguments;
  EXPECT_TRUE(std::ranges::any_of(arguments, [](const ListedArgument& argument) {
    return argument.declaration == "uint16 tcp.sport" && argument.type == "uint16" &&
           argument.name == "tcp.sport";
  }));
}

TEST_F(ListTest, PartsAreGlobs) {
  EXPECT_EQ(names("kprobe:vfs_*"), (Names{"kprobe:vfs_read", "kprobe:vfs_write"}));
  EXPECT_EQ(names("kr:vfs_r*"), (Names{"kretprobe:vfs_read"}));
  EXPECT_EQ(names("kprobe:nf_*:*chain"), (Names{"kprobe:nf_tables:nft_do_chain"}));
  EXPECT_EQ(names("t:sched:sched_swi*"), (Names{"tracepoint:sched:sched_switch"}));
  EXPECT_EQ(names("k:vfs_read,f:vfs_w*"), (Names{"kprobe:vfs_read", "fentry:vfs_write"}));
  EXPECT_EQ(names("uprobe:libc:*"),
            (Names{"uprobe:/usr/lib/libc.so.6:free", "uprobe:/usr/lib/libc.so.6:malloc",
                   "uprobe:/usr/lib/libc.so.6:memset_vector"}));
  EXPECT_EQ(names("uprobe:libc:\"mallo*\""), (Names{"uprobe:/usr/lib/libc.so.6:malloc"}));
}

TEST_F(ListTest, OnePartOfTracepointsIsCategoryAndEvent) {
  EXPECT_EQ(names("tracepoint:*sched_swi*"), (Names{"tracepoint:sched:sched_switch"}));
  EXPECT_EQ(names("tracepoint:sched:sched_switch"), names("tracepoint:*d:sched_sw*ch"));
}

TEST_F(ListTest, KindsAreGlobsWithoutReturns) {
  EXPECT_EQ(names("*:vfs_read"), (Names{"kprobe:vfs_read", "fentry:vfs_read"}));
  EXPECT_EQ(names("k*probe:vfs_read"), (Names{"kprobe:vfs_read", "kretprobe:vfs_read"}));
}

TEST_F(ListTest, WordsMatchWholeNames) {
  EXPECT_EQ(names("nanosleep"), names("*nanosleep*"));
  EXPECT_TRUE(has(names("nanosleep"), "kprobe:do_nanosleep"));
  EXPECT_EQ(names("begi"), (Names{"begin"}));
  EXPECT_EQ(names("*probe:*tcp_c?nnect"), (Names{"kprobe:tcp_connect", "kretprobe:tcp_connect"}));
}

TEST_F(ListTest, ArgumentsWithTypes) {
  const Listing listing = list("fexit:vfs_read", true);
  ASSERT_EQ(listing.probes.size(), 1U);
  const std::vector<ListedArgument>& arguments = listing.probes[0].arguments;
  ASSERT_GE(arguments.size(), 2U);
  EXPECT_EQ(arguments.front().name, "file");
  EXPECT_EQ(arguments.front().declaration, "struct file * file");
  EXPECT_EQ(arguments.back().name, "retval");
  EXPECT_TRUE(list("fexit:vfs_read").probes[0].arguments.empty());
  EXPECT_FALSE(list("*sched_switch", true).probes[0].arguments.empty());
}

TEST_F(ListTest, Types) {
  EXPECT_EQ(names("struct task_str*"), (Names{"struct task_struct"}));
  EXPECT_EQ(names("union task_struct"), Names{});
  const Listing body = list("struct  task_struct", true);
  ASSERT_EQ(body.types.size(), 1U);
  EXPECT_TRUE(body.types[0].definition.starts_with("struct task_struct {\n\t"));
  EXPECT_TRUE(body.types[0].definition.ends_with(";\n};"));
  options_.has_btf = false;
  const Listing none = list("struct task_struct");
  EXPECT_TRUE(none.types.empty());
  ASSERT_EQ(none.problems.size(), 1U);
  EXPECT_NE(none.problems[0].find("CONFIG_DEBUG_INFO_BTF"), std::string::npos);
}

TEST_F(ListTest, FilesOfProcesses) {
  const Listing none = list("uprobe:*:malloc");
  EXPECT_TRUE(none.probes.empty());
  ASSERT_EQ(none.problems.size(), 1U);
  EXPECT_NE(none.problems[0].find("-p"), std::string::npos);
  options_.has_process = true;
  EXPECT_EQ(names("uprobe:*:malloc"),
            (Names{"uprobe:/bin/prog:malloc", "uprobe:/usr/lib/libc.so.6:malloc"}));
  EXPECT_EQ(names("uprobe:*libc*:malloc"), (Names{"uprobe:/usr/lib/libc.so.6:malloc"}));
}

TEST_F(ListTest, ShortListsSayWhy) {
  options_.missing_features.set(static_cast<std::size_t>(plan::Feature::Kprobe));
  const Listing listing = list("kprobe:*");
  EXPECT_TRUE(listing.empty());
  ASSERT_EQ(listing.problems.size(), 1U);
  EXPECT_EQ(listing.problems[0], "there are no kprobe probes: this kernel has no kprobes");
  EXPECT_EQ(list("kprob:*").problems.at(0), "'kprob' is not a probe type; did you mean kprobe?");
}

TEST_F(ListTest, NearestNames) {
  EXPECT_TRUE(has(near("kprobe:vfs_raed"), "kprobe:vfs_read"));
  EXPECT_TRUE(has(near("tracepoint:shced:*"), "tracepoint:sched:*"));
  EXPECT_TRUE(has(near("tracepoint:sched:sched_swich"), "tracepoint:sched:sched_switch"));
  EXPECT_TRUE(has(near("struct task_strukt"), "struct task_struct"));
  EXPECT_TRUE(has(near("tracepoint:schde:sched_switch"), "tracepoint:sched:sched_switch"));
  EXPECT_TRUE(has(near("uprobe:libc:mallc"), "uprobe:/usr/lib/libc.so.6:malloc"));
  EXPECT_TRUE(near("zzzzzzzz").empty());
  options_.missing_features.set(static_cast<std::size_t>(plan::Feature::Kprobe));
  EXPECT_TRUE(has(near("kprobe:vfs_read"), "fentry:vfs_read"));
  EXPECT_TRUE(has(near("kprobe:vfs_raed"), "fentry:vfs_read"));
}

TEST_F(ListTest, SaysWhatWasSearched) {
  const Listing listing = list("kprobe:nothing_like_it,struct nothing");
  ASSERT_EQ(listing.searched.size(), 2U);
  EXPECT_EQ(listing.searched[0].kind, "kprobe");
  EXPECT_EQ(listing.searched[1].kind, "struct");
  EXPECT_GT(list("nothing_like_it").searched.size(), 5U);
}

}  // namespace
}  // namespace sonde::resolve
