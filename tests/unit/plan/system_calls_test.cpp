#include "plan/system_calls.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

namespace sonde::plan {
namespace {

TEST(SystemCalls, HaveTwoNames) {
  EXPECT_EQ(syscall_number("sys_enter_newstat", Arch::X86_64), 4U);
  EXPECT_EQ(syscall_number("sys_exit_newuname", Arch::X86_64), 63U);
  EXPECT_EQ(syscall_number("sys_enter_newuname", Arch::Aarch64), 160U);
  EXPECT_EQ(syscall_names(Arch::X86_64).at(4), "stat");
  EXPECT_EQ(syscall_names(Arch::X86_64).at(63), "uname");
  EXPECT_EQ(syscall_names(Arch::Aarch64).at(223), "fadvise64");
}

TEST(SystemCalls, OfOneArchitectureOnly) {
  EXPECT_EQ(syscall_number("sys_enter_open", Arch::X86_64), 2U);
  EXPECT_EQ(syscall_number("sys_enter_open", Arch::Aarch64), std::nullopt);
  EXPECT_EQ(syscall_number("sys_enter_stat", Arch::X86_64),
            std::nullopt);  // The name, not the event.
  EXPECT_EQ(syscall_number("sched_switch", Arch::X86_64), std::nullopt);
}

TEST(SystemCalls, NumbersAreThoseOfTheHeaders) {
#if defined(__x86_64__)
  constexpr Arch kHere = Arch::X86_64;
#else
  constexpr Arch kHere = Arch::Aarch64;
#endif
  const auto names = syscall_names(kHere);
#define HAS_NUMBER(name) EXPECT_EQ(names.at(SYS_##name), #name)
  HAS_NUMBER(read);
  HAS_NUMBER(openat);
  HAS_NUMBER(umount2);
  HAS_NUMBER(sendfile);
  HAS_NUMBER(bpf);
  HAS_NUMBER(clone3);
  HAS_NUMBER(openat2);
#undef HAS_NUMBER
}

}  // namespace
}  // namespace sonde::plan
