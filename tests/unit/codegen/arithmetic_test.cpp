// Every operator on every pair of integer types, run in the kernel, against the rules of the language written down again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/codegen/run_script.h"

namespace sonde {
namespace {

struct IntegerType {
  const char* name;
  std::uint32_t bits;
  bool is_signed;
};
constexpr IntegerType kTypes[] = {
    {"int8", 8, true},   {"uint8", 8, false},   {"int16", 16, true}, {"uint16", 16, false},
    {"int32", 32, true}, {"uint32", 32, false}, {"int64", 64, true}, {"uint64", 64, false}};

constexpr const char* kOperators[] = {"+",  "-",  "*",  "/",  "%", "&",  "|", "^",
                                      "<<", ">>", "==", "!=", "<", "<=", ">", ">="};

std::int64_t cut(std::int64_t value, std::uint32_t bits, bool is_signed) {
  const std::uint32_t unused = 64 - bits;
  const std::uint64_t top = static_cast<std::uint64_t>(value) << unused;
  return is_signed ? static_cast<std::int64_t>(top) >> unused
                   : static_cast<std::int64_t>(top >> unused);
}

std::int64_t divide(std::int64_t a, std::int64_t b, bool is_signed) {
  if (b == 0) return 0;
  if (!is_signed)
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) / static_cast<std::uint64_t>(b));
  return b == -1 ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(a)) : a / b;
}

std::int64_t remainder(std::int64_t a, std::int64_t b, bool is_signed) {
  if (b == 0) return a;
  if (!is_signed)
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) % static_cast<std::uint64_t>(b));
  return b == -1 ? 0 : a % b;
}

bool compare(const std::string& op, std::int64_t a, std::int64_t b, bool is_signed) {
  if (op == "==") return a == b;
  if (op == "!=") return a != b;
  const bool less =
      is_signed ? a < b : static_cast<std::uint64_t>(a) < static_cast<std::uint64_t>(b);
  if (op == "<") return less;
  if (op == "<=") return less || a == b;
  if (op == ">") return !less && a != b;
  return !less;
}

// What `(A)a op (B)b` is: computed in 64 bits, unsigned if an operand is uint64.
std::int64_t expected(const std::string& op, const IntegerType& type_a, std::int64_t a,
                      const IntegerType& type_b, std::int64_t b) {
  a = cut(a, type_a.bits, type_a.is_signed);
  b = cut(b, type_b.bits, type_b.is_signed);
  const auto is_uint64 = [](const IntegerType& type) { return type.bits == 64 && !type.is_signed; };
  const bool is_signed = !is_uint64(type_a) && !is_uint64(type_b);
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  if (op == "+") return static_cast<std::int64_t>(x + y);
  if (op == "-") return static_cast<std::int64_t>(x - y);
  if (op == "*") return static_cast<std::int64_t>(x * y);
  if (op == "/") return divide(a, b, is_signed);
  if (op == "%") return remainder(a, b, is_signed);
  if (op == "&") return a & b;
  if (op == "|") return a | b;
  if (op == "^") return a ^ b;
  if (op == "<<") return static_cast<std::int64_t>(x << (y & 63));
  if (op == ">>")
    return type_a.is_signed ? a >> (y & 63) : static_cast<std::int64_t>(x >> (y & 63));
  return compare(op, a, b, is_signed) ? 1 : 0;
}

struct Sample {
  std::int64_t a, b;
};
constexpr Sample kSamples[] = {{-7, 3}, {100, -9},       {200, 0},
                               {-1, 1}, {INT64_MIN, -1}, {0x123456789abcdef0, 13}};

class Arithmetic : public testing::TestWithParam<IntegerType> {};

TEST_P(Arithmetic, AgreesWithTheRules) {
  if (!test::may_load()) GTEST_SKIP() << "loading programs needs root";
  const IntegerType& type_a = GetParam();
  std::string body;
  std::vector<std::pair<std::string, std::int64_t>> wanted;
  for (const IntegerType& type_b : kTypes) {
    const Sample& sample =
        kSamples[static_cast<std::size_t>(&type_b - kTypes) % std::size(kSamples)];
    // The map is empty: a zero that neither sema nor LLVM knows of.
    body += fmt::format("let $a{0} = ({1})(@zero + {2}); let $b{0} = ({3})(@zero + {4});\n",
                        wanted.size(), type_a.name, sample.a, type_b.name, sample.b);
    const std::string index = std::to_string(wanted.size());
    for (const char* op : kOperators) {
      const std::string left = fmt::format("({})$a{}", type_a.name, index);
      const std::string right = fmt::format("({})$b{}", type_b.name, index);
      body += fmt::format("@r[{}] = (int64)({} {} {});\n", wanted.size(), left, op, right);
      wanted.emplace_back(
          fmt::format("({}){} {} ({}){}", type_a.name, sample.a, op, type_b.name, sample.b),
          expected(op, type_a, sample.a, type_b, sample.b));
    }
  }
  const test::RunScript run("begin {\n" + body + "}\nend { @zero = 0; }\n");
  ASSERT_TRUE(run.ok());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::vector<std::uint64_t> got = run.value("@r", i);
    ASSERT_EQ(got.size(), 1U) << wanted[i].first;
    EXPECT_EQ(static_cast<std::int64_t>(got[0]), wanted[i].second) << wanted[i].first;
  }
}

INSTANTIATE_TEST_SUITE_P(LeftOperand, Arithmetic, testing::ValuesIn(kTypes),
                         [](const auto& type) { return std::string(type.param.name); });

}  // namespace
}  // namespace sonde
