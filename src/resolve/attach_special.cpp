#include "resolve/attach.h"

namespace sonde::resolve {

void expand_Begin(Expansion& e) {
  if (e.expect_pieces(0, 0)) e.add("");
}

void expand_End(Expansion& e) {
  if (e.expect_pieces(0, 0)) e.add("");
}

}  // namespace sonde::resolve
