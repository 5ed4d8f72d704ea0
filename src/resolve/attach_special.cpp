#include "resolve/attach.h"

namespace sonde::resolve {

void expand_Begin(Expansion& e) {
  if (e.expect_pieces(0, 0)) e.add("");
}

void expand_End(Expansion& e) {
  if (e.expect_pieces(0, 0)) e.add("");
}

namespace {

void expand_named(Expansion& e) {
  if (!e.expect_pieces(1, 1)) return;
  e.add(e.piece(0)).symbol = e.piece(0);
}

}  // namespace

void expand_Test(Expansion& e) { expand_named(e); }
void expand_Bench(Expansion& e) { expand_named(e); }

// What sonde itself does while it traces.
void expand_Self(Expansion& e) {
  if (!e.expect_pieces(2, 2)) return;
  if (e.piece(0) != "signal") return e.syntax(e.where(0), "the event must be 'signal'");
  if (e.piece(1) != "SIGUSR1") return e.syntax(e.where(1), "the signal must be SIGUSR1");
  plan::AttachPoint& place = e.add("signal:SIGUSR1");
  place.symbol = "SIGUSR1";
}

}  // namespace sonde::resolve
