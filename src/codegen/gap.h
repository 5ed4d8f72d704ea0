// A place in a function to which code can be added later, whatever is being made meanwhile.
#pragma once

#include "codegen/ir.h"

namespace sonde::codegen {

class Gap {
 public:
  explicit Gap(Ir& ir) : ir_(ir) {}

  // Makes the gap here: what is made next comes behind it.
  void open() {
    start_ = ir_.position();
    const IrBlock behind = ir_.block();
    ir_.jump(behind);
    ir_.enter(behind);
  }
  // Makes the code of `make()` at the gap's end. The code may end in another block than it began in; the rest of the function
  // follows it.
  template <class Make>
  void fill(Make&& make) {
    const Ir::Position back = ir_.position();  // May be in another function.
    const IrBlock behind = ir_.end_target(start_.block);
    ir_.remove_end(start_.block);
    ir_.restore(start_);
    make();
    ir_.jump(behind);
    start_.block = ir_.current();
    ir_.restore(back);
  }

 private:
  Ir& ir_;
  Ir::Position start_;
};

}  // namespace sonde::codegen
