#include "runtime/failures.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"

namespace sonde::runtime {
namespace {

using builtins::ProbeKindId;
using MissingProbes = plan::Settings::MissingProbes;

class FailuresTest : public testing::Test {
 protected:
  FailuresTest() {
    manifest_.types = std::make_shared<types::Context>();
    points_.reserve(16);
  }
  // A place of the attach point that begins at `written` in the script.
  const plan::AttachPoint& place(const std::string& name, std::uint32_t written) {
    plan::AttachPoint& point = points_.emplace_back();
    point.kind = &builtins::probe_kind(ProbeKindId::Uprobe);
    point.name = name;
    point.location = {0, written, written + 1};
    return point;
  }
  void fails(const std::string& name, std::uint32_t written, int code = EINVAL) {
    attacher_.failed(place(name, written), {"attach", code, "look elsewhere"});
  }
  void works(const std::string& name, std::uint32_t written) {
    attacher_.succeeded(place(name, written));
  }
  bool report(MissingProbes policy) {
    manifest_.settings.missing_probes = policy;
    output::Writer out(fd_.get(), output::Buffering::None);
    const auto sink = output::make_text_sink(out, out, {});
    const auto status = report_failures(attacher_, manifest_, *sink, emitter_);
    sink->flush();
    return status.has_value();
  }
  std::string warnings() {
    ::lseek(fd_.get(), 0, SEEK_SET);
    return read_file(fd_.get(), "warnings").value_or("unreadable");
  }

  plan::Manifest manifest_;
  std::vector<plan::AttachPoint> points_;
  Attachments attachments_;
  Attacher attacher_{attachments_, 0};
  diag::Emitter emitter_;
  OwnedFd fd_{::memfd_create("warnings", MFD_CLOEXEC)};
};

TEST_F(FailuresTest, NothingFailed) {
  works("uprobe:a:f", 0);
  EXPECT_TRUE(report(MissingProbes::Error));
  EXPECT_EQ(warnings(), "");
}

TEST_F(FailuresTest, APatternDoesWithoutWhatCannotBeTraced) {
  works("uprobe:a:f", 0);
  fails("uprobe:a:g", 0);
  fails("uprobe:a:h", 0);
  EXPECT_TRUE(report(MissingProbes::Error));
  EXPECT_EQ(emitter_.error_count(), 0U);
  EXPECT_EQ(warnings(),
            "WARNING: cannot trace 'uprobe:a:g': attach: Invalid argument; so are 1 more\n");
}

TEST_F(FailuresTest, OneReportForEachCause) {
  fails("uprobe:a:f", 0);
  fails("uprobe:a:g", 0);
  fails("uprobe:a:h", 0, EPERM);
  fails("uprobe:b:f", 9);
  EXPECT_FALSE(report(MissingProbes::Error));
  EXPECT_EQ(emitter_.error_count(), 3U);
}

TEST_F(FailuresTest, APlaceOfItsOwnIsAnErrorUnlessTheScriptSaysElse) {
  works("uprobe:a:f", 0);
  fails("uprobe:b:f", 9);
  EXPECT_TRUE(report(MissingProbes::Ignore));
  EXPECT_EQ(warnings(), "");
  EXPECT_TRUE(report(MissingProbes::Warn));
  EXPECT_EQ(warnings(), "WARNING: cannot trace 'uprobe:b:f': attach: Invalid argument\n");
  EXPECT_FALSE(report(MissingProbes::Error));
  EXPECT_EQ(emitter_.error_count(), 1U);
}

TEST_F(FailuresTest, ARunWithoutProbesIsAnErrorAlways) {
  fails("uprobe:a:f", 0);
  EXPECT_FALSE(report(MissingProbes::Ignore));
  EXPECT_EQ(emitter_.error_count(), 1U);
}

}  // namespace
}  // namespace sonde::runtime
