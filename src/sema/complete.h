// Types that a plan carries, made independent of the host.
#pragma once

#include "sema/session.h"

namespace sonde::sema {

// Completes the records in events and maps and the arguments that programs look at. The runtime decodes values by them,
// possibly where the kernel's BTF is not at hand. Pointers end the walk: what they point to is never decoded.
void complete_records(Session& session);

}  // namespace sonde::sema
