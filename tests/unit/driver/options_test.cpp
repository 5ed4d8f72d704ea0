#include "driver/options.h"

#include <gtest/gtest.h>

namespace sonde::driver {
namespace {

using Words = std::vector<std::string>;

std::expected<Options, std::string> parse(Words words) {
  words.insert(words.begin(), "sonde");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

// "--name=value" for each option of the script.
Words named(const Options& options) {
  Words words;
  for (const resolve::NamedArgument& argument : options.named)
    words.push_back("--" + argument.name + (argument.value ? "=" + *argument.value : ""));
  return words;
}

TEST(Options, PositionalParametersStandOnBothSidesOfTheDashes) {
  const auto options = parse({"-e", "begin {}", "p1", "--", "--aa=20", "--bb", "p2", "-5"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->program, "begin {}");
  EXPECT_EQ(options->arguments, (Words{"p1", "p2", "-5"}));
  EXPECT_EQ(named(*options), (Words{"--aa=20", "--bb"}));
  EXPECT_EQ(options->mode, Mode::Run);
}

TEST(Options, BehindTheSecondDashesNothingIsAnOption) {
  const auto options = parse({"script.bt", "--", "--a=", "--", "--b", "--help"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->arguments, (Words{"script.bt", "--b", "--help"}));
  EXPECT_EQ(named(*options), (Words{"--a="}));
}

TEST(Options, AValueOfAnOptionIsNoSeparator) {
  const auto options = parse({"-o", "--", "script.bt", "--", "--x"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->output_file, "--");
  EXPECT_EQ(named(*options), (Words{"--x"}));
}

TEST(Options, TheCommandLineIsKeptAsAShellReadsIt) {
  const auto options = parse({"--report", "a b.html", "-e", "begin { @'s; }", "$x", ""});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->report_file, "a b.html");
  const std::string& line = options->command_line;
  EXPECT_EQ(line.substr(line.find(' ') + 1),
            R"(--report 'a b.html' -e 'begin { @'\''s; }' '$x' '')");
}

TEST(Options, AReportNeedsAFile) {
  EXPECT_FALSE(parse({"--report", "", "a.bt"}));
  EXPECT_TRUE(parse({"--report", "x", "-o", "y", "a.bt"}));
}

TEST(Options, HelpBehindAScriptIsTheScripts) {
  EXPECT_EQ(parse({"--help"})->mode, Mode::Help);
  EXPECT_EQ(parse({"-e", "begin {}", "--help"})->mode, Mode::Help);
  EXPECT_EQ(parse({"-e", "begin {}", "--", "--help"})->mode, Mode::ScriptHelp);
  const auto options = parse({"-I", "lib", "script.bt", "p1", "-h"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->mode, Mode::ScriptHelp);
  EXPECT_EQ(options->arguments, (Words{"script.bt", "p1"}));
  EXPECT_EQ(options->include_folders, (Words{"lib"}));
}

TEST(Options, OptionsOfTheScriptInFrontOfTheDashesAreExplained) {
  const auto options = parse({"script.bt", "--aa=20"});
  ASSERT_FALSE(options);
  EXPECT_NE(options.error().find("options of the script stand behind '--'"), std::string::npos)
      << options.error();
}

TEST(Options, TheLastProgramCounts) {
  const auto options = parse({"-e", "begin {}", "-e", "end {}"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->program, "end {}");
}

TEST(Options, TargetsAreCollectedOnce) {
  const auto options = parse({"-p", "7,8", "-p", "7", "--comm", "a,b", "--comm",
                              "a_name_that_is_longer", "-e", "begin {}"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->pids, (std::vector<std::uint32_t>{7, 8}));
  EXPECT_EQ(options->comms, (Words{"a,b", "a_name_that_is_"}));
}

TEST(Options, TargetsThatMakeNoSense) {
  EXPECT_EQ(parse({"-p", "", "x.bt"}).error(), "-p: '' is not a process id");
  EXPECT_EQ(parse({"-p", "7,x", "x.bt"}).error(), "-p: 'x' is not a process id");
  EXPECT_EQ(parse({"-p", "0", "x.bt"}).error(), "-p: '0' is not a process id");
  EXPECT_EQ(parse({"--follow", "x.bt"}).error(), "--follow goes with -p or -c");
  EXPECT_EQ(parse({"--comm", "", "x.bt"}).error(), "--comm: the name is empty");
  EXPECT_EQ(parse({"-p", "7", "-c", "ls", "x.bt"}).error(), "-c and -p exclude each other");
  EXPECT_EQ(parse({"--cgroup", "a", "--container", "b", "x.bt"}).error(),
            "--cgroup and --container exclude each other");
}

}  // namespace
}  // namespace sonde::driver
