#include "runtime/attach/other_program.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include "base/fd.h"

namespace sonde::runtime {

std::string describe_program(std::uint32_t id) {
  const OwnedFd fd(::bpf_prog_get_fd_by_id(id));
  bpf_prog_info info{};
  __u32 size = sizeof info;
  const bool known = fd.valid() && ::bpf_obj_get_info_by_fd(fd.get(), &info, &size) == 0;
  if (!known || info.name[0] == '\0') return fmt::format("program {}", id);
  return fmt::format("program {} '{}'", id, info.name);
}

}  // namespace sonde::runtime
