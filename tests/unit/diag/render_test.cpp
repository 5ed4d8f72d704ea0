#include <gtest/gtest.h>

#include "diag/emitter.h"

namespace {

using namespace sonde::diag;

class RenderTest : public testing::Test {
 protected:
  // The place of the first `part` in the script.
  Location place(std::string_view script, std::string_view part) {
    const std::uint32_t id = sources.add("a.bt", std::string(script));
    const auto begin = static_cast<std::uint32_t>(script.find(part));
    return {id, begin, begin + static_cast<std::uint32_t>(part.size())};
  }
  std::string rendered(const RenderOptions& options = {}) {
    return render_all(emitter, sources, options);
  }

  Sources sources;
  Emitter emitter;
};

TEST_F(RenderTest, UnderlinesThePlace) {
  emitter.emit(kinds::UndefinedVariable, place("begin { print($xy); }", "$xy"), "$xy");
  EXPECT_EQ(rendered(),
            "a.bt:1:15-17: ERROR: variable '$xy' is used before it is set\n"
            "begin { print($xy); }\n"
            "              ~~~\n");
}

TEST_F(RenderTest, TabsStayTabs) {
  emitter.emit(kinds::DivisionByZero, place("begin\n{\t\tx / 0 }", "x / 0"));
  EXPECT_EQ(rendered(), "a.bt:2:4-8: ERROR: division by zero\n{\t\tx / 0 }\n \t\t~~~~~\n");
}

TEST_F(RenderTest, CharactersOfSeveralBytesTakeOneColumn) {
  emitter.emit(kinds::DivisionByZero,
               place("\"\xc3\xa9\xe2\x82\xac\" + \"\xc3\xa9\"; end", "\"\xc3\xa9\";"));
  EXPECT_EQ(rendered(),
            "a.bt:1:11-15: ERROR: division by zero\n"
            "\"\xc3\xa9\xe2\x82\xac\" + \"\xc3\xa9\"; end\n"
            "       ~~~~\n");
}

TEST_F(RenderTest, SeveralLinesAreUnderlinedToTheEndOfTheFirst) {
  emitter.emit(kinds::DivisionByZero, place("a = 1 /\n 0;", "1 /\n 0"));
  EXPECT_EQ(rendered(), "a.bt:1:5: ERROR: division by zero\na = 1 /\n    ~~~\n");
}

TEST_F(RenderTest, CarriageReturnsAreNotPrinted) {
  emitter.emit(kinds::DivisionByZero, place("a;\r\nb / 0;\r\n", "b / 0;"));
  EXPECT_EQ(rendered(), "a.bt:2:1-6: ERROR: division by zero\nb / 0;\n~~~~~~\n");
}

TEST_F(RenderTest, TheEndOfTheTextHasAPlaceToo) {
  Location end = place("begin {", "{");
  end.begin = end.end;
  emitter.emit(kinds::SyntaxError, end, "unexpected end");
  EXPECT_EQ(rendered(), "a.bt:1:8: ERROR: syntax error: unexpected end\nbegin {\n       ~\n");
}

TEST_F(RenderTest, NowhereHasNoExcerpt) {
  emitter.emit(kinds::EmptyScript, {});
  EXPECT_EQ(rendered(), "ERROR: the script has no probe\n");
}

TEST_F(RenderTest, NotesAndHintsFollow) {
  const Location first = place("@a = 1; @a[2] = 1;", "@a = 1");
  const Location second{first.source, 8, 13};
  emitter.emit(kinds::MapHasNoKey, second, "@a")
      .note({first.source, first.begin, first.begin + 2}, "first use")
      .hint("use another map")
      .hint("or a key everywhere");
  EXPECT_EQ(rendered(),
            "a.bt:1:9-13: ERROR: map '@a' has no keys elsewhere; a key makes no sense here\n"
            "@a = 1; @a[2] = 1;\n"
            "        ~~~~~\n"
            "a.bt:1:1-2: NOTE: first use\n"
            "@a = 1; @a[2] = 1;\n"
            "~~\n"
            "HINT: use another map\n"
            "HINT: or a key everywhere\n");
}

TEST_F(RenderTest, ColoursTheLevel) {
  const Location where = place("1", "1");
  emitter.emit(kinds::DivisionByZero, where).note(where, "here");
  emitter.emit(kinds::UnusedValue, {});
  EXPECT_EQ(rendered({.color = true}),
            "a.bt:1:1: \x1b[1;31mERROR\x1b[0m: division by zero\n1\n~\n"
            "a.bt:1:1: \x1b[1;36mNOTE\x1b[0m: here\n1\n~\n"
            "\x1b[1;35mWARNING\x1b[0m: the value of this expression is not used\n");
}

TEST_F(RenderTest, IdsAndWarningsAreOptional) {
  emitter.emit(kinds::UnusedValue, {});
  EXPECT_EQ(rendered({.show_id = true}),
            "WARNING: the value of this expression is not used [UnusedValue]\n");
  EXPECT_EQ(rendered({.show_warnings = false}), "");
}

TEST_F(RenderTest, SortsByPlaceAndDropsRepeats) {
  const Location later = place("x y", "y");
  const Location earlier{later.source, 0, 1};
  emitter.emit(kinds::UnknownIdentifier, later, "y");
  emitter.emit(kinds::UnknownIdentifier, earlier, "x");
  emitter.emit(kinds::UnknownIdentifier, later, "y");
  emitter.emit(kinds::UnknownType, later, "y");  // Another id at the same place stays.
  EXPECT_EQ(rendered(),
            "a.bt:1:1: ERROR: unknown identifier 'x'\nx y\n~\n"
            "a.bt:1:3: ERROR: unknown identifier 'y'\nx y\n  ~\n"
            "a.bt:1:3: ERROR: unknown type 'y'\nx y\n  ~\n");
}

// Each expansion of a macro or wildcard may report the same thing with others in between.
TEST_F(RenderTest, DropsRepeatsThatOthersSeparate) {
  const Location where = place("x", "x");
  emitter.emit(kinds::UnknownIdentifier, where, "x");
  emitter.emit(kinds::UnknownType, where, "x");
  emitter.emit(kinds::UnknownIdentifier, where, "x");
  EXPECT_EQ(rendered(),
            "a.bt:1:1: ERROR: unknown identifier 'x'\nx\n~\n"
            "a.bt:1:1: ERROR: unknown type 'x'\nx\n~\n");
}

TEST_F(RenderTest, EveryCallThatLedToACodeIsNoted) {
  const Location body = place("macro f() { bad }", "bad");
  const Location inner = place("macro g() { f() }", "f()");
  const Location outer = place("begin { g() }", "g()");
  const std::uint32_t g = sources.add_expansion(inner.source, {"g", outer});
  const std::uint32_t f = sources.add_expansion(body.source, {"f", {g, inner.begin, inner.end}});
  emitter.emit(kinds::DivisionByZero, {f, body.begin, body.end});
  EXPECT_EQ(rendered(),
            "a.bt:1:13-15: ERROR: division by zero\n"
            "macro f() { bad }\n"
            "            ~~~\n"
            "a.bt:1:13-15: NOTE: in expansion of macro 'f'\n"
            "macro g() { f() }\n"
            "            ~~~\n"
            "a.bt:1:9-11: NOTE: in expansion of macro 'g'\n"
            "begin { g() }\n"
            "        ~~~\n");
  EXPECT_EQ(sources.origin(f), body.source);
  EXPECT_EQ(sources.outermost({f, 0, 1}).source, outer.source);
}

TEST_F(RenderTest, AMistakeInAMacroIsShownOnce) {
  const Location body = place("macro f() { bad }", "bad");
  const Location calls = place("begin { f() f() }", "f()");
  for (const std::uint32_t at : {calls.begin, calls.begin + 4}) {
    const std::uint32_t f = sources.add_expansion(body.source, {"f", {calls.source, at, at + 3}});
    emitter.emit(kinds::DivisionByZero, {f, body.begin, body.end});
  }
  EXPECT_EQ(rendered(),
            "a.bt:1:13-15: ERROR: division by zero\n"
            "macro f() { bad }\n"
            "            ~~~\n"
            "a.bt:1:9-11: NOTE: in expansion of macro 'f'\n"
            "begin { f() f() }\n"
            "        ~~~\n");
}

}  // namespace
