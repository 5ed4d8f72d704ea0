// BPF_RAW_TRACEPOINT_OPEN (4.17): attaches in 0.05 to 0.2 ms and lets go in 0.1 ms.
#pragma once

#include "runtime/attach/attach.h"

namespace sonde::runtime {

// By name for raw tracepoint programs; programs of type TRACING know their target since they were loaded.
void attach_raw_tracepoints(Attacher& attacher, const Batch& batch);

}  // namespace sonde::runtime
