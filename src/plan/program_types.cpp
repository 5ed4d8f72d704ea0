#include "plan/program_types.h"

#include <linux/bpf.h>

#include <cstddef>

namespace sonde::plan {

const ProgramTypeRow& program_type(ProgramType type) {
  static constexpr ProgramTypeRow kRows[] = {
#define SONDE_PROGRAM_TYPE(Id, name, section, return_section, kernel_type, attach_type, context, \
                           scratch, traits, result, kernel)                                      \
  {name, kernel_type, attach_type, section, return_section, scratch, traits, result, kernel},
#include "plan/program_types.def"
  };
  return kRows[static_cast<std::size_t>(type)];
}

}  // namespace sonde::plan
