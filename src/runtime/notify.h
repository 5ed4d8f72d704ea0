// Telling others that all probes are attached.
#pragma once

namespace sonde::runtime {

// "READY\n" to `fd` unless it is negative; "READY=1" to the service manager when NOTIFY_SOCKET is set (sd_notify(3)).
// A receiver that has gone is not an error.
void notify_ready(int fd);

}  // namespace sonde::runtime
