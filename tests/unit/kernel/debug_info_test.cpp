// Debug information of the programs in tests/programs/: what the reader says is compared with what the compiler says here.
#include "kernel/debug_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "base/file.h"
#include "kernel/elf.h"
#include "programs/debugged.h"
#include "temporary_folder.h"

namespace sonde::kernel {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Keyword = types::Record::Keyword;

std::string program(const std::string& name) { return SONDE_TEST_PROGRAMS "/" + name; }

// Offsets in struct pt_regs of x86-64: arch/x86/include/asm/ptrace.h.
constexpr std::uint32_t kDi = 112, kSi = 104, kDx = 96, kCx = 88, kR8 = 72, kR9 = 64, kAx = 80,
                        kSp = 152;

const std::vector<std::string>& c_programs() {
  static const std::vector<std::string> kPrograms = {
      "debugged", "debugged_optimized", "debugged_dwarf4", "debugged_clang0", "debugged_clang2"};
  return kPrograms;
}

class Programs : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    path = program(GetParam());
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no clang when this was built";
    auto opened = DebugInfo::open(path, types);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    info = std::move(*opened);
  }
  plan::UserSignature signature(const std::string& function, std::uint64_t offset = 0) {
    auto symbols = ElfSymbols::open(path);
    const auto found = symbols ? symbols->find(function) : std::vector<UserFunction>{};
    EXPECT_EQ(found.size(), 1U) << function;
    if (found.empty()) return {};
    const auto signature = info->function(found[0].address + offset, function);
    EXPECT_TRUE(signature.has_value()) << function;
    return signature.value_or(plan::UserSignature{});
  }
  types::Record& record(const char* name) {
    const types::Type* type = info->types().find_record(name, Keyword::Struct);
    EXPECT_NE(type, nullptr);
    return *type->record();
  }
  std::string path;
  types::Context types;
  std::unique_ptr<DebugInfo> info;
};

INSTANTIATE_TEST_SUITE_P(Compilers, Programs, ::testing::ValuesIn(c_programs()),
                         [](const auto& tested) { return tested.param; });

plan::ArgumentPlace in(std::initializer_list<std::uint32_t> registers) { return {registers}; }
plan::ArgumentPlace on_stack(std::int64_t offset) { return {{}, kSp, offset}; }

TEST_P(Programs, ScalarsComeInRegistersThenOnTheStack) {
  const auto found = signature("debugged_scalars");
  ASSERT_EQ(found.parameters.size(), 8U);
  EXPECT_EQ(types::declaration(found.parameters[0]), "signed char a");
  EXPECT_EQ(types::declaration(found.parameters[5]), "enum debugged_color f");
  EXPECT_THAT(found.places, ElementsAre(in({kDi}), in({kSi}), in({kDx}), in({kCx}), in({kR8}),
                                        in({kR9}), on_stack(8), on_stack(16)));
  const auto& fields = found.args->record()->fields;
  ASSERT_EQ(fields.size(), 8U);
  EXPECT_EQ(fields[0].type, types.integer(8, true));
  EXPECT_EQ(fields[1].type, types.integer(16, false));
  EXPECT_EQ(fields[4].type, types.bool_type());
  EXPECT_TRUE(fields[5].type->is(types::TypeKind::Enum));
  EXPECT_EQ(found.result, types.integer(32, true));
  EXPECT_EQ(found.result_place, in({kAx}));
}

TEST_P(Programs, RecordsByValue) {
  const auto found = signature("debugged_values");
  // Two words in two registers; five words on the stack; the rest goes on in registers.
  EXPECT_THAT(found.places, ElementsAre(in({kDi, kSi}), on_stack(8), in({kDx}), in({kCx, kR8})));
}

