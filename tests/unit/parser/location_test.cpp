// Every node knows its text.
#include <gtest/gtest.h>

#include "ast/ast.h"
#include "parser/parser.h"

namespace sonde::parser {
namespace {

class Locations : public testing::Test {
 protected:
  // Parses `begin { <code> }` and returns its first statement.
  ast::Statement* statement(const std::string& code) {
    id_ = sources_.add("s.bt", "begin { " + code + " }");
    program_ = parse(sources_, id_, emitter_);
    EXPECT_EQ(diag::render_all(emitter_, sources_), "");
    return program_.probes.at(0).body->statements.at(0);
  }
  ast::Expression* expression(const std::string& code) {
    auto* found = ast::as<ast::ExpressionStatement>(statement(code));
    EXPECT_NE(found, nullptr);
    return found->value;
  }
  std::string text(const diag::Location& where) { return std::string(sources_.text(where)); }

  diag::Sources sources_;
  diag::Emitter emitter_;
  ast::Program program_;
  std::uint32_t id_ = 0;
};

TEST_F(Locations, Expressions) {
  for (const char* code : {"1_000",
                           "\"s\"",
                           "true",
                           "pid",
                           "$1",
                           "$x",
                           "@",
                           "@m[1, 2]",
                           "f(1, 2)",
                           "-$x",
                           "$x++",
                           "1 + 2 * 3",
                           "$a ? 1 : 2",
                           "args.a.b",
                           "$t.0",
                           "$p->x",
                           "$a[1]",
                           "(uint8)5",
                           "(struct s *)$x",
                           "sizeof(int)",
                           "offsetof(struct s, a.b)",
                           "(1, 2)",
                           "(1,)",
                           "(1 + 2) * 3"}) {
    EXPECT_EQ(text(expression(code)->location), code);
  }
}

TEST_F(Locations, Statements) {
  for (const char* code : {"$x = 1", "@m[1] += 2", "let $x: uint8 = 1", "if (1) { } else { 2 }",
                           "while (1) { }", "unroll (2) { }", "for ($i : 0..2) { }",
                           "for ($kv : @m) { }", "return 1", "{ $x = 1; }", "if (1) { }"}) {
    EXPECT_EQ(text(statement(code)->location), code);
  }
}

TEST_F(Locations, PartsOfNodes) {
  auto* binary = ast::as<ast::Binary>(expression("1 + 2 << 3"));
  EXPECT_EQ(text(binary->op_location), "<<");
  EXPECT_EQ(text(binary->left->location), "1 + 2");
  auto* member = ast::as<ast::Member>(expression("$x->count.y"));
  EXPECT_EQ(text(member->field_location), "y");
  EXPECT_EQ(text(member->object->location), "$x->count");
  auto* call = ast::as<ast::Call>(expression("printf(\"a\", 1)"));
  EXPECT_EQ(text(call->name_location), "printf");
  auto* map = ast::as<ast::MapAccess>(expression("@m[1, 2]"));
  EXPECT_EQ(text(map->key->location), "1, 2");
  auto* cast = ast::as<ast::Cast>(expression("(struct s *)$x"));
  EXPECT_EQ(text(cast->target.location), "struct s *");
  auto* path = ast::as<ast::OffsetOf>(expression("offsetof(struct s, a.b)"));
  EXPECT_EQ(text(path->path_location), "a.b");
  auto* assignment = ast::as<ast::Assignment>(statement("$x <<= 1"));
  EXPECT_EQ(text(assignment->operator_location), "<<=");
  auto* declaration = ast::as<ast::Declaration>(statement("let $x: int8[2] = 1"));
  EXPECT_EQ(text(declaration->target->location), "$x");
  EXPECT_EQ(text(declaration->type_name->location), "int8[2]");
}

TEST_F(Locations, TopLevel) {
  id_ = sources_.add("t.bt",
                     "config = { a = \"b\" } let @m = hash(3);\nkprobe:f,\n k:g:h /pid/ { 1 } ");
  program_ = parse(sources_, id_, emitter_);
  ASSERT_EQ(diag::render_all(emitter_, sources_), "");
  EXPECT_EQ(text(program_.config.at(0).location), "a = \"b\"");
  EXPECT_EQ(text(program_.config.at(0).value_location), "\"b\"");
  EXPECT_EQ(text(program_.maps.at(0).location), "let @m = hash(3);");
  const ast::Probe& probe = program_.probes.at(0);
  EXPECT_EQ(text(probe.location), "kprobe:f,\n k:g:h /pid/ { 1 }");
  EXPECT_EQ(text(probe.attach_points.at(1).location), "k:g:h");
  EXPECT_EQ(text(probe.attach_points.at(1).pieces.at(1).location), "h");
  EXPECT_EQ(text(probe.predicate->location), "pid");
  EXPECT_EQ(text(probe.body->location), "{ 1 }");
}

TEST_F(Locations, HeightsAreBounded) {
  EXPECT_EQ(expression("1")->height, 1);
  EXPECT_EQ(expression("1 + 2 * 3")->height, 3);
  std::string sum = "1";
  for (int i = 0; i < 600; ++i) sum += "+1";
  id_ = sources_.add("h.bt", "begin { $x = " + sum + "; $y = 2 2 }");
  program_ = parse(sources_, id_, emitter_);
  ASSERT_EQ(emitter_.error_count(), 2U);
  EXPECT_EQ(emitter_.all()[0].text, "syntax error: this is nested too deeply");
  EXPECT_LE(program_.probes.at(0).body->height, 500);
}

TEST_F(Locations, BracketsAreBounded) {
  const std::string open(200, '(');
  const std::string close(200, ')');
  id_ = sources_.add("b.bt", "begin { $x = " + open + "1" + close + " }");
  program_ = parse(sources_, id_, emitter_);
  ASSERT_EQ(emitter_.error_count(), 1U);
  EXPECT_EQ(emitter_.all()[0].text, "syntax error: brackets are nested too deeply");
  EXPECT_EQ(text(emitter_.all()[0].where), "(");
  EXPECT_EQ(emitter_.all()[0].where.begin, 13U + 199U);
}

}  // namespace
}  // namespace sonde::parser
