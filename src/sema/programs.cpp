#include "sema/programs.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

namespace sonde::sema {
namespace {

using plan::ProgramType;

// How the attach points of a kind are served.
struct Shape {
  ProgramType type = ProgramType::RawTracepoint;
  bool is_return = false;
  ProgramType (*refine)(Session&, const ProbeFacts&, const plan::AttachPoint&) = nullptr;
};

// Closing a perf tracepoint takes 70 ms, a raw one 0.1 ms: the perf form is used only where its record is needed.
ProgramType refine_tracepoint(Session&, const ProbeFacts& probe, const plan::AttachPoint& point) {
  const bool looks = probe.uses_args || probe.uses_context;
  return point.has_raw && !looks ? ProgramType::RawTracepoint : ProgramType::Tracepoint;
}

// Typed arguments need BTF.
ProgramType refine_raw_tracepoint(Session&, const ProbeFacts& probe, const plan::AttachPoint&) {
  return probe.uses_args ? ProgramType::TracingRaw : ProgramType::RawTracepoint;
}

ProgramType refine_uprobe(Session& session, const ProbeFacts&, const plan::AttachPoint&) {
  return session.has(plan::Feature::UprobeMulti) ? ProgramType::UprobeMulti : ProgramType::Uprobe;
}

constexpr Shape kBegin{ProgramType::TestRun};
constexpr Shape kEnd = kBegin;
constexpr Shape kTracepoint{ProgramType::Tracepoint, false, &refine_tracepoint};
constexpr Shape kRawTracepoint{ProgramType::RawTracepoint, false, &refine_raw_tracepoint};
constexpr Shape kKprobe{ProgramType::Kprobe};
constexpr Shape kKretprobe{ProgramType::Kprobe, true};
constexpr Shape kFentry{ProgramType::Fentry};
constexpr Shape kFexit{ProgramType::Fexit, true};
constexpr Shape kUprobe{ProgramType::Uprobe, false, &refine_uprobe};
constexpr Shape kUretprobe{ProgramType::Uprobe, true, &refine_uprobe};
constexpr Shape kProfile{ProgramType::PerfEvent};
constexpr Shape kInterval{ProgramType::Timer};
constexpr Shape kSoftware{ProgramType::PerfEvent};

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

bool can_share(const ProbeFacts& probe, const plan::BpfProgram& program,
               const plan::AttachPoint& point, const Shape& shape, const std::string& section) {
  if (probe.uses_probe_name || probe.uses_function_name)
    return false;  // The name is built into the code.
  const plan::AttachPoint& first = program.attach_points.front();
  if (first.kind != point.kind || program.type != shape.type || program.section != section)
    return false;
  // Two modules may have functions of one name.
  if (program.row().is_bound() && first.target != point.target) return false;
  if (plan::default_space(first) != plan::default_space(point)) return false;
  return !probe.uses_args || same_layout(first.args, point.args);
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

void build_for_probe(Session& session, const ProbeFacts& probe) {
  std::vector<plan::BpfProgram>& programs = session.plan.manifest.programs;
  const std::size_t first_of_probe = programs.size();
  const std::uint64_t limit = session.options.settings.max_bpf_progs;
  for (plan::AttachPoint& point : probe.resolved->attach_points) {
    if (point.kind == nullptr) continue;
    const Shape shape = shape_of(session, probe, point);
    const plan::ProgramTypeRow& row = plan::program_type(shape.type);
    std::string section(shape.is_return ? row.return_section : row.section);
    if (row.is_bound()) section += "/" + point.symbol;
    const auto shared = std::find_if(
        programs.begin() + static_cast<std::ptrdiff_t>(first_of_probe), programs.end(),
        [&](const plan::BpfProgram& p) { return can_share(probe, p, point, shape, section); });
    if (shared != programs.end()) {
      shared->attach_points.push_back(point);
      continue;
    }
    plan::BpfProgram& added = programs.emplace_back();
    added.name = program_name(programs.size() - 1, point);
    added.section = std::move(section);
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

void build_programs(Session& session) {
  for (const ProbeFacts& probe : session.probes) build_for_probe(session, probe);
}

}  // namespace sonde::sema
