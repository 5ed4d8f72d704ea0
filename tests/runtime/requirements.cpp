#include "requirements.h"

#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

namespace sonde::test {
namespace {

bool exists(const char* path) { return ::access(path, F_OK) == 0; }

bool file_contains(const char* path, const std::string& text) {
  std::ifstream file(path);
  std::stringstream all;
  all << file.rdbuf();
  return all.str().find(text) != std::string::npos;
}

bool counts_instructions() {
  perf_event_attr event{};
  event.size = sizeof event;
  event.type = PERF_TYPE_HARDWARE;
  event.config = PERF_COUNT_HW_INSTRUCTIONS;
  const long fd = ::syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
  if (fd >= 0) ::close(static_cast<int>(fd));
  return fd >= 0;
}

bool watches_memory() {
  static long watched = 0;
  perf_event_attr event{};
  event.size = sizeof event;
  event.type = PERF_TYPE_BREAKPOINT;
  event.bp_type = HW_BREAKPOINT_W;
  event.bp_addr = reinterpret_cast<std::uintptr_t>(&watched);
  event.bp_len = sizeof watched;
  event.disabled = 1;
  const long fd = ::syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
  if (fd >= 0) ::close(static_cast<int>(fd));
  return fd >= 0;
}

bool is_at_least(int wanted_major, int wanted_minor) {
  utsname names{};
  int major = 0;
  int minor = 0;
  ::uname(&names);
  std::sscanf(names.release, "%d.%d", &major, &minor);
  return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
}

bool has_fprobe() { return file_contains("/proc/kallsyms", " register_fprobe_ips\n"); }

using Test = std::function<std::optional<std::string>()>;

std::optional<std::string> when(bool met, const char* reason) {
  return met ? std::nullopt : std::optional<std::string>(reason);
}

const std::map<std::string, Test>& tests() {
  static const std::map<std::string, Test> kTests = {
      {"root", [] { return when(::geteuid() == 0, "needs root"); }},
      {"kprobe",
       [] {
         return when(exists("/sys/bus/event_source/devices/kprobe"), "this kernel has no kprobes");
       }},
      {"no_kprobe",
       [] {
         return when(!exists("/sys/bus/event_source/devices/kprobe"), "this kernel has kprobes");
       }},
      {"fentry",
       [] {
         // Lockdown refuses trampolines with EPERM, whatever the kernel was built with.
         const bool locked = file_contains("/sys/kernel/security/lockdown", "[integrity]") ||
                             file_contains("/sys/kernel/security/lockdown", "[confidentiality]");
         return when(exists("/sys/kernel/btf/vmlinux") && !locked &&
                         exists("/sys/bus/event_source/devices/kprobe"),
                     "this kernel does not let BPF programs attach to kernel functions");
       }},
      {"btf", [] { return when(exists("/sys/kernel/btf/vmlinux"), "this kernel has no BTF"); }},
      {"kprobe_multi",
       [] { return when(has_fprobe(), "this kernel has no links of many kprobes (FPROBE)"); }},
      {"kprobe_session",
       [] {
         return when(has_fprobe() && is_at_least(6, 10),
                     "this kernel has no programs for both ends of a function (Linux 6.10)");
       }},
      {"raw_cookies",
       [] {
         return when(is_at_least(6, 10), "raw tracepoints have no cookies here (Linux 6.10)");
       }},
      {"uprobe_multi_pid",
       [] {
         return when(is_at_least(6, 10),
                     "links of many uprobes see one thread of a process only (before Linux 6.10)");
       }},
      {"many_strings",
       [] {
         return when(
             is_at_least(6, 2),
             "the verifier of 6.1 gives up on dozens of functions of long strings in one program");
       }},
      {"uprobe_address",
       [] {
         return when(is_at_least(6, 6), "bpf_get_func_ip() knows of uprobes since Linux 6.6");
       }},
      {"debug_registers",
       [] { return when(watches_memory(), "no debug registers for perf events here"); }},
      {"hardware_events",
       [] { return when(counts_instructions(), "this processor counts no events here"); }},
      {"no_hardware_events",
       [] { return when(!counts_instructions(), "this processor counts events"); }},
      {"netns",
       [] {
         return when(exists("/proc/self/ns/net") && exists("/sbin/ip"),
                     "no network namespaces, or no ip command");
       }},
      {"lsm",
       [] {
         return when(file_contains("/sys/kernel/security/lsm", "bpf"),
                     "BPF is not among this kernel's security modules");
       }},
      {"cgroup2",
       [] { return when(file_contains("/proc/mounts", " cgroup2 "), "no cgroups of version 2"); }},
      {"clang",
       [] {
         return when(exists(SONDE_TEST_PROGRAMS "/debugged_clang0"),
                     "no clang when this was built");
       }},
      {"bash", [] { return when(exists("/bin/bash"), "no /bin/bash"); }},
      {"python3", [] { return when(exists("/usr/bin/python3"), "no /usr/bin/python3"); }},
      {"guest",
       [] {
         return when(std::getenv("SONDE_GUEST") != nullptr,
                     "traces the whole machine: runs in the guest only");
       }},
  };
  return kTests;
}

}  // namespace

std::optional<std::string> lacking(const std::string& requirement) {
  const auto test = tests().find(requirement);
  return test == tests().end() ? "unknown requirement " + requirement : test->second();
}

bool must_have(const std::string& requirement) {
  if (!tests().contains(requirement)) return true;
  const char* list = std::getenv("SONDE_TEST_MUST_HAVE");
  std::istringstream words(list != nullptr ? list : "");
  for (std::string word; words >> word;) {
    if (word == requirement) return true;
  }
  return false;
}

}  // namespace sonde::test