TEST_P(Programs, FloatingPointIsNamedAndSkipped) {
  const auto found = signature("debugged_floats");
  EXPECT_THAT(found.places, ElementsAre(in({kDi}), in({kSi})));
  ASSERT_EQ(found.missing.size(), 3U);
  EXPECT_EQ(found.missing[0].name, "weight");
  EXPECT_EQ(found.missing[2].name, "mixed");
  EXPECT_THAT(found.missing[0].reason, ::testing::HasSubstr("floating-point"));
  EXPECT_EQ(found.result, nullptr);
  EXPECT_THAT(found.result_problem, ::testing::HasSubstr("floating-point"));
}

TEST_P(Programs, LargeResultsTakeAnArgument) {
  EXPECT_EQ(signature("debugged_make_two").result_place, in({kAx, kDx}));
  const auto big = signature("debugged_make_big");
  EXPECT_EQ(big.result_place, (plan::ArgumentPlace{{}, kAx, 0}));
  EXPECT_THAT(big.places, ElementsAre(in({kSi})));
}

TEST_P(Programs, FieldsLieWhereTheCompilerPutsThem) {
  types::Record& request = record("debugged_request");
  ASSERT_TRUE(request.complete());
  EXPECT_EQ(request.size, sizeof(debugged_request));
  const auto offset = [&](const char* name) {
    const auto found = request.find_field(name);
    EXPECT_TRUE(found.has_value()) << name;
    return found ? found->field.offset : UINT32_MAX;
  };
  EXPECT_EQ(offset("name"), offsetof(debugged_request, name));
  EXPECT_EQ(offset("color"), offsetof(debugged_request, color));
  EXPECT_EQ(offset("at"), offsetof(debugged_request, at));
  EXPECT_EQ(offset("whole"), offsetof(debugged_request, whole));
  EXPECT_EQ(offset("bytes"), offsetof(debugged_request, bytes));
  EXPECT_EQ(offset("tag"), offsetof(debugged_request, tag));
  EXPECT_EQ(offset("grid"), offsetof(debugged_request, grid));
  EXPECT_EQ(offset("weight"), offsetof(debugged_request, weight));
  EXPECT_EQ(offset("hidden"), offsetof(debugged_request, hidden));
  EXPECT_EQ(request.find_field("tag")->field.type->name(), "int8[12]");
  EXPECT_EQ(request.find_field("grid")->field.type->size(), sizeof(debugged_request::grid));
  EXPECT_EQ(request.find_field("pair")->field.type->size(), sizeof(debugged_pair));
}

// The bits of a value that only one field fills.
TEST_P(Programs, BitFields) {
  types::Record& request = record("debugged_request");
  const auto read = [&](const char* name, const debugged_request& value) -> std::uint64_t {
    const auto found = request.find_field(name);
    if (!found || !found->field.bit_field) return UINT64_MAX;
    std::uint64_t unit = 0;
    std::memcpy(&unit, reinterpret_cast<const char*>(&value) + found->field.offset,
                found->field.type->size());
    return unit >> found->field.bit_field->shift &
           ((std::uint64_t{1} << found->field.bit_field->width) - 1);
  };
  debugged_request value{};
  value.level = 5;
  value.mode = 17;
  value.delta = -9;
  EXPECT_EQ(read("level", value), 5U);
  EXPECT_EQ(read("mode", value), 17U);
  EXPECT_EQ(read("delta", value), 64U - 9);
  EXPECT_TRUE(request.find_field("delta")->field.type->is_signed());
  EXPECT_FALSE(request.find_field("mode")->field.type->is_signed());
}

