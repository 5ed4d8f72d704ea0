#include "kernel/type_definition.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace sonde::kernel {
namespace {

constexpr const char* kVmlinux = "/sys/kernel/btf/vmlinux";

class TypeDefinitionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::access(kVmlinux, R_OK) != 0) GTEST_SKIP() << "this kernel has no BTF";
  }
  std::string find(TypeTag tag, const std::string& name) {
    return definitions_.find(kVmlinux, {}, tag, name);
  }
  TypeDefinitions definitions_;
};

// Types that user space relies on, or that have not changed for long.
TEST_F(TypeDefinitionTest, Members) {
  EXPECT_EQ(find(TypeTag::Struct, "list_head"),
            "struct list_head {\n\tstruct list_head *next;\n\tstruct list_head *prev;\n};");
  EXPECT_EQ(find(TypeTag::Struct, "callback_head"),
            "struct callback_head {\n\tstruct callback_head *next;\n"
            "\tvoid (*func)(struct callback_head *);\n};");
  EXPECT_EQ(find(TypeTag::Union, "sigval"),
            "union sigval {\n\tint sival_int;\n\tvoid *sival_ptr;\n};");
}

TEST_F(TypeDefinitionTest, BitFieldsAndAnonymousMembers) {
  const std::string text = find(TypeTag::Struct, "iphdr");
  EXPECT_NE(text.find("\t__u8 ihl : 4;\n"), std::string::npos) << text;
  EXPECT_NE(find(TypeTag::Struct, "in6_addr").find("\tunion {\n\t\t__u8 u6_addr8[16];\n"),
            std::string::npos);
}

TEST_F(TypeDefinitionTest, Constants) {
  const std::string text = find(TypeTag::Enum, "bpf_cmd");
  EXPECT_TRUE(text.starts_with("enum bpf_cmd {\n\tBPF_MAP_CREATE = 0,\n")) << text;
}

TEST_F(TypeDefinitionTest, Unknown) {
  EXPECT_EQ(find(TypeTag::Struct, "sigval"), "");
  EXPECT_EQ(find(TypeTag::Struct, "no_such_type"), "");
  EXPECT_EQ(definitions_.find("/no/such/file", {}, TypeTag::Struct, "path"), "");
}

}  // namespace
}  // namespace sonde::kernel
