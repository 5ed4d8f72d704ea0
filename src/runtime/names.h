// What decoding needs beyond bytes and types: names for addresses, users and times. An interface, so that decoding is
// testable without a kernel.
#pragma once

#include <cstdint>
#include <string>

#include "output/value.h"
#include "plan/manifest.h"
#include "types/type.h"

namespace sonde::runtime {

class Names {
 public:
  virtual ~Names() = default;
  // What ksym() prints: a name, or "0x..." if there is none.
  virtual std::string kernel_symbol(std::uint64_t address) = 0;
  // What usym() prints; `process` is the one whose address it is.
  virtual std::string user_symbol(std::uint64_t address, plan::ProcessWord process) = 0;
  // What username prints: a name, or the number if /etc/passwd has none.
  virtual std::string user_name(std::uint64_t uid) = 0;
  // What %gr prints: names as the kernel's own messages have them, "0x..." for what has none.
  virtual std::string gfp_flags(std::uint64_t flags) = 0;
  // What comm(pid) prints: the name of the process or thread as /proc has it now, or the number if it is gone.
  virtual std::string process_name(std::uint32_t pid) = 0;
  // What cgroup_path() prints; `filter_index` is that of the pattern among the manifest's formats. "" if there is none.
  virtual std::string cgroup_path(std::uint32_t filter_index, std::uint64_t id) = 0;
  // `nanoseconds` since boot in the manifest's strftime format `format_index`, local time.
  virtual std::string timestamp(std::uint32_t format_index, std::uint64_t nanoseconds) = 0;
  // Frames of stack `id` of the stack maps, innermost first; none if `id` is 0. A function that was inlined is a frame too.
  virtual output::Stack kernel_stack(std::uint64_t id, const types::Type& type) = 0;
  virtual output::Stack user_stack(std::uint64_t id, plan::ProcessWord process,
                                   const types::Type& type) = 0;
  // Appended to strings that were cut.
  virtual const std::string& truncation_trailer() = 0;
};

}  // namespace sonde::runtime
