// Whatever the bytes, parse() comes back, with a tree or with errors, and quickly.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "ast/printer.h"
#include "parser/parser.h"
#include "support/case_runner.h"

namespace sonde {
namespace {

struct Outcome {
  std::size_t errors = 0;
  std::size_t diagnostics = 0;
  std::size_t probes = 0;
  std::string messages;
};

// Renders what comes out, too: locations must lie inside of the text.
Outcome parse_text(std::string text) {
  diag::Sources sources;
  const std::uint32_t id = sources.add("script.bt", std::move(text));
  diag::Emitter emitter;
  const ast::Program program = parser::parse(sources, id, emitter);
  static_cast<void>(ast::print(program));
  return {emitter.error_count(), emitter.all().size(), program.probes.size(),
          diag::render_all(emitter, sources)};
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Robustness, RandomBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_GT(parse_text(text).errors, 0U);
  }
}

// Random rows of real tokens get further into the grammar than random bytes.
TEST(Robustness, RandomTokens) {
  static constexpr std::string_view kTokens[] = {
      "kprobe:f", "begin",    "{",      "}",     "(",     ")",   "[",   "]",      "/",
      ",",        ";",        "if",     "else",  "while", "for", "let", "$x",     "@m",
      "1",        "\"s\"",    "=",      "+",     "->",    ".",   "..",  "?",      ":",
      "sizeof",   "offsetof", "struct", "uint8", "*",     "++",  "\n",  "config", "unroll",
      "return",   "'",        "\"",     "/*",    "*/",    "//",  "#",   "import", "macro m",
      "kprobe:g", "&&",       "_",      "$1"};
  std::mt19937 random(2);
  for (int round = 0; round < 20000; ++round) {
    std::string text = round % 2 == 0 ? "begin { " : "";
    for (std::size_t i = random() % 40; i > 0; --i) {
      text += kTokens[random() % std::size(kTokens)];
      text += random() % 4 == 0 ? "\n" : " ";
    }
    const Outcome outcome = parse_text(text);
    EXPECT_LE(outcome.errors, 25U) << text;
  }
}

TEST(Robustness, TruncatedCases) {
  for (const std::string& path : test::find_cases("parser")) {
    const std::string script = test::load_case(path).script;
    for (std::size_t length = 0; length < script.size(); ++length) {
      static_cast<void>(parse_text(script.substr(0, length)));
    }
  }
}

TEST(Robustness, CasesWithOneByteLess) {
  for (const std::string& path : test::find_cases("parser")) {
    const std::string script = test::load_case(path).script;
    for (std::size_t at = 0; at < script.size(); ++at) {
      std::string text = script;
      text.erase(at, 1);
      static_cast<void>(parse_text(std::move(text)));
    }
  }
}

TEST(Robustness, DeepNestingIsAnError) {
  constexpr std::size_t kDeep = 100'000;
  const std::string scripts[] = {
      "begin { $x = " + repeat("(", kDeep) + "1" + repeat(")", kDeep) + " }",
      "begin { $x = " + repeat("-", 2 * kDeep) + "1 }",
      "begin { $x = " + repeat("! ", kDeep) + "1 }",
      "begin { $x = 1" + repeat(" + 1", kDeep) + " }",
      "begin { $x = 1" + repeat(" ? 1 : 1", kDeep) + " }",
      "begin { $x = $y" + repeat(".a", kDeep) + " }",
      "begin { $x = $y" + repeat("[1]", kDeep) + " }",
      "begin { $x = " + repeat("(int)", kDeep) + "1 }",
      "begin { " + repeat("{", kDeep) + repeat("}", kDeep) + " }",
      "begin { " + repeat("if (1) {", kDeep) + repeat("}", kDeep) + " }",
      "begin { if (1) { }" + repeat(" else if (1) { }", kDeep) + " }",
      "begin { $x = " + repeat("{ ", kDeep) + "1" + repeat(" }", kDeep) + " }",
      "begin { " + repeat("f(", kDeep),
      repeat("{", kDeep),
      repeat("/", kDeep),
  };
  for (const std::string& script : scripts) {
    const Outcome outcome = parse_text(script);
    EXPECT_GT(outcome.errors, 0U) << script.substr(0, 30);
    EXPECT_LE(outcome.errors, 21U) << script.substr(0, 30);
  }
}

TEST(Robustness, WideScriptsAreFine) {
  EXPECT_EQ(parse_text("begin { " + repeat("$x = 1; ", 20'000) + "}").errors, 0U);
  EXPECT_EQ(parse_text("begin { f(1" + repeat(", 1", 20'000) + ") }").errors, 0U);
  EXPECT_EQ(parse_text(repeat("kprobe:f { print(1) } ", 5'000)).probes, 5'000U);
}

// No error makes the time grow with the square of the length.
TEST(Robustness, LongWrongScriptsTakeLinearTime) {
  const std::string scripts[] = {
      "begin { " + repeat("a b; ", 200'000),
      "begin { " + repeat("( ", 400'000),
      "kprobe:f /" + repeat("/ /**/ ", 200'000),
      "begin { " + repeat("a* ", 300'000),
      repeat("kprobe:f {\n", 100'000),
      "begin { " + repeat("$x = }; ", 200'000),
      repeat("/*", 500'000),
      repeat("\"\\", 500'000),
  };
  for (const std::string& script : scripts) {
    const auto start = std::chrono::steady_clock::now();
    static_cast<void>(parse_text(script));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
        << script.substr(0, 30);
  }
}

TEST(Robustness, ErrorsAreLimited) {
  EXPECT_LE(parse_text("begin { " + repeat("a b; ", 1000) + "}").errors, 21U);
}

}  // namespace
}  // namespace sonde
