// What becomes of the verifier's log.
#include "runtime/verifier.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace sonde::runtime {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLog =
    "0: R1=ctx() R10=fp0\n"
    "; int p(void *ctx) { @ script.bt:1\n"
    "0: (b7) r0 = 0                        ; R0_w=0\n"
    "; $x = *(int32 *)7; @ script.bt:3\n"
    "1: (61) r1 = *(u32 *)(r0 +0)\n"
    "R0 invalid mem access 'scalar'\n"
    "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 "
    "mark_read 0\n";

TEST(ExplainRejection, KnownMessageInPlainWords) {
  const VerifierReason reason = explain_rejection(kLog);
  EXPECT_THAT(reason.text, HasSubstr("a plain number is used as an address"));
  EXPECT_THAT(reason.text, HasSubstr("R0 invalid mem access 'scalar'"));
  EXPECT_FALSE(reason.hint.empty());
}

TEST(ExplainRejection, UnknownMessageAsItIs) {
  EXPECT_EQ(explain_rejection("0: (95) exit\nR7 is strange today\nprocessed 1 insns\n").text,
            "\"R7 is strange today\"");
  EXPECT_EQ(explain_rejection("0: (95) exit\nprocessed 1 insns\n").text, "it gives no reason");
  EXPECT_TRUE(explain_rejection("processed 0 insns\n", E2BIG).text.contains("64 maps"));
}

TEST(ExplainRejection, EveryKnownMessageHasAnExplanation) {
  std::set<std::string_view> parts;
#define SONDE_VERIFIER_MESSAGE(part_, text_, hint_)                                            \
  EXPECT_TRUE(parts.insert(part_).second) << (part_);                                          \
  EXPECT_THAT(                                                                                 \
      explain_rejection(std::string("1: (95) exit\nxx ") + (part_) + " yy\nprocessed 1 insns") \
          .text,                                                                               \
      HasSubstr(text_));
#include "runtime/verifier_messages.def"
}

TEST(LastSourceLine, WithFileAndLine) {
  const auto line = last_source_line(kLog);
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->text, "$x = *(int32 *)7;");
  EXPECT_EQ(line->file, "script.bt");
  EXPECT_EQ(line->line, 3U);
}

TEST(LastSourceLine, OlderKernelsGiveTheTextAlone) {
  const auto line = last_source_line("; @x = 1;\n0: (b7) r0 = 0\n");
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->text, "@x = 1;");
  EXPECT_EQ(line->line, 0U);
  EXPECT_FALSE(last_source_line("0: (b7) r0 = 0\n").has_value());
}

class ReportRejection : public ::testing::Test {
 protected:
  ReportRejection() {
    const std::uint32_t id = sources.add("script.bt", "begin\n{\n  $x = *(int32 *)7;\n}\n");
    plan::BpfProgram bpf;
    bpf.name = "p0_begin";
    plan::AttachPoint point;
    point.name = "begin:";
    point.location = {id, 0, 5};
    bpf.attach_points.push_back(point);
    program.manifest.programs.push_back(bpf);
  }
  std::string report(std::string_view log) {
    diag::Emitter emitter;
    report_rejection(program, "p0_begin", log, EACCES, sources, emitter);
    return diag::render_all(emitter, sources);
  }
  diag::Sources sources;
  plan::Program program;
};

TEST_F(ReportRejection, AtTheScriptsLine) {
  EXPECT_THAT(report(kLog), HasSubstr("script.bt:3:3-19: ERROR: "));
}

TEST_F(ReportRejection, LineFoundByItsText) {
  EXPECT_THAT(
      report("; $x = *(int32 *)7;\n1: (61) r1 = *(u32 *)(r0 +0)\nR0 invalid mem access 'inv'\n"),
      HasSubstr("script.bt:3:3-19: ERROR: "));
}

TEST_F(ReportRejection, AtTheProbeWithoutLines) {
  EXPECT_THAT(report("unknown func bpf_loop#181\n"), HasSubstr("script.bt:1:1-5: ERROR: "));
}

}  // namespace
}  // namespace sonde::runtime