TEST_P(Programs, EnumsAndTypedefs) {
  const types::Type* color = info->types().find_enum("debugged_color");
  ASSERT_NE(color, nullptr);
  EXPECT_EQ(color->enumeration()->name_of(DEBUGGED_BLUE), "DEBUGGED_BLUE");
  EXPECT_FALSE(color->is_signed());
  const auto constant = info->types().find_enum_constant("DEBUGGED_GREEN");
  ASSERT_TRUE(constant.has_value());
  EXPECT_EQ(constant->value, static_cast<std::uint64_t>(DEBUGGED_GREEN));
  EXPECT_EQ(constant->type, color);
  const types::Type* pair = info->types().find_typedef("debugged_pair");
  ASSERT_NE(pair, nullptr);
  EXPECT_EQ(pair->record()->name, "debugged_pair");
  EXPECT_EQ(info->types().find_record("nothing_like_it", Keyword::Struct), nullptr);
  EXPECT_FALSE(info->types().find_enum_constant("NOTHING_LIKE_IT").has_value());
}

// A struct is one type, whoever leads to it.
TEST_P(Programs, TypesAreTheSameByNameAndByUse) {
  const types::Type* by_name = info->types().find_record("debugged_request", Keyword::Struct);
  const auto& fields = signature("debugged_pointers").args->record()->fields;
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0].type, types.pointer(by_name, types::AddressSpace::User));
  EXPECT_EQ(by_name->record()->find_field("next")->field.type, fields[0].type);
}

