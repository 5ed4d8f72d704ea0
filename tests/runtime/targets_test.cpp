// Which processes a run is about: -p, --follow, --comm, --cgroup, --container, with processes whose calls are counted.
#include <bpf/bpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "kernel/cgroups.h"
#include "process.h"
#include "requirements.h"

namespace sonde::test {
namespace {

void call(int times) {
  for (int i = 0; i < times; ++i) ::syscall(SYS_getppid);
}

pid_t start(const std::function<void()>& body) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  body();
  ::_exit(0);
}

void wait_for(pid_t pid) { ::waitpid(pid, nullptr, 0); }

class TargetsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = lacking("root")) GTEST_SKIP() << *reason;
  }
  ~TargetsTest() override {
    let_go();
    for (const pid_t pid : workers_) wait_for(pid);
    ::unlink(gate_.c_str());
  }

  // A process that runs `body` once sonde is ready.
  pid_t worker(std::function<void()> body, std::function<void()> before = [] {}) {
    const pid_t pid = start([&] {
      before();
      wait_at_gate();
      body();
    });
    workers_.push_back(pid);
    return pid;
  }
  void wait_at_gate() const {
    while (::access(gate_.c_str(), F_OK) != 0) ::usleep(2'000);
  }
  void let_go() const { ::close(::open(gate_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); }

  // Runs sonde and lets the workers go. Without -p or -c the script must end by itself.
  Outcome trace(std::vector<std::string> options, const std::string& script) {
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q"};
    invocation.words.insert(invocation.words.end(), options.begin(), options.end());
    invocation.words.insert(invocation.words.end(), {"-e", script});
    invocation.after = "touch " + gate_;
    if (const char* factor = std::getenv("SONDE_TEST_TIMEOUT_FACTOR"); factor != nullptr)
      invocation.timeout_seconds *= std::atoi(factor);
    return run(invocation);
  }
  // The same until all workers have ended.
  Outcome trace_workers(std::vector<std::string> options, const std::string& script) {
    std::string list;
    for (const pid_t pid : workers_) list += fmt::format("{}{}", list.empty() ? "" : " ", pid);
    Invocation invocation;
    invocation.words = {SONDE_PROGRAM, "-q"};
    invocation.words.insert(invocation.words.end(), options.begin(), options.end());
    invocation.words.insert(invocation.words.end(), {"-e", script});
    // Zombies of this test until it waits for them.
    invocation.after = fmt::format(
        "touch {}; for p in {}; do while grep -q '^State:.[^Z]' /proc/$p/status; do sleep 0.01; "
        "done; done",
        gate_, list);
    invocation.signal = "INT";
    if (const char* factor = std::getenv("SONDE_TEST_TIMEOUT_FACTOR"); factor != nullptr)
      invocation.timeout_seconds *= std::atoi(factor);
    return run(invocation);
  }

  std::string gate_ = fmt::format("{}sonde_gate_{}", testing::TempDir(), ::getpid());
  std::vector<pid_t> workers_;
};

constexpr const char* kByProcess = "tracepoint:syscalls:sys_enter_getppid { @[pid] = count(); }";

bool has(const Outcome& outcome, const std::string& line) {
  return ("\n" + outcome.out).find("\n" + line + "\n") != std::string::npos;
}

TEST_F(TargetsTest, SeveralProcessesByEveryMechanism) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> kWays = {
      {{}, kByProcess},
      {{"--no-feature", "syscall_dispatch"}, kByProcess},
      {{}, "rawtracepoint:sys_enter /args.id == 110/ { @[pid] = count(); }"},
      {{}, "uprobe:libc:getppid { @[pid] = count(); }"}};
  for (const auto& [options, script] : kWays) {
    const bool by_function = script.starts_with("uprobe");
    const auto body = [&](int times) {
      return [=] {
        for (int i = 0; i < times; ++i) by_function ? static_cast<void>(::getppid()) : call(1);
      };
    };
    const pid_t first = worker(body(3));
    const pid_t second = worker(body(4));
    const pid_t other = worker(body(5));
    std::vector<std::string> all = options;
    all.insert(all.end(), {"-p", fmt::format("{},{}", first, second), "-p", std::to_string(first)});
    const Outcome outcome = trace(all, script);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(has(outcome, fmt::format("@[{}]: 3", first))) << script << outcome.out;
    EXPECT_TRUE(has(outcome, fmt::format("@[{}]: 4", second))) << script << outcome.out;
    EXPECT_EQ(outcome.out.find(fmt::format("@[{}]", other)), std::string::npos) << script;
    for (const pid_t pid : workers_) wait_for(pid);
    workers_.clear();
    ::unlink(gate_.c_str());
  }
}

