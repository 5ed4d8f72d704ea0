#include "resolve/imports.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "parser/parser.h"

namespace sonde::resolve {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test.
class ImportsTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sonde-imports-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  void set_mode(const std::string& name, mode_t mode) {
    ASSERT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
  }

  // The number of probes of `script` with what it imports; the diagnostics go to `messages_`.
  std::size_t probes(const std::string& script, std::vector<std::string> search_path = {}) {
    const std::string path = write("main.bt", script);
    diag::Sources sources;
    diag::Emitter emitter;
    ast::Program program = parser::parse(sources, sources.add("main.bt", script), emitter);
    load_imports(program, sources, {path, std::move(search_path)}, emitter);
    messages_ = diag::render_all(emitter, sources, {.show_id = true});
    return program.probes.size();
  }

  [[nodiscard]] bool says(const std::string& text) const {
    return messages_.find(text) != std::string::npos;
  }

  fs::path folder_;
  std::string messages_;
};

constexpr const char* kProbe = "begin { exit() }";

TEST_F(ImportsTest, LooksBesideTheScriptFirst) {
  write("lib.bt", kProbe);
  write("other/lib.bt", "begin { exit() } end { exit() }");
  write("other/far.bt", kProbe);
  const std::string other = (folder_ / "other").string();
  EXPECT_EQ(probes("import \"lib.bt\"; begin {}", {other}), 2U);
  EXPECT_EQ(probes("import \"far.bt\"; begin {}", {"/nowhere", other}), 2U);
  EXPECT_EQ(messages_, "");
  EXPECT_EQ(probes("import \"gone.bt\"; begin {}", {other}), 1U);
  EXPECT_TRUE(says("looked for " + (folder_ / "gone.bt").string() + ", " + other + "/gone.bt"));
}

TEST_F(ImportsTest, ReadsAFileOnceByWhateverName) {
  const std::string path = write("lib.bt", kProbe);
  fs::create_symlink(path, folder_ / "link.bt");
  fs::create_hard_link(path, folder_ / "hard.bt");
  fs::create_directory_symlink(folder_, folder_ / "loop");
  EXPECT_EQ(
      probes("import \"lib.bt\"; import \"link.bt\"; import \"hard.bt\"; import \"loop/lib.bt\";"
             "import \"./lib.bt\"; begin {}"),
      2U);
  EXPECT_EQ(messages_, "");
}

TEST_F(ImportsTest, DoesNotImportTheScriptItself) {
  EXPECT_EQ(probes("import \"main.bt\"; import \"./main.bt\"; begin {}"), 1U);
  write("back.bt", "import \"main.bt\"; begin {}");
  EXPECT_EQ(probes("import \"back.bt\"; begin {}"), 2U);
  EXPECT_EQ(messages_, "");
}

TEST_F(ImportsTest, RefusesWhatEverybodyMayWrite) {
  write("lib/a.bt", kProbe);
  set_mode("lib/a.bt", 0666);
  EXPECT_EQ(probes("import \"lib/a.bt\"; begin {}"), 1U);
  EXPECT_TRUE(says("everybody may write to it [ImportRefused]")) << messages_;
  EXPECT_TRUE(says("HINT: chmod o-w " + (folder_ / "lib/a.bt").string())) << messages_;
  set_mode("lib/a.bt", 0644);
  set_mode("lib", 0777);
  EXPECT_EQ(probes("import \"lib/a.bt\"; begin {}"), 1U);
  EXPECT_TRUE(says("everybody may write to its folder [ImportRefused]")) << messages_;
  EXPECT_EQ(probes("import \"lib\"; begin {}"), 1U);
  EXPECT_TRUE(says("everybody may write to it [ImportRefused]")) << messages_;
  // In a folder like /tmp one's own files are safe, but others may add some.
  set_mode("lib", 01777);
  EXPECT_EQ(probes("import \"lib/a.bt\"; begin {}"), 2U);
  EXPECT_EQ(messages_, "");
  EXPECT_EQ(probes("import \"lib\"; begin {}"), 1U);
  set_mode("lib", 0755);
  EXPECT_EQ(probes("import \"lib\"; begin {}"), 2U);
}

TEST_F(ImportsTest, ReadsFilesOnly) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe.bt").c_str(), 0600), 0);
  EXPECT_EQ(probes("import \"pipe.bt\"; begin {}"), 1U);
  EXPECT_TRUE(says("it is not a regular file")) << messages_;
  write("empty/readme", "");
  EXPECT_EQ(probes("import \"empty\"; begin {}"), 1U);
  EXPECT_TRUE(says("the folder holds no .bt or .bpf.c file")) << messages_;
  write("mark.bt", std::string("\xef\xbb\xbf") + kProbe);
  EXPECT_EQ(probes("import \"mark.bt\"; begin {}"), 2U);
  EXPECT_EQ(messages_, "");
}

}  // namespace
}  // namespace sonde::resolve
