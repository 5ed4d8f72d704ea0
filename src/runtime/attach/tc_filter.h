// tc programs on kernels without links for them: a filter of the interface's clsact qdisc, which nothing takes away by itself.
#pragma once

#include "base/result.h"
#include "plan/manifest.h"
#include "runtime/attachments.h"

namespace sonde::runtime {

// Makes the qdisc if there is none. Both are taken away when the attachments are closed, or, should this process be killed, by a
// child that waits for that; a qdisc only if it was made here.
[[nodiscard]] Result<void> add_tc_filter(Attachments& attachments, int program, unsigned interface,
                                         plan::Direction direction);

}  // namespace sonde::runtime
