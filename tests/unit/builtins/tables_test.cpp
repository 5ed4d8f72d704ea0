#include "builtins/tables.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/text.h"
#include "builtins/packet.h"

namespace {

using namespace sonde::builtins;

// "4.7", "5.10": what a row says about kernels.
bool is_kernel_version(std::string_view text) {
  const auto parts = sonde::split(text, '.');
  return parts.size() == 2 && sonde::parse_u64(parts[0]) && sonde::parse_u64(parts[1]) &&
         *sonde::parse_u64(parts[0]) >= 2 && *sonde::parse_u64(parts[0]) <= 9;
}

TEST(ProbeKindsTest, AreFoundByNameAndAlias) {
  EXPECT_EQ(find_probe_kind("tracepoint")->id, ProbeKindId::Tracepoint);
  EXPECT_EQ(find_probe_kind("t")->id, ProbeKindId::Tracepoint);
  EXPECT_EQ(find_probe_kind("BEGIN")->id, ProbeKindId::Begin);
  EXPECT_EQ(find_probe_kind("kretfunc")->id, ProbeKindId::Fexit);
  EXPECT_EQ(find_probe_kind("nothing"), nullptr);
  EXPECT_EQ(find_probe_kind(""), nullptr);
  EXPECT_EQ(find_probe_kind("f,kfunc"), nullptr);
}

TEST(ProbeKindsTest, NamesAndAliasesAreUnique) {
  std::set<std::string> names;
  for (const ProbeKind& kind : probe_kinds()) {
    EXPECT_TRUE(names.insert(std::string(kind.name)).second) << kind.name;
    for (const std::string_view alias : sonde::split(kind.aliases, ',')) {
      if (alias.empty()) continue;
      EXPECT_TRUE(names.insert(std::string(alias)).second) << alias;
    }
  }
}

TEST(ProbeKindsTest, EveryRowIsComplete) {
  for (const ProbeKind& kind : probe_kinds()) {
    EXPECT_EQ(&probe_kind(kind.id), &kind) << kind.name;
    EXPECT_TRUE(is_kernel_version(kind.min_kernel)) << kind.name;
    // The forms of the attach point, a newline, then what it is.
    const auto lines = sonde::split(kind.doc, '\n');
    ASSERT_GE(lines.size(), 2U) << kind.name;
    EXPECT_TRUE(lines[0].starts_with(kind.name)) << kind.name;
    EXPECT_TRUE(lines[1].ends_with('.')) << kind.name;
  }
}

TEST(ProbeKindsTest, CapabilitiesFollowTheKind) {
  EXPECT_TRUE(find_probe_kind("kprobe")->has(kArgN));
  EXPECT_FALSE(find_probe_kind("kprobe")->has(kRetval));
  EXPECT_TRUE(find_probe_kind("kretprobe")->has(kRetval));
  EXPECT_FALSE(find_probe_kind("interval")->has(kCurrentTask));
  EXPECT_TRUE(find_probe_kind("interval")->has(kThread));
  EXPECT_FALSE(find_probe_kind("xdp")->has(kThread));
}

TEST(VariablesTest, AreFoundByName) {
  EXPECT_EQ(find_variable("pid")->id, VariableId::Pid);
  EXPECT_EQ(find_variable("ustack")->id, VariableId::UStack);
  EXPECT_EQ(find_variable("PID"), nullptr);
  EXPECT_EQ(find_variable(""), nullptr);
}

TEST(VariablesTest, EveryRowIsComplete) {
  std::set<std::string_view> names;
  for (const Variable& variable : variables()) {
    EXPECT_TRUE(names.insert(variable.name).second) << variable.name;
    EXPECT_EQ(find_variable(variable.name), &variable);
    EXPECT_EQ(static_cast<std::size_t>(variable.id),
              static_cast<std::size_t>(&variable - variables().data()));
    EXPECT_TRUE(is_kernel_version(variable.min_kernel)) << variable.name;
    EXPECT_TRUE(variable.doc.ends_with('.')) << variable.name;
  }
}

TEST(FunctionsTest, AreFoundByName) {
  EXPECT_EQ(find_function("printf")->id, FunctionId::Printf);
  EXPECT_EQ(find_function("lhist")->id, FunctionId::LHist);
  EXPECT_EQ(find_function("sizeof"), nullptr);  // Syntax.
  EXPECT_EQ(find_function(""), nullptr);
}

TEST(FunctionsTest, EveryRowIsComplete) {
  std::set<std::string_view> names;
  for (const Function& function : functions()) {
    EXPECT_TRUE(names.insert(function.name).second) << function.name;
    EXPECT_EQ(find_function(function.name), &function);
    EXPECT_EQ(static_cast<std::size_t>(function.id),
              static_cast<std::size_t>(&function - functions().data()));
    EXPECT_LE(function.min_arguments, function.max_arguments) << function.name;
    EXPECT_TRUE(is_kernel_version(function.min_kernel)) << function.name;
    EXPECT_NE(function.signature.find(std::string(function.name) + "("), std::string_view::npos)
        << function.name;
    EXPECT_TRUE(function.doc.ends_with('.')) << function.name;
  }
}

TEST(FunctionsTest, FlagsAreWhatTheyMean) {
  EXPECT_TRUE(find_function("hist")->is(kAggregation));
  EXPECT_FALSE(find_function("hist")->is(kVoid));
  EXPECT_TRUE(find_function("printf")->is(kVoid));
  EXPECT_FALSE(find_function("str")->is(kVoid));
}

TEST(PacketFieldsTest, PathsAreUniqueAndRowsComplete) {
  std::set<std::string> paths;
  for (const PacketField& field : packet_fields()) {
    const std::string path = packet_field_path(field);
    EXPECT_TRUE(paths.insert(path).second) << path;
    EXPECT_EQ(&packet_fields()[static_cast<std::size_t>(field.id)], &field) << path;
    EXPECT_TRUE(field.doc.ends_with('.')) << path;
    // What has a place in one version of the header has one in the other.
    EXPECT_EQ(field.offset == PacketField::kFound, field.offset6 == PacketField::kFound) << path;
  }
  EXPECT_TRUE(paths.contains("len"));
  EXPECT_TRUE(paths.contains("ip.saddr"));
}

}  // namespace
