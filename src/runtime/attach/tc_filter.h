// tc programs on kernels without links for them: a filter of the interface's clsact qdisc, which nothing takes away by itself.
#pragma once

#include "base/result.h"
#include "runtime/attach/attach.h"

namespace sonde::runtime {

// Makes the qdisc if there is none. Both are taken away when the attachments are closed, or, should this process be killed, by a
// child that waits for that; a qdisc only if this run made it and nobody has a filter there any more.
[[nodiscard]] Result<void> add_tc_filter(Attacher& attacher, int program, unsigned interface,
                                         plan::Direction direction);

}  // namespace sonde::runtime
