// begin, end and others are run by the runtime itself, see Tracer::run_programs(): nothing to attach.
#include "runtime/attach/attach.h"

namespace sonde::runtime {

void attach_TestRun(Attacher& attacher, const Batch& batch) {
  for (const plan::AttachPoint& point : batch.points) attacher.succeeded(point);
}

void attach_TestCase(Attacher& attacher, const Batch& batch) { attach_TestRun(attacher, batch); }
void attach_Benchmark(Attacher& attacher, const Batch& batch) { attach_TestRun(attacher, batch); }

}  // namespace sonde::runtime
