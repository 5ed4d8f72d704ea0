// A BPF object in the kernel: its programs, its maps and the globals that it shares with the runtime.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diag/emitter.h"
#include "diag/source.h"
#include "plan/manifest.h"
#include "runtime/object_data.h"

struct bpf_object;

namespace sonde::runtime {

struct LoadOptions {
  plan::Constants constants;
  bool multi_uprobes =
      true;  // False: programs for multi-uprobe links are loaded as those for perf events.
  std::string* verifier_log = nullptr;  // Filled in when not null: costs time.
  std::string* libbpf_log = nullptr;
};

// How the program is loaded and attached: without multi-uprobe links those for them become programs for perf events.
[[nodiscard]] plan::ProgramType used_type(const plan::BpfProgram& program, bool multi_uprobes);

class Object {
 public:
  // Loads all programs and creates all maps. A rejected program is reported through `emitter`; the error is then
  // reported().
  [[nodiscard]] static Result<Object> load(const plan::Program& program,
                                           const diag::Sources& sources, const LoadOptions& options,
                                           diag::Emitter& emitter);
  Object(Object&& other) noexcept;
  Object& operator=(Object&&) = delete;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  ~Object();

  // Descriptor of manifest.programs[index]; owned by the object. -1 if it is a part of another one.
  [[nodiscard]] int program(std::size_t index) const { return programs_[index]; }
  // The same of manifest.watchers[index].
  [[nodiscard]] int watcher(std::size_t index) const { return watchers_[index]; }
  // Why manifest.programs[index] was left out, null if it is loaded. Only programs whose target is bound when they are
  // loaded (fentry, fexit, tp_btf) are left out, and only if settings.missing_probes allows it.
  [[nodiscard]] const Error* refusal(std::size_t index) const;
  // Descriptor of a map by its name in the object, -1 if there is none; owned by the object.
  [[nodiscard]] int map(std::string_view name) const;
  // How often the kernel did not run a program because it was running on the CPU already, all programs together; 0 before Linux
  // 5.12, which does not count that.
  [[nodiscard]] std::uint64_t missed_runs() const;
  // The globals that programs and runtime share.
  [[nodiscard]] ObjectData& data() { return data_; }
  [[nodiscard]] const ObjectData& data() const { return data_; }

 private:
  explicit Object(bpf_object* object) : object_(object) {}
  Result<void> find_parts(const plan::Program& program);

  bpf_object* object_;
  std::vector<int> programs_;
  std::vector<int> watchers_;
  std::map<std::size_t, Error> refusals_;
  ObjectData data_;
};

}  // namespace sonde::runtime
