// Records of the rings -> their actions.
#pragma once

#include "runtime/ring.h"
#include "runtime/session.h"

namespace sonde::runtime {

// Carries out one record.
void dispatch(Session& session, Record record);

}  // namespace sonde::runtime
