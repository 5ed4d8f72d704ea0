// How fields of a script's own C types are read: how many bytes from which offset, and what is done with the bits.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "codegen/codegen.h"
#include "sema/analysis.h"

namespace sonde {
namespace {

struct Row {
  const char* name;
  const char* definition;
  const char* field;
  std::uint32_t offset;
  std::uint32_t bytes;
  std::vector<std::string> operations;  // On what was read, in this order.
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const Row kRows[] = {
    {"Struct", "struct s { char a; int b; };", "b", 4, 4, {}},
    {"Union", "struct s { long a; union { int i; char c[4]; } u; };", "u.i", 8, 4, {}},
    {"BitField",
     "struct s { int a; unsigned b : 3, c : 5; };",
     "c",
     4,
     4,
     {"shl i32 %\\d+, 24", "lshr i32 %\\d+, 27"}},
    {"SignedBitField",
     "struct s { int a : 4, b : 6; };",
     "b",
     0,
     4,
     {"shl i32 %\\d+, 22", "ashr i32 %\\d+, 26"}},
    {"NestedArray", "struct s { char n; short m[3][4]; };", "m[2][1]", 2 + 2 * (2 * 4 + 1), 2, {}},
    {"AnonymousMembers",
     "struct s { long l; struct { int x; union { int y; char z; }; }; };",
     "y",
     12,
     4,
     {}},
    {"Packed", "struct __attribute__((packed)) s { char a; long b; };", "b", 1, 8, {}},
    {"Aligned", "struct s { char a; int b __attribute__((aligned(16))); };", "b", 16, 4, {}},
    {"ArrayOfStructs",
     "struct p { short x, y; }; struct s { int n; struct p p[4]; };",
     "p[3].y",
     4 + 3 * 4 + 2,
     2,
     {}},
};

class CRecords : public testing::TestWithParam<Row> {};

TEST_P(CRecords, FieldIsReadWhereItLies) {
  const Row& row = GetParam();
  const auto analysis = test::analyze(
      "test.bt", fmt::format("{}\nuprobe:/bin/prog:main {{ @ = ((struct s *)arg0)->{}; }}",
                             row.definition, row.field));
  ASSERT_FALSE(analysis->emitter.has_errors()) << analysis->messages();
  const auto output =
      codegen::generate(analysis->plan, analysis->sources, {.verify_ir = true, .want_ir = true});
  ASSERT_TRUE(output.has_value()) << output.error().message();
  // 112 is bpf_probe_read_user().
  const std::string read =
      fmt::format(R"(i64 112 to ptr\)\(ptr %\d+, i64 {}, i64 %(\d+)\))", row.bytes);
  std::smatch found;
  ASSERT_TRUE(std::regex_search(output->ir, found, std::regex(read))) << output->ir;
  if (row.offset != 0) {
    const std::string place = fmt::format("%{} = add i64 %\\d+, {},", found[1].str(), row.offset);
    EXPECT_TRUE(std::regex_search(output->ir, std::regex(place))) << place << '\n' << output->ir;
  }
  std::string rest = found.suffix();
  for (const std::string& operation : row.operations) {
    ASSERT_TRUE(std::regex_search(rest, found, std::regex(operation))) << operation << output->ir;
    rest = found.suffix();
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, CRecords, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace sonde
