// `args` where the host does not know them.
#include <gmock/gmock.h>

#include "builtins/tables.h"
#include "sema/sema.h"

namespace sonde::sema {
namespace {

TEST(Arguments, AreReportedWhereTheHostKnowsNone) {
  auto types = std::make_shared<types::Context>();
  ast::Program program;
  ast::Arena& arena = *program.arena;
  const diag::Location where{0, 20, 24};
  auto* call = arena.make<ast::Call>(
      diag::Location{0, 14, 25}, "print", diag::Location{0, 14, 19},
      std::vector<ast::Expression*>{arena.make<ast::Identifier>(where, "args")});
  auto* statement = arena.make<ast::ExpressionStatement>(call->location, call);
  ast::Probe& probe = program.probes.emplace_back();
  probe.body = arena.make<ast::Block>(call->location, std::vector<ast::Statement*>{statement});
  plan::AttachPoint point;
  point.kind = builtins::find_probe_kind("rawtracepoint");
  point.name = "rawtracepoint:secret";
  point.symbol = "secret";
  diag::Emitter emitter;
  const plan::Plan plan = analyze(program, {{&probe, {point}}}, types, {}, {}, emitter);
  ASSERT_EQ(emitter.all().size(), 1U);
  EXPECT_EQ(emitter.all()[0].id, diag::Id::NoArguments);
  EXPECT_EQ(emitter.all()[0].where.begin, where.begin);
  EXPECT_EQ(emitter.all()[0].text, "probe 'rawtracepoint:secret' has no 'args'");
  EXPECT_THAT(emitter.all()[0].hints, testing::ElementsAre("use arg0, arg1, ..."));
}

}  // namespace
}  // namespace sonde::sema
