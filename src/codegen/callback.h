// Loop bodies that a helper of the kernel calls back: functions of their own, which reach the program's context and the
// variables that they share with it through a pointer.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ast/ast.h"
#include "codegen/function.h"

namespace sonde::codegen {

// What a probe's code asks of its programs because of such loops.
struct CallbackNeeds {
  // Variables that are used both inside of a body and outside of it.
  std::vector<const ast::Variable*> shared;
  std::uint32_t depth = 0;  // The most bodies inside one another.
};
[[nodiscard]] CallbackNeeds callback_needs(const ast::Probe& probe);
// Places what the callbacks of a program will share with it. To be called when its body is open.
void prepare_callbacks(Function& program, const CallbackNeeds& needs);

struct Callback {
  IrValue function = nullptr;
  IrValue frame = nullptr;  // To be handed to the helper, which hands it to the function.
  bool leaves = false;      // Its code may leave the whole program.
};

// Makes a function that the kernel calls once for each turn of a loop. The last of `parameters` is the frame. `turn` makes the
// code of one turn, in a loop of its own: `break` ends the loop, `continue` and the end of the code go on with the next turn.
[[nodiscard]] Callback make_callback(Function& f, std::span<const Module::Parameter> parameters,
                                     const std::function<void(Function&)>& turn);
// To be made behind the call of the helper: the program is left if the callback left it.
void follow(Function& f, const Callback& callback);

}  // namespace sonde::codegen
