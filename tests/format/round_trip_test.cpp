// Every script of the repository that parses: formatted, and printed from its tree, it is the same script.
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "ast/equal.h"
#include "ast/source_text.h"
#include "base/file.h"
#include "parser/format.h"
#include "parser/parser.h"

namespace sonde {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> scripts_below(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".bt") paths.push_back(entry.path().string());
  }
  return paths;
}

std::vector<std::string> all_scripts() {
  std::vector<std::string> paths = scripts_below("examples");
  for (const std::string& path : scripts_below("tests")) paths.push_back(path);
  return paths;
}

struct Parsed {
  diag::Sources sources;
  diag::Emitter emitter;
  ast::Program program;
  explicit Parsed(const std::string& text) {
    program = parser::parse(sources, sources.add("script.bt", text), emitter);
  }
};

parser::Formatted format(const std::string& text) {
  diag::Sources sources;
  diag::Emitter emitter;
  return parser::format(sources, sources.add("script.bt", text), emitter);
}

// Runs `check` for each script that parses; most do.
void for_each_good_script(const std::function<void(const std::string& text)>& check) {
  std::size_t good = 0;
  const std::vector<std::string> paths = all_scripts();
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    const std::string text = read_file(path).value();
    if (Parsed(text).emitter.has_errors()) continue;
    ++good;
    check(text);
  }
  EXPECT_GT(good, paths.size() / 2);
}

TEST(RoundTrip, FormattedScriptsParseToTheSameTree) {
  for_each_good_script([](const std::string& text) {
    const parser::Formatted once = format(text);
    EXPECT_EQ(once.problem, "");
    EXPECT_EQ(ast::first_difference(Parsed(text).program, Parsed(once.text).program), "");
    EXPECT_EQ(format(once.text).text, once.text);
  });
}

TEST(RoundTrip, TreesPrintedAsSourceParseToTheSameTree) {
  for_each_good_script([](const std::string& text) {
    const Parsed original(text);
    const std::string source = ast::source_text(original.program);
    const Parsed again(source);
    EXPECT_EQ(diag::render_all(again.emitter, again.sources), "") << source;
    EXPECT_EQ(ast::first_difference(original.program, again.program), "") << source;
  });
}

TEST(RoundTrip, EqualSeesEveryDifference) {
  const char* scripts[] = {
      "begin { print(1) }",
      "begin { print(0x1) }",
      "begin { print(1, 2) }",
      "begin { print((1, 2)) }",
      "begin { print(\"1\") }",
      "begin /1/ { print(1) }",
      "end { print(1) }",
      "begin { { print(1) } }",
      "begin, end { print(1) }",
      "begin { print(-1) }",
      "begin { $x = 1 }",
      "begin { $x += 1 }",
      "begin { let $x = 1 }",
      "begin { let $x: int8 = 1 }",
      "begin { $x = (int8)1 }",
      "begin { @x = 1 }",
      "begin { @x[1] = 1 }",
      "let @x = hash(1); begin { @x = 1 }",
      "begin { return }",
      "begin { break }",
      "begin { $a.b }",
      "begin { $a->b }",
      "begin { $a++ }",
      "begin { ++$a }",
      "begin { sizeof($a) }",
      "begin { sizeof(int) }",
      "begin { $a ? 1 : 2 }",
      "begin { $a ?: 2 }",
      "begin { if (1) { } }",
      "begin { if (1) { } else { } }",
      "begin { if (1) { 1 } }",
      "begin { while (1) { } }",
      "begin { unroll(1) { } }",
      "begin { _ = 1 }",
      "begin { for $i : 0..1 { } }",
      "begin { for $i : @ { } }",
      "config = { a = 1 } end { }",
      "begin { offsetof(struct a, b) }",
      "begin { { 1 } + 1 }",
  };
  for (const char* a : scripts) {
    for (const char* b : scripts) {
      EXPECT_EQ(ast::equal(Parsed(a).program, Parsed(b).program), a == b) << a << "\n" << b;
    }
  }
}

TEST(RoundTrip, ExamplesAreFormatted) {
  for (const std::string& path : scripts_below("examples")) {
    const std::string text = read_file(path).value();
    EXPECT_EQ(format(text).text, text) << path << ": run sonde --fmt -i";
  }
}

// A tree has no parentheses: the printer must find out where they belong.
TEST(RoundTrip, PrecedenceOfPrintedTrees) {
  for (const char* code : {"(1 + 2) * 3",
                           "1 - (2 - 3)",
                           "-(1 + 2)",
                           "- -1",
                           "!(1 == 2)",
                           "(1, 2).0",
                           "(-$x).a",
                           "((struct a *)$x)->b",
                           "*($p + 1)",
                           "(*$p).a",
                           "(@m)[1]",
                           "@m[1][2]",
                           "@m[(1, 2)]",
                           "@m[(1,)]",
                           "(1 ? 2 : 3) ? 4 : 5",
                           "1 ? 2 : (3 ? 4 : 5)",
                           "1 ? (2 ? 3 : 4) : 5",
                           "(1 ? 2 : 3) + 4",
                           "{ 1 } + 2",
                           "(uint8)(1 + 2)",
                           "(1 & 2) == 3",
                           "1 & (2 == 3)",
                           "(1 || 2) && 3",
                           "1 << (2 + 3)",
                           "&$x.a",
                           "(&$x).a",
                           "- --$x",
                           "&(&$x)",
                           "f({ $a = 1; $a })",
                           "(1 ?: 2) ?: 3",
                           "sizeof((1, 2))",
                           "$x++ + ++$x"}) {
    const Parsed original(std::string("begin { $r = ") + code + " }");
    ASSERT_FALSE(original.emitter.has_errors()) << code;
    const std::string source = ast::source_text(original.program);
    EXPECT_EQ(ast::first_difference(original.program, Parsed(source).program), "") << source;
  }
}

}  // namespace
}  // namespace sonde
