#include "unit/codegen/run_script.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "codegen/codegen.h"

namespace sonde::test {

bool may_load() { return ::geteuid() == 0; }

RunScript::RunScript(const std::string& script) {
  analysis_ = analyze("test.bt", script);
  if (analysis_->emitter.has_errors()) {
    ADD_FAILURE() << analysis_->messages();
    return;
  }
  auto output = codegen::generate(analysis_->plan, analysis_->sources, {.verify_ir = true});
  if (!output) {
    ADD_FAILURE() << output.error().message();
    return;
  }
  const plan::Program program{std::move(output->elf), analysis_->plan.manifest};
  std::string log;
  diag::Emitter emitter;
  auto object = runtime::Object::load(program, analysis_->sources, {.verifier_log = &log}, emitter);
  if (!object) {
    ADD_FAILURE() << object.error().message() << "\n" << log;
    return;
  }
  object_ = std::make_unique<runtime::Object>(std::move(*object));
  LIBBPF_OPTS(bpf_test_run_opts, run);
  if (::bpf_prog_test_run_opts(object_->program(0), &run) != 0) {
    ADD_FAILURE() << "BPF_PROG_RUN: " << std::strerror(errno);
    object_.reset();
  }
}

std::vector<std::uint64_t> RunScript::value(const std::string& map, std::uint64_t key) const {
  const auto& maps = analysis_->plan.manifest.maps;
  const auto about =
      std::find_if(maps.begin(), maps.end(), [&](const plan::Map& m) { return m.name == map; });
  if (about == maps.end()) return {};
  const std::size_t header = about->is_scalar() ? plan::kScalarHeader / 8 : 0;
  const std::size_t words = header + (about->value->size() + 7) / 8;
  const std::size_t copies =
      about->is_per_cpu() ? static_cast<std::size_t>(::libbpf_num_possible_cpus()) : 1;
  std::vector<std::uint64_t> all(words * copies);
  if (::bpf_map_lookup_elem(object_->map(about->bpf_name), &key, all.data()) != 0) return {};
  std::vector<std::uint64_t> sum(words);
  for (std::size_t i = 0; i < all.size(); ++i) sum[i % words] += all[i];
  sum.erase(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(header));
  return sum;
}

}  // namespace sonde::test
