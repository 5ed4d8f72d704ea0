#include "sema/programs.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ast/walk.h"
#include "plan/both_ends.h"
#include "sema/both_ends.h"
#include "sema/events.h"

namespace sonde::sema {
namespace {

using plan::ProgramType;

// How the attach points of a kind are served.
struct Shape {
  ProgramType type = ProgramType::RawTracepoint;
  bool is_return = false;
  ProgramType (*refine)(Session&, const ProbeFacts&, const plan::AttachPoint&) = nullptr;
  bool keeps_arguments = false;  // At the return argN are those of the entry, see add_keeper().
};

// Closing a perf tracepoint takes 70 ms, a raw one 0.1 ms: the perf form is used only where its record is needed.
ProgramType refine_tracepoint(Session&, const ProbeFacts& probe, const plan::AttachPoint& point) {
  if (point.system_call) return ProgramType::SystemCall;
  const bool looks = probe.uses_args || probe.uses_context;
  return point.has_raw && !looks ? ProgramType::RawTracepoint : ProgramType::Tracepoint;
}

// Typed arguments need BTF.
ProgramType refine_raw_tracepoint(Session&, const ProbeFacts& probe, const plan::AttachPoint&) {
  return probe.uses_args ? ProgramType::TracingRaw : ProgramType::RawTracepoint;
}

// Several functions. The link rests on ftrace, and a single kprobe may be where ftrace cannot. Before 6.7 links take no programs
// that override results.
ProgramType refine_kprobe(Session& session, const ProbeFacts& probe,
                          const plan::AttachPoint& point) {
  const bool is_one = std::ranges::none_of(
      probe.resolved->attach_points,
      [&](const plan::AttachPoint& other) { return &other != &point && other.kind == point.kind; });
  if (is_one || point.offset != 0 || point.address != 0 || probe.overrides)
    return ProgramType::Kprobe;
  if (!session.has(plan::Feature::KprobeMulti)) return ProgramType::Kprobe;
  // With one program for both ends, see plan::runs_at_both_ends().
  const bool keeps = probe.used_arguments != 0 && point.kind->has(builtins::kRetval);
  return !keeps || session.has(plan::Feature::KprobeSession) ? ProgramType::KprobeMulti
                                                             : ProgramType::Kprobe;
}

ProgramType refine_uprobe(Session& session, const ProbeFacts&, const plan::AttachPoint&) {
  return session.has(plan::Feature::UprobeMulti) ? ProgramType::UprobeMulti : ProgramType::Uprobe;
}

ProgramType refine_iterator(Session&, const ProbeFacts&, const plan::AttachPoint& point) {
  return point.pin.empty() ? ProgramType::Iterator : ProgramType::PinnedIterator;
}

ProgramType refine_cgroup(Session&, const ProbeFacts&, const plan::AttachPoint& point) {
  return point.direction == plan::Direction::Egress ? ProgramType::CgroupEgress
                                                    : ProgramType::CgroupIngress;
}

// A program that runs in front of a function decides its result only if it is of a type of its own.
ProgramType refine_fentry(Session&, const ProbeFacts& probe, const plan::AttachPoint& point) {
  if (point.bpf_program != 0) return ProgramType::ProgramEntry;
  return probe.overrides ? ProgramType::ModifyReturn : ProgramType::Fentry;
}

ProgramType refine_fexit(Session&, const ProbeFacts&, const plan::AttachPoint& point) {
  return point.bpf_program != 0 ? ProgramType::ProgramExit : ProgramType::Fexit;
}

constexpr Shape kBegin{ProgramType::TestRun};
constexpr Shape kEnd = kBegin;
constexpr Shape kTracepoint{ProgramType::Tracepoint, false, &refine_tracepoint};
constexpr Shape kRawTracepoint{ProgramType::RawTracepoint, false, &refine_raw_tracepoint};
constexpr Shape kKprobe{ProgramType::Kprobe, false, &refine_kprobe};
constexpr Shape kKretprobe{ProgramType::Kprobe, true, &refine_kprobe, true};
constexpr Shape kFentry{ProgramType::Fentry, false, &refine_fentry};
constexpr Shape kFexit{ProgramType::Fexit, true, &refine_fexit};
constexpr Shape kUprobe{ProgramType::Uprobe, false, &refine_uprobe};
constexpr Shape kUretprobe{ProgramType::Uprobe, true, &refine_uprobe, true};
constexpr Shape kUsdt{ProgramType::Uprobe, false, &refine_uprobe};
constexpr Shape kProfile{ProgramType::PerfEvent};
constexpr Shape kInterval{ProgramType::Timer};
constexpr Shape kSoftware{ProgramType::PerfEvent};
constexpr Shape kHardware{ProgramType::HardwareEvent};
constexpr Shape kWatchpoint{ProgramType::Breakpoint};
constexpr Shape kAsyncWatchpoint = kWatchpoint;
constexpr Shape kIter{ProgramType::Iterator, false, &refine_iterator};
constexpr Shape kSelf{ProgramType::TestRun};
constexpr Shape kXdp{ProgramType::Xdp};
constexpr Shape kTc{ProgramType::Tc};
constexpr Shape kCgroupSkb{ProgramType::CgroupIngress, false, &refine_cgroup};
constexpr Shape kLsm{ProgramType::Lsm};
constexpr Shape kTest{ProgramType::TestCase};
constexpr Shape kBench{ProgramType::Benchmark};

// One row for each probe kind: a kind without a shape does not compile.
constexpr Shape kShapes[] = {
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) k##Id,
#include "builtins/probe_kinds.def"
};

Shape shape_of(Session& session, const ProbeFacts& probe, const plan::AttachPoint& point) {
  Shape shape = kShapes[static_cast<std::size_t>(point.kind->id)];
  if (shape.refine != nullptr) shape.type = shape.refine(session, probe, point);
  return shape;
}

// Whether a program of several places can tell which of them has fired.
bool knows_its_place(Session& session, const plan::ProgramTypeRow& row) {
  if (row.has(plan::kSystemCalls)) return true;
  if (row.has(plan::kCookies)) return session.has(plan::Feature::AttachCookie);
  return row.has(plan::kRawCookies) && session.has(plan::Feature::RawAttachCookie);
}

// A static probe's arguments lie elsewhere at each of its places.
bool same_arguments(const ProbeFacts& probe, const plan::AttachPoint& a,
                    const plan::AttachPoint& b) {
  for (std::size_t i = 0; i < probe.uses_numbered.size(); ++i) {
    if (!probe.uses_numbered[i] || i >= a.usdt_arguments.size()) continue;
    if (i >= b.usdt_arguments.size() || a.usdt_arguments[i] != b.usdt_arguments[i]) return false;
  }
  return true;
}

// Where the arguments of two functions of programs lie.
bool same_places(const plan::AttachPoint& a, const plan::AttachPoint& b) {
  if (a.user == b.user || a.user == nullptr || b.user == nullptr) return a.user == b.user;
  return a.user->places == b.user->places;
}

// Of programs that are bound to one.
bool same_target(const plan::AttachPoint& a, const plan::AttachPoint& b) {
  return a.target == b.target && a.bpf_program == b.bpf_program;
}

bool can_share(Session& session, const ProbeFacts& probe, const plan::BpfProgram& program,
               const plan::AttachPoint& point, const Shape& shape, const std::string& section) {
  // The name of a single place is built into the code.
  const bool asks_place = probe.uses_probe_name || probe.uses_function_name ||
                          (shape.keeps_arguments && probe.used_arguments != 0);
  if (asks_place && !knows_its_place(session, program.row())) return false;
  const plan::AttachPoint& first = program.attach_points.front();
  if (first.kind != point.kind || program.type != shape.type || program.section != section)
    return false;
  // A link knows functions of the kernel by their names, those of modules by address.
  if (program.type == ProgramType::KprobeMulti && plan::in_module(first) != plan::in_module(point))
    return false;
  // Two modules may have functions of one name.
  if (program.row().is_bound() && !same_target(first, point)) return false;
  if (plan::default_space(first) != plan::default_space(point)) return false;
  if (first.has_link_header != point.has_link_header) return false;
  if (!same_arguments(probe, first, point) || first.symbols != point.symbols) return false;
  return !probe.uses_args || (same_layout(first.args, point.args) && same_places(first, point));
}

// A C identifier that tells the reader of bpftool's lists which probe it is.
std::string program_name(std::size_t index, const plan::AttachPoint& point) {
  std::string name = fmt::format(
      "p{}_{}", index, point.symbol.empty() ? point.kind->name : std::string_view(point.symbol));
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

std::string bound_symbol(const plan::ProgramTypeRow& row, const plan::AttachPoint& point) {
  if (!row.has(plan::kSystemCalls)) return point.symbol;
  return point.symbol.starts_with("sys_enter") ? "sys_enter" : "sys_exit";
}

std::string section_of(const Shape& shape, const plan::AttachPoint& point) {
  const plan::ProgramTypeRow& row = plan::program_type(shape.type);
  std::string section(shape.is_return ? row.return_section : row.section);
  if (row.is_bound()) section += "/" + bound_symbol(row, point);
  return section;
}

// Each costs some 50 ns on every system call of the machine, whether it is among its places or not: beyond this many the
// events that can be had by their id are attached one by one.
constexpr std::ptrdiff_t kMaxSystemCallPrograms = 8;

bool is_affordable(const Session& session, const plan::AttachPoint& point, ProgramType type) {
  if (type != ProgramType::SystemCall || point.event_id == 0) return true;
  const auto count =
      std::ranges::count(session.plan.manifest.programs, type, &plan::BpfProgram::type);
  return count < kMaxSystemCallPrograms;
}

// The places of the programs that serve a probe. A program has each place once at most, for neither links for many places nor the
// number of a system call tell equal places apart.
class ServedPlaces {
 public:
  // One pattern matches each place once.
  explicit ServedPlaces(const ProbeFacts& probe)
      : may_repeat_(probe.resolved->probe->attach_points.size() > 1) {}
  [[nodiscard]] bool has(std::size_t program, const plan::AttachPoint& point) const {
    return may_repeat_ && places_.contains(key(program, point));
  }
  void add(std::size_t program, const plan::AttachPoint& point) {
    if (may_repeat_) places_.insert(key(program, point));
  }

 private:
  using Key = std::tuple<std::size_t, std::string, std::string, std::uint64_t>;
  static Key key(std::size_t program, const plan::AttachPoint& point) {
    return {program, point.target, point.symbol, point.offset + point.address};
  }
  bool may_repeat_;
  std::set<Key> places_;
};

// The index of a program of the probe, whose programs begin at `first`, that can serve the place too; if there is none, of the
// next program.
std::size_t find_shared(Session& session, const ProbeFacts& probe, std::size_t first,
                        const plan::AttachPoint& point, const Shape& shape,
                        const ServedPlaces& served) {
  const std::string section = section_of(shape, point);
  std::vector<plan::BpfProgram>& programs = session.plan.manifest.programs;
  for (std::size_t i = first; i < programs.size(); ++i) {
    if (served.has(i, point)) continue;
    if (can_share(session, probe, programs[i], point, shape, section)) return i;
  }
  return programs.size();
}

// x86 has CONFIG_THREAD_INFO_IN_TASK: the structure is the first member of struct task_struct.
void find_thread_status(Session& session) {
  plan::Target& target = session.plan.target;
  if (target.thread_status || target.arch != plan::Arch::X86_64 || !session.host.record) return;
  if (!session.has(plan::Feature::CurrentTaskBtf)) return;
  const Type* info = session.host.record("thread_info");
  if (info == nullptr || !info->record()->complete()) return;
  const auto status = info->record()->find_field("status");
  if (status && status->field.type->size() == 4) target.thread_status = status->field.offset;
}

// Registers hold the arguments at the entry only, so a program of its own keeps them there. Which program it is for is told by
// the map. Attached before the other, it sees the entry of each call whose return is seen.
void add_keeper(Session& session, const ProbeFacts& probe, std::size_t index) {
  std::vector<plan::BpfProgram>& programs = session.plan.manifest.programs;
  programs[index].entry_arguments = probe.used_arguments;
  programs[index].entry_map = fmt::format("sonde_entry_{}", index);
  if (plan::runs_at_both_ends(programs[index])) return;
  plan::BpfProgram keeper = programs[index];
  keeper.name += "_entry";
  keeper.section = keeper.row().section;
  keeper.is_return = false;
  keeper.is_keeper = true;
  programs.push_back(std::move(keeper));
  session.plan.bodies.push_back(probe.resolved->probe);
}

void add_keepers(Session& session, const ProbeFacts& probe, std::size_t first) {
  if (probe.used_arguments == 0) return;
  const std::vector<plan::BpfProgram>& programs = session.plan.manifest.programs;
  for (std::size_t i = first, end = programs.size(); i < end; ++i) {
    const auto kind = static_cast<std::size_t>(programs[i].attach_points.front().kind->id);
    if (kShapes[kind].keeps_arguments) add_keeper(session, probe, i);
  }
}

// The address to be watched is known when the function is called: a program there tells it to the runtime.
void add_watch_entry(Session& session, const ProbeFacts& probe, std::size_t index,
                     std::size_t point) {
  std::vector<plan::BpfProgram>& programs = session.plan.manifest.programs;
  plan::Action action;
  action.kind = plan::ActionKind::Watch;
  action.program = static_cast<int>(index);
  action.point = static_cast<int>(point);
  action.fields = {{0, session.types.uint64()}, {0, session.types.uint64()}};  // Address, process.
  action.location = programs[index].attach_points[point].location;
  lay_out(action);
  plan::BpfProgram entry;
  entry.type = ProgramType::WatchEntry;
  entry.name = fmt::format("{}_entry_{}", programs[index].name, point);
  entry.section = entry.row().section;
  entry.attach_points = {programs[index].attach_points[point]};
  entry.is_keeper = true;
  entry.watch_action = static_cast<int>(session.plan.manifest.actions.size());
  session.plan.manifest.actions.push_back(std::move(action));
  programs.push_back(std::move(entry));
  session.plan.bodies.push_back(probe.resolved->probe);
}

void add_watch_entries(Session& session, const ProbeFacts& probe, std::size_t first) {
  const std::size_t end = session.plan.manifest.programs.size();
  for (std::size_t i = first; i < end; ++i) {
    for (std::size_t p = 0; p < session.plan.manifest.programs[i].attach_points.size(); ++p) {
      const auto& watch = session.plan.manifest.programs[i].attach_points[p].watch;
      if (watch && watch->argument >= 0) add_watch_entry(session, probe, i, p);
    }
  }
}

void build_for_probe(Session& session, const ProbeFacts& probe) {
  std::vector<plan::BpfProgram>& programs = session.plan.manifest.programs;
  const std::size_t first = programs.size();
  const std::uint64_t limit = session.options.settings.max_bpf_progs;
  ServedPlaces served(probe);
  for (plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.kind == nullptr) continue;
    Shape shape = shape_of(session, probe, point);
    std::size_t index = find_shared(session, probe, first, point, shape, served);
    if (index == programs.size() && !is_affordable(session, point, shape.type)) {
      shape.type = ProgramType::Tracepoint;
      index = find_shared(session, probe, first, point, shape, served);
    }
    served.add(index, point);
    if (index < programs.size()) {
      programs[index].attach_points.push_back(point);
      continue;
    }
    if (plan::program_type(shape.type).has(plan::kSystemCalls)) find_thread_status(session);
    plan::BpfProgram& added = programs.emplace_back();
    added.name = program_name(programs.size() - 1, point);
    added.section = section_of(shape, point);
    added.type = shape.type;
    added.is_return = shape.is_return;
    added.attach_points.push_back(point);
    session.plan.bodies.push_back(probe.resolved->probe);
    if (programs.size() == limit + 1) {
      session.emit(kinds::TooManyPrograms, point.location, programs.size(), limit)
          .hint(fmt::format("raise it with: config = {{ max_bpf_progs = {} }}", 4 * limit));
    }
    if (programs.size() > limit) return;
  }
  add_keepers(session, probe, first);
  add_watch_entries(session, probe, first);
}

}  // namespace

