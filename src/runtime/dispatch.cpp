#include "runtime/dispatch.h"

#include <cstring>

#include "base/check.h"
#include "runtime/action/action.h"

namespace sonde::runtime {

void dispatch(Session& session, Record record) {
  using Handler = void (*)(Session&, const plan::Action&, Bytes);
  static constexpr Handler kHandlers[] = {
#define SONDE_ACTION(Id, delivery) act_##Id,
#include "plan/actions.def"
  };
  plan::RecordHeader header;
  SONDE_CHECK(record.size() >= sizeof header);
  std::memcpy(&header, record.data(), sizeof header);
  SONDE_CHECK(header.action < session.manifest.actions.size());
  const plan::Action& action = session.manifest.actions[header.action];
  SONDE_CHECK(record.size() >= action.size);
  kHandlers[static_cast<std::size_t>(action.kind)](session, action, record);
}

}  // namespace sonde::runtime
