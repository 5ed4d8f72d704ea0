#include "runtime/symbols/address_spaces.h"

#include <gtest/gtest.h>

namespace sonde::runtime {
namespace {

using Kind = ProcessEvent::Kind;

constexpr pid_t kNobody = 1 << 30;  // Above every pid: /proc has nothing of it.
constexpr std::uint64_t kUnit = std::uint64_t{1} << plan::kExecTimeShift;

ProcessEvent mapped(pid_t pid, std::uint64_t time, std::uint64_t start, std::string path) {
  ProcessEvent event{.kind = Kind::Map, .pid = pid, .time = time * kUnit};
  event.mapping.start = start;
  event.mapping.end = start + 0x1000;
  event.mapping.path = std::move(path);
  return event;
}
ProcessEvent exec(pid_t pid, std::uint64_t time) {
  return {.kind = Kind::Exec, .pid = pid, .time = time * kUnit};
}
ProcessEvent forked(pid_t pid, pid_t parent, std::uint64_t time) {
  return {.kind = Kind::Fork, .pid = pid, .parent = parent, .time = time * kUnit};
}

// The path at an address of a process that has last called execve() at `time` (0: has not).
std::string path_at(AddressSpaces& spaces, pid_t pid, std::uint32_t time, std::uint64_t address) {
  const auto found = spaces.find({static_cast<std::uint32_t>(pid), time}, address);
  return found.mapping != nullptr ? found.mapping->place.path : "";
}

class AddressSpacesTest : public testing::Test {
 protected:
  AddressSpacesTest() { spaces.follow(); }
  AddressSpaces spaces;
};

TEST_F(AddressSpacesTest, OneProcessRunsSeveralPrograms) {
  spaces.apply(exec(kNobody, 10));
  spaces.apply(mapped(kNobody, 11, 0x400000, "/first"));
  spaces.apply(exec(kNobody, 20));
  spaces.apply(mapped(kNobody, 21, 0x400000, "/second"));
  EXPECT_EQ(path_at(spaces, kNobody, 10, 0x400010), "/first");
  EXPECT_EQ(path_at(spaces, kNobody, 12, 0x400010), "/first");
  EXPECT_EQ(path_at(spaces, kNobody, 20, 0x400fff), "/second");
  EXPECT_EQ(path_at(spaces, kNobody, 20, 0x401000), "");
}

TEST_F(AddressSpacesTest, TheOrderInWhichEventsArriveDoesNotMatter) {
  spaces.apply(mapped(kNobody, 21, 0x400000, "/second"));
  spaces.apply(mapped(kNobody, 11, 0x400000, "/first"));
  spaces.apply(exec(kNobody, 20));
  spaces.apply(exec(kNobody, 10));
  EXPECT_EQ(path_at(spaces, kNobody, 10, 0x400000), "/first");
  EXPECT_EQ(path_at(spaces, kNobody, 20, 0x400000), "/second");
}

TEST_F(AddressSpacesTest, TheNewerMappingHidesTheOlder) {
  spaces.apply(exec(kNobody, 1));
  spaces.apply(mapped(kNobody, 3, 0x1000, "/new"));
  spaces.apply(mapped(kNobody, 2, 0x1000, "/old"));
  EXPECT_EQ(path_at(spaces, kNobody, 1, 0x1000), "/new");
}

TEST_F(AddressSpacesTest, AChildHasWhatItsParentHadAtTheFork) {
  const pid_t parent = kNobody;
  const pid_t child = kNobody + 1;
  const pid_t grandchild = kNobody + 2;
  spaces.apply(exec(parent, 1));
  spaces.apply(mapped(parent, 2, 0x1000, "/library"));
  spaces.apply(forked(child, parent, 5));
  spaces.apply(mapped(parent, 6, 0x1000, "/other"));
  spaces.apply(forked(grandchild, child, 7));
  EXPECT_EQ(path_at(spaces, grandchild, 0, 0x1000), "/library");
  EXPECT_EQ(path_at(spaces, parent, 1, 0x1000), "/other");
  EXPECT_EQ(spaces.ancestors(grandchild), (std::vector<pid_t>{grandchild, child, parent}));
  // After its own execve() it has nothing of that.
  spaces.apply(exec(grandchild, 9));
  spaces.apply(mapped(grandchild, 10, 0x5000, "/program"));
  EXPECT_EQ(path_at(spaces, grandchild, 9, 0x5000), "/program");
}

TEST_F(AddressSpacesTest, ProcessesThatForkEachOtherEndSomewhere) {
  spaces.apply(forked(kNobody, kNobody + 1, 5));
  spaces.apply(forked(kNobody + 1, kNobody, 5));
  EXPECT_EQ(path_at(spaces, kNobody, 0, 0x1000), "");
  EXPECT_LE(spaces.ancestors(kNobody).size(), 64U);
}

}  // namespace
}  // namespace sonde::runtime
