// Scripts that are wrong in unforeseen ways: sema may report what it likes, but it must come back.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "sema/analysis.h"
#include "support/case_runner.h"

namespace sonde::test {
namespace {

// Words of the language that fit into one another in many wrong ways.
constexpr const char* kExpressions[] = {"1",
                                        "-1",
                                        "\"s\"",
                                        "pid",
                                        "comm",
                                        "curtask",
                                        "args",
                                        "args.x",
                                        "$x",
                                        "@m",
                                        "@m[1]",
                                        "@n",
                                        "(1, comm)",
                                        "kstack",
                                        "count()",
                                        "hist(pid)",
                                        "printf(\"\")",
                                        "str(arg0)",
                                        "buf(arg0, 4)",
                                        "*curtask",
                                        "curtask->comm",
                                        "retval",
                                        "(uint8)pid",
                                        "pid ?: 1",
                                        "!comm",
                                        "-comm",
                                        "&curtask->mm",
                                        "nope",
                                        "$x++",
                                        "@m[2]--",
                                        "len(@m)",
                                        "sizeof(args)",
                                        "{ $y = 1; $y }",
                                        "delete(@m)",
                                        "username"};

constexpr const char* kStatements[] = {"$x = {};",
                                       "@m = {};",
                                       "@m[{}] = 1;",
                                       "@m[1] = {};",
                                       "print({});",
                                       "$x += {};",
                                       "@m += {};",
                                       "if ({}) {{ }}",
                                       "while ({}) {{ break; }}",
                                       "unroll({}) {{ }}",
                                       "for ($i : {}..5) {{ }}",
                                       "printf(\"%d %s\", {}, {});",
                                       "print({} + 1);",
                                       "print({} == {});",
                                       "print((uint64){});",
                                       "print((struct cred *){});",
                                       "$x = {} ? {} : 1;",
                                       "let $z: uint8 = {};",
                                       "print({}.x);",
                                       "print({}[0]);",
                                       "@a = sum({});",
                                       "delete(@m, {});",
                                       "str({}, {});",
                                       "join({});",
                                       "exit({});",
                                       "print(sizeof({}));",
                                       "return {};"};

std::string fill(std::string statement, const std::string& expression) {
  std::string text;
  for (std::size_t i = 0; i < statement.size(); ++i) {
    const std::string_view rest = std::string_view(statement).substr(i);
    if (rest.starts_with("{}")) {
      text += expression;
      ++i;
    } else if (rest.starts_with("{{") || rest.starts_with("}}")) {
      text += statement[i++];
    } else {
      text += statement[i];
    }
  }
  return text;
}

TEST(SemaRobustness, AnyExpressionInAnyPlace) {
  for (const char* probe :
       {"begin", "kprobe:vfs_read", "tracepoint:sched:sched_switch", "fexit:vfs_read"}) {
    for (const char* statement : kStatements) {
      for (const char* expression : kExpressions) {
        const std::string script =
            std::string(probe) + " { $x = 1; " + fill(statement, expression) + " }\n";
        const auto result = analyze("t", script);
        if (result->emitter.has_errors()) continue;
        EXPECT_NE(plan::dump(result->plan.manifest), "") << script;
      }
    }
  }
}

TEST(SemaRobustness, AnyArgumentOfAnyMacro) {
  for (const char* statement : kStatements) {
    for (const char* expression : kExpressions) {
      for (const char* parameter : {"x", "$x", "@m"}) {
        const std::string script = fmt::format(
            "macro m({0}) {{ {1} }} macro n(a) {{ m(a); m({0}) }} begin {{ $x = 1; m({2}); n({2}); "
            "}}",
            parameter, fill(statement, parameter), expression);
        EXPECT_NE(analyze("t", script), nullptr);
      }
    }
  }
}

// Each case without its last token, its last two, ...: what parses must not break sema.
TEST(SemaRobustness, CasesCutShort) {
  for (const std::string& path : find_cases("sema")) {
    const Case whole = load_case(path);
    for (std::size_t cut = whole.script.size(); cut-- > 0;) {
      const char last = whole.script[cut];
      if (last != ';' && last != '}' && last != ')') continue;
      const auto result = analyze("t", whole.script.substr(0, cut) + " }\n");
      EXPECT_NE(result, nullptr);
    }
  }
}

}  // namespace
}  // namespace sonde::test
