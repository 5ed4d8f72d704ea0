// fentry and fexit: a trampoline at the function's entry (5.5), attached like a raw tracepoint.
#include "runtime/attach/raw_tracepoint.h"

namespace sonde::runtime {

void attach_Fentry(Attacher& attacher, const Batch& batch) {
  attach_raw_tracepoints(attacher, batch);
}

void attach_Fexit(Attacher& attacher, const Batch& batch) {
  attach_raw_tracepoints(attacher, batch);
}

}  // namespace sonde::runtime
