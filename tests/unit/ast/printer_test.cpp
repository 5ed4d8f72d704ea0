#include "ast/printer.h"

#include <gtest/gtest.h>

namespace sonde::ast {
namespace {

class PrinterTest : public testing::Test {
 protected:
  template <class NodeType, class... Args>
  NodeType* make(Args&&... args) {
    return program_.arena->make<NodeType>(Location(), std::forward<Args>(args)...);
  }
  Expression* number(std::uint64_t value) { return make<IntegerLiteral>(value, std::string()); }
  void add_probe(std::vector<Statement*> statements) {
    Probe probe;
    probe.attach_points.push_back(
        {.text = "kprobe:f", .provider = "kprobe", .pieces = {{"f", {}}}});
    probe.body = make<Block>(std::move(statements));
    program_.probes.push_back(std::move(probe));
  }

  Program program_;
};

TEST_F(PrinterTest, EmptyProgram) { EXPECT_EQ(print(program_), ""); }

TEST_F(PrinterTest, TypesAreAppendedOnlyWhenAsked) {
  types::Context types;
  Expression* one = number(1);
  one->type = types.integer(64, true);
  add_probe({make<ExpressionStatement>(one)});
  EXPECT_EQ(print(program_), "probe\n  at kprobe : f\n  do\n    int 1\n");
  EXPECT_EQ(print(program_, {.types = true}), "probe\n  at kprobe : f\n  do\n    int 1 :: int64\n");
}

TEST_F(PrinterTest, MadeUpLiteralsHaveNoText) {
  add_probe(
      {make<ExpressionStatement>(make<IntegerLiteral>(std::uint64_t{31}, std::string("0x1f")))});
  EXPECT_EQ(print(program_), "probe\n  at kprobe : f\n  do\n    int 31 (0x1f)\n");
}

TEST_F(PrinterTest, StringsAreEscaped) {
  add_probe({make<ExpressionStatement>(make<StringLiteral>(std::string("a\n\"")))});
  EXPECT_EQ(print(program_), "probe\n  at kprobe : f\n  do\n    string \"a\\n\\\"\"\n");
}

}  // namespace
}  // namespace sonde::ast