TEST_P(Programs, Lines) {
  // Its optimiser knows what main() hands over, and has nothing left of some lines.
  if (GetParam() == "debugged_clang2") return;
  const auto text = read_file(SONDE_SOURCE "/tests/programs/debugged.c");
  ASSERT_TRUE(text.has_value());
  const auto line_of = [&](const std::string& mark) {
    const std::size_t at = text->find("/* line: " + mark);
    return static_cast<std::uint32_t>(
        1 + std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  };
  auto symbols = ElfSymbols::open(path);
  ASSERT_TRUE(symbols.has_value());
  const UserFunction function = symbols->find("debugged_lines").at(0);
  for (const char* file : {"debugged.c", "programs/debugged.c", "./tests/programs//debugged.c"}) {
    const SourcePlaces found = info->lines({file, line_of("never"), 0});
    ASSERT_FALSE(found.places.empty()) << file;
    EXPECT_EQ(found.files.size(), 1U);
    for (const SourcePlace& place : found.places) {
      EXPECT_GE(place.address, function.address);
      EXPECT_LT(place.address, function.address + function.size);
    }
    const std::uint32_t column = found.columns.at(0);
    EXPECT_FALSE(info->lines({file, line_of("never"), column}).places.empty());
    EXPECT_TRUE(info->lines({file, line_of("never"), column + 100}).places.empty());
  }
  const SourcePlaces comment = info->lines({"debugged.c", 1, 0});
  EXPECT_TRUE(comment.places.empty());
  EXPECT_EQ(comment.nearest_lines.size(), 1U);
  EXPECT_TRUE(info->lines({"ebugged.c", 20, 0}).files.empty());
  EXPECT_THAT(info->lines({"ebugged.c", 20, 0}).other_files,
              Contains(::testing::EndsWith("/debugged.c")));
}

TEST_P(Programs, InlinedFunctions) {
  if (GetParam() == "debugged_clang2") return;  // As above.
  EXPECT_THAT(info->inlined_into("debugged_inlined"), ElementsAre("debugged_lines"));
  EXPECT_THAT(info->inlined_into("debugged_lines"), IsEmpty());
  EXPECT_THAT(info->inlined_into("nothing_like_it"), IsEmpty());
}

// Behind the first instruction only what is described counts: unoptimised code keeps its arguments in its frame.
TEST_P(Programs, InsideOfAFunction) {
  if (GetParam() != "debugged" && GetParam() != "debugged_clang0") return;
  const auto text = read_file(SONDE_SOURCE "/tests/programs/debugged.c");
  const std::size_t at = text->find("/* line: never");
  const auto line = static_cast<std::uint32_t>(
      1 + std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  const SourcePlaces found = info->lines({"debugged.c", line, 0});
  ASSERT_EQ(found.places.size(), 1U);
  const auto inside = info->function(found.places[0].address, "debugged_lines");
  ASSERT_TRUE(inside.has_value());
  ASSERT_EQ(inside->places.size(), 1U);
  EXPECT_TRUE(inside->places[0].registers.empty());
  EXPECT_LT(inside->places[0].offset, 0);  // Below the frame pointer.
}

TEST(Classes, BasesMembersReferences) {
  types::Context types;
  const std::string path = program("debugged_classes");
  auto info = DebugInfo::open(path, types);
  ASSERT_TRUE(info.has_value()) << info.error().message();
  const types::Type* square = (*info)->types().find_record("Square", Keyword::Struct);
  ASSERT_NE(square, nullptr);
  // 8 bytes for the virtual functions, then id_, text, side_.
  EXPECT_EQ(square->record()->size, 32U);
  EXPECT_EQ(square->record()->find_field("id_")->field.offset, 8U);
  EXPECT_EQ(square->record()->find_field("text")->field.offset, 16U);
  EXPECT_EQ(square->record()->find_field("side_")->field.offset, 24U);
  EXPECT_FALSE(square->record()->find_field("count").has_value());
  auto symbols = ElfSymbols::open(path);
  const auto signature = [&](const std::string& glob) {
    const auto found = symbols->find(glob);
    EXPECT_EQ(found.size(), 1U) << glob;
    return (*info)->function(found.at(0).address, found.at(0).name).value();
  };
  const auto measure = signature("*measure*");
  std::vector<std::string> shown;
  for (const types::Field& field : measure.parameters) shown.push_back(types::declaration(field));
  EXPECT_THAT(shown,
              ElementsAre("const class Square & square", "long int & out", "enum Mode mode"));
  EXPECT_EQ(measure.args->record()->fields[0].type,
            types.pointer(square, types::AddressSpace::User));
  EXPECT_EQ(measure.args->record()->fields[2].type->size(), 1U);
  const auto area = signature("*Square*area*");
  ASSERT_EQ(area.places.size(), 2U);
  EXPECT_EQ(area.args->record()->fields[0].name, "this");
  const auto take = signature("*take*");
  EXPECT_THAT(take.places, ElementsAre(plan::ArgumentPlace{{}, kDi, 0}, in({kSi})));
}

// Any damage gives an answer or none, never a crash.
TEST(DamagedBytes, NeverCrash) {
  const auto whole = read_file(program("debugged_optimized"));
  ASSERT_TRUE(whole.has_value());
  auto symbols = ElfSymbols::open(program("debugged_optimized"));
  ASSERT_TRUE(symbols.has_value());
  const auto functions = symbols->find("debugged_*");
  std::mt19937 random(7);
  const TemporaryFolder folder;
  for (int round = 0; round < 150; ++round) {
    std::string bytes = *whole;
    // Behind the code: the debug information and the tables that lead to it.
    const std::size_t from = round % 3 == 0 ? 0x3000 : bytes.size() / 4;
    for (int i = 0; i < 1 + round % 40; ++i)
      bytes[from + random() % (bytes.size() - from)] = static_cast<char>(random());
    if (round % 10 == 9) bytes.resize(from + random() % (bytes.size() - from));
    const std::string path = folder.add("damaged", bytes);
    types::Context types;
    auto info = DebugInfo::open(path, types);
    if (!info) continue;
    for (const UserFunction& function : functions) {
      const auto signature = (*info)->function(function.address, function.name);
      if (!signature) continue;
      for (const types::Field& field : signature->args->record()->fields) {
        if (!field.type->is_pointer() || !field.type->element()->is_record()) continue;
        static_cast<void>(field.type->element()->record()->field_names());
      }
      static_cast<void>((*info)->function(function.address + 9, function.name));
    }
    static_cast<void>((*info)->types().similar_types("x"));
    static_cast<void>((*info)->lines({"debugged.c", 70, 0}));
    static_cast<void>((*info)->inlined_into("debugged_inlined"));
  }
}

}  // namespace
}  // namespace sonde::kernel
