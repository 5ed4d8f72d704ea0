// Every case is compiled with the facts of this machine and loaded: the kernel's verifier is the judge. Cases about something
// that this kernel lacks are skipped with the reason.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "codegen/codegen.h"
#include "kernel/live.h"
#include "runtime/link.h"
#include "runtime/object.h"
#include "sema/analysis.h"
#include "support/case_runner.h"

namespace sonde {
namespace {

bool is_missing_here(const diag::Emitter& emitter) {
  const auto& all = emitter.all();
  return std::any_of(all.begin(), all.end(), [](const diag::Diagnostic& d) {
    return d.id == diag::Id::MissingKernelFeature;
  });
}

// The kernel's own words if it refuses a program, "" if it takes all of them.
std::string load(const plan::Program& program, const diag::Sources& sources) {
  std::string log;
  diag::Emitter emitter;
  const auto object = runtime::Object::load(program, sources, {.verifier_log = &log}, emitter);
  if (object) return {};
  return object.error().message() + diag::render_all(emitter, sources) + log;
}

class CodegenLoad : public testing::TestWithParam<std::string> {
 protected:
  void check(bool check_helpers) {
    if (::geteuid() != 0) GTEST_SKIP() << "loading programs needs root";
    const test::Case c = test::load_case(GetParam());
    test::AnalysisOptions options;
    options.parameters = c.arguments;
    options.sema.unsafe = true;
    options.make_host = [](types::Context& types) { return kernel::make_live_view(types); };
    options.sema.unsafe = true;
    options.sema.check_helpers = check_helpers;
    const auto analysis = test::analyze(c.file_name, c.script, options);
    if (is_missing_here(analysis->emitter)) GTEST_SKIP() << analysis->messages();
    ASSERT_FALSE(analysis->emitter.has_errors()) << analysis->messages();
    auto output = codegen::generate(analysis->plan, analysis->sources, {.verify_ir = true});
    ASSERT_TRUE(output.has_value()) << output.error().message();
    if (!analysis->plan.c_objects.empty()) {
      auto linked = runtime::link_objects(output->elf, analysis->plan.c_objects);
      ASSERT_TRUE(linked.has_value()) << linked.error().message() << linked.error().hint;
      output->elf = std::move(*linked);
    }
    const plan::Program program{std::move(output->elf), analysis->plan.manifest};
    EXPECT_EQ(load(program, analysis->sources), "");
  }
};

TEST_P(CodegenLoad, Accepted) { check(false); }

// -k adds a check behind most helpers.
TEST_P(CodegenLoad, AcceptedWithHelperChecks) { check(true); }

std::string case_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(std::string_view("tests/codegen/").size());
  name.resize(name.size() - std::string_view(".bt").size());
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, CodegenLoad, testing::ValuesIn(test::find_cases("codegen")),
                         case_name);

}  // namespace
}  // namespace sonde