TEST_F(TargetsTest, ThreadsBelongToTheirProcess) {
  const pid_t pid = worker([] {
    std::thread thread([] { call(2); });
    thread.join();
    call(3);
  });
  const Outcome outcome = trace({"-p", std::to_string(pid)}, kByProcess);
  EXPECT_TRUE(has(outcome, fmt::format("@[{}]: 5", pid))) << outcome.out;
}

// A child from before, a child from after, and a grandchild of each.
void family(const std::function<void()>& gate) {
  const pid_t old_child = start([&] {
    const pid_t old_grandchild = start([&] {
      gate();
      call(100);
    });
    gate();
    call(20);
    wait_for(old_grandchild);
  });
  gate();
  call(3);
  const pid_t child = start([] {
    call(1000);
    std::thread([] { wait_for(start([] { call(10'000); })); }).join();
  });
  wait_for(child);
  wait_for(old_child);
}

TEST_F(TargetsTest, FollowTakesChildrenOldAndNew) {
  const pid_t pid = worker([] {}, [&] { family([&] { wait_at_gate(); }); });
  worker([] { call(7); });
  const Outcome outcome = trace({"--follow", "-p", std::to_string(pid)},
                                "tracepoint:syscalls:sys_enter_getppid { @ = count(); }");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(has(outcome, "@: 11123")) << outcome.out;
}

TEST_F(TargetsTest, WithoutFollowChildrenAreLeftOut) {
  const pid_t pid = worker([] {}, [&] { family([&] { wait_at_gate(); }); });
  const Outcome outcome =
      trace({"-p", std::to_string(pid)}, "tracepoint:syscalls:sys_enter_getppid { @ = count(); }");
  EXPECT_TRUE(has(outcome, "@: 3")) << outcome.out;
}

TEST_F(TargetsTest, FollowOfACommand) {
  const std::string command =
      fmt::format("sh -c '{0} getppid 3; {0} getppid 4 & wait'", SONDE_WORKLOAD);
  worker([] { call(50); }, [] { ::prctl(PR_SET_NAME, "workload"); });
  const Outcome outcome =
      trace({"--follow", "-c", command},
            "tracepoint:syscalls:sys_enter_getppid /comm == \"workload\"/ { @ = count(); }");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(has(outcome, "@: 7")) << outcome.out;
}

// Number of processes in the set that holds the caller; 0 if there is none.
int count_followed() {
  const auto self = static_cast<std::uint32_t>(::getpid());
  std::uint32_t id = 0;
  while (::bpf_map_get_next_id(id, &id) == 0) {
    const int fd = ::bpf_map_get_fd_by_id(id);
    bpf_map_info info{};
    std::uint32_t size = sizeof info;
    std::uint32_t mark = 0;
    int count = 0;
    if (::bpf_obj_get_info_by_fd(fd, &info, &size) == 0 && std::string(info.name) == "sonde_pids" &&
        ::bpf_map_lookup_elem(fd, &self, &mark) == 0) {
      std::uint32_t key = 0;
      for (const void* last = nullptr; ::bpf_map_get_next_key(fd, last, &key) == 0; last = &key)
        ++count;
    }
    ::close(fd);
    if (count != 0) return count;
  }
  return 0;
}

TEST_F(TargetsTest, EndedProcessesAreForgotten) {
  const pid_t pid = worker([] {
    for (int i = 0; i < 40; ++i) wait_for(start([] { std::thread([] {}).join(); }));
    ::usleep(500'000);  // The kernel lets go of a process a grace period after its end.
    const pid_t child = start([] { ::pause(); });
    call(10 * count_followed());
    ::kill(child, SIGKILL);
    wait_for(child);
  });
  const Outcome outcome = trace({"--follow", "-p", std::to_string(pid)},
                                "tracepoint:syscalls:sys_enter_getppid { @ = count(); }");
  EXPECT_TRUE(has(outcome, "@: 20")) << outcome.out;
}

TEST_F(TargetsTest, NamesOfThreads) {
  const auto named = [](const char* name) { return [=] { ::prctl(PR_SET_NAME, name); }; };
  worker([] { call(3); }, named("sonde_t_one"));
  worker([] { call(4); }, named("sonde_t_two"));
  worker([] { call(5); }, named("sonde_t"));
  worker([] { call(6); }, named("sonde_t_long_name_is_cut"));
  const Outcome outcome =
      trace_workers({"--comm", "sonde_t_one", "--comm", "sonde_t_long_name_is_cut"},
                    "tracepoint:syscalls:sys_enter_getppid { @[comm] = count(); }");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(has(outcome, "@[sonde_t_one]: 3")) << outcome.out;
  EXPECT_TRUE(has(outcome, "@[sonde_t_long_na]: 6")) << outcome.out;
  EXPECT_EQ(outcome.out.find("@[sonde_t]"), std::string::npos);
  EXPECT_EQ(outcome.out.find("@[sonde_t_two]"), std::string::npos);
}

// A cgroup of this test, with a folder inside.
class Cgroup {
 public:
  explicit Cgroup(const std::string& name) {
    const auto mount = kernel::unified_mount();
    if (!mount) {
      problem_ = mount.error().message();
      return;
    }
    path_ = *mount + "/" + name;
    if (::mkdir(path_.c_str(), 0755) != 0 || ::mkdir((path_ + "/inner").c_str(), 0755) != 0)
      problem_ = "cgroups cannot be made below " + *mount;
  }
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;
  ~Cgroup() {
    // Its last process may not be gone yet.
    for (int i = 0; i < 100 && ::rmdir((path_ + "/inner").c_str()) != 0 && errno == EBUSY; ++i)
      ::usleep(10'000);
    ::rmdir(path_.c_str());
  }
  void enter(const char* folder) const {
    const int fd = ::open((path_ + folder + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::write(fd, "0", 1), 1);
    ::close(fd);
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::string path_, problem_;
};

TEST_F(TargetsTest, CgroupAndWhatIsBelow) {
  const std::string id = fmt::format("{:064x}", 0xabc000000 + ::getpid());
  Cgroup cgroup("docker-" + id + ".scope");
  if (!cgroup.problem().empty()) GTEST_SKIP() << cgroup.problem();
  const std::string name = cgroup.path().substr(cgroup.path().rfind('/') + 1);
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--cgroup", cgroup.path()},
        {"--cgroup", name},
        {"--container", id}}) {
    worker([] { call(3); }, [&] { cgroup.enter(""); });
    worker([] { call(4); }, [&] { cgroup.enter("/inner"); });
    worker([] { call(5); });
    ::usleep(100'000);  // They enter before they wait.
    const Outcome outcome =
        trace_workers(options, "tracepoint:syscalls:sys_enter_getppid { @ = count(); }");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(has(outcome, "@: 7")) << options[0] << outcome.out;
    for (const pid_t pid : workers_) wait_for(pid);
    workers_.clear();
    ::unlink(gate_.c_str());
  }
}

TEST_F(TargetsTest, AllFiltersMustHold) {
  const auto renamed = [] { ::prctl(PR_SET_NAME, "sonde_t_both"); };
  const pid_t first = worker([] { call(3); }, renamed);
  const pid_t second = worker([] { call(4); });
  worker([] { call(5); }, renamed);
  const Outcome outcome =
      trace({"-p", fmt::format("{},{}", first, second), "--comm", "sonde_t_both"},
            "tracepoint:syscalls:sys_enter_getppid { @ = count(); }");
  EXPECT_TRUE(has(outcome, "@: 3")) << outcome.out;
}

TEST_F(TargetsTest, WhatDoesNotExist) {
  const pid_t gone = start([] {});
  wait_for(gone);
  const auto failed = [&](std::vector<std::string> options, const std::string& text) {
    const Outcome outcome = trace(std::move(options), "begin { exit(); }");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find(text), std::string::npos) << outcome.err;
  };
  failed({"-p", fmt::format("{},{}", ::getpid(), gone)},
         fmt::format("there is no process with id {} (-p)", gone));
  failed({"--cgroup", "no/such/cgroup"}, "find the cgroup no/such/cgroup");
  failed({"--cgroup", "/proc"}, "/proc is no cgroup of version 2");
  failed({"--container", "no-such-container"},
         "find the cgroup of a container 'no-such-container'");
}

}  // namespace
}  // namespace sonde::test