bool same_layout(const Type* left, const Type* right) {
  if (left == right) return true;
  if (left == nullptr || right == nullptr) return false;
  types::Record& a = *left->record();
  types::Record& b = *right->record();
  if (!a.complete() || !b.complete() || a.size != b.size) return false;
  return std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                    [](const types::Field& x, const types::Field& y) {
                      const bool bits =
                          x.bit_field.has_value() == y.bit_field.has_value() &&
                          (!x.bit_field || (x.bit_field->shift == y.bit_field->shift &&
                                            x.bit_field->width == y.bit_field->width));
                      return bits && x.name == y.name && x.type == y.type && x.offset == y.offset &&
                             x.access == y.access;
                    });
}

std::vector<plan::BpfProgram> bare_programs(Session& session, const ProbeFacts& probe) {
  ProbeFacts facts = probe;
  const ast::Probe& body = *probe.resolved->probe;
  facts.uses_args |= ast::mentions(body, "args");
  facts.uses_context |= ast::mentions(body, "ctx") || ast::mentions(body, "kstack");
  std::vector<plan::BpfProgram> programs;
  for (const plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.kind == nullptr) continue;
    const Shape shape = shape_of(session, facts, point);
    plan::BpfProgram program;
    program.type = shape.type;
    program.section = section_of(shape, point);
    program.is_return = shape.is_return;
    program.attach_points = {point};
    if (shape.keeps_arguments) program.entry_arguments = facts.used_arguments;
    const bool is_known = std::ranges::any_of(programs, [&](const plan::BpfProgram& other) {
      return other.type == program.type && other.section == program.section &&
             same_target(other.attach_points.front(), point);
    });
    if (!is_known) programs.push_back(std::move(program));
  }
  return programs;
}

void build_programs(Session& session) {
  for (const ProbeFacts& probe : session.probes) build_for_probe(session, probe);
  join_both_ends(session);
}

}  // namespace sonde::sema
