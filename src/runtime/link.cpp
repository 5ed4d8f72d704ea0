#include "runtime/link.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "base/fd.h"
#include "base/file.h"
#include "runtime/libbpf_log.h"

namespace sonde::runtime {
namespace {

struct EndLinker {
  void operator()(bpf_linker* linker) const { ::bpf_linker__free(linker); }
};

// The linker of libbpf before 1.6 takes names of files only.
std::string name_of(const OwnedFd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

Result<OwnedFd> memory_file(const std::string& bytes) {
  OwnedFd fd(::memfd_create("sonde", MFD_CLOEXEC));
  if (!fd.valid()) return fail_errno("create a file in memory");
  if (auto written = write_file(name_of(fd), bytes); !written)
    return std::unexpected(written.error());
  return fd;
}

}  // namespace

Result<std::string> link_objects(const std::string& script,
                                 const std::vector<const plan::CObject*>& files) {
  const LibbpfLog log(false);
  auto out = memory_file({});
  if (!out) return std::unexpected(out.error());
  const std::unique_ptr<bpf_linker, EndLinker> linker(
      ::bpf_linker__new(name_of(*out).c_str(), nullptr));
  if (linker == nullptr) return fail_errno("begin to link BPF objects");
  const auto add = [&](const std::string& bytes, const std::string& name) -> Result<void> {
    const auto input = memory_file(bytes);
    if (!input) return std::unexpected(input.error());
    const int status = ::bpf_linker__add_file(linker.get(), name_of(*input).c_str(), nullptr);
    if (status != 0) return fail("link " + name, -status, log.last_warning());
    return {};
  };
  if (auto added = add(script, "the script's object"); !added)
    return std::unexpected(added.error());
  for (const plan::CObject* file : files) {
    if (auto added = add(file->elf, file->path); !added) return std::unexpected(added.error());
  }
  if (const int status = ::bpf_linker__finalize(linker.get()); status != 0)
    return fail("link BPF objects", -status, log.last_warning());
  return read_file(name_of(*out));
}

}  // namespace sonde::runtime
