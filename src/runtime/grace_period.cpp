#include "runtime/grace_period.h"

#include <bpf/bpf.h>

#include <cerrno>

namespace sonde::runtime {
namespace {

constexpr std::uint32_t kWord = 4;  // Bytes of keys and values.

}  // namespace

Result<void> GracePeriod::prepare() {
  if (outer_.valid()) return {};
  inner_ = OwnedFd(::bpf_map_create(BPF_MAP_TYPE_ARRAY, "sonde_inner", kWord, kWord, 1, nullptr));
  if (!inner_.valid()) return fail_errno("make a map to wait by");
  LIBBPF_OPTS(bpf_map_create_opts, options, .inner_map_fd = static_cast<__u32>(inner_.get()));
  outer_ = OwnedFd(
      ::bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "sonde_outer", kWord, kWord, 1, &options));
  if (!outer_.valid()) return fail_errno("make a map of maps to wait by");
  return {};
}

// The kernel waits where an element of a map of maps is replaced, so that the caller knows that nobody uses the old one any more:
// maybe_wait_bpf_programs() in kernel/bpf/syscall.c, 5.0. membarrier(MEMBARRIER_CMD_GLOBAL) waits too, but not on a machine of one
// CPU, where a program may be preempted all the same, and it fails with nohz_full.
Result<void> GracePeriod::wait() {
  if (is_over_) return {};
  if (auto prepared = prepare(); !prepared) return prepared;
  const std::uint32_t key = 0;
  const int value = inner_.get();
  if (::bpf_map_update_elem(outer_.get(), &key, &value, BPF_ANY) != 0)
    return fail_errno("wait for programs to end");
  is_over_ = is_last_;
  return {};
}

}  // namespace sonde::runtime
