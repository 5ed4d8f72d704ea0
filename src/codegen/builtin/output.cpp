// Calls that send a record: user space carries them out, in order.
#include <vector>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/builtin/builtin.h"
#include "codegen/builtin/seq_printf.h"
#include "codegen/convert.h"
#include "codegen/event.h"
#include "codegen/strings.h"
#include "types/layout.h"
#include "types/located.h"

namespace sonde::codegen::function {
namespace {

// The arguments from `first` on are the record's fields.
Value send_arguments(Function& f, ast::Call& call, std::size_t first) {
  std::vector<FieldSource> sources;
  for (std::size_t i = first; i < call.arguments.size(); ++i) {
    sources.push_back({.expression = call.arguments[i], .write = {}});
  }
  send_event(f, call.action, sources);
  return no_value(call.type);
}

Value send_nothing(Function& f, const FunctionUse& use) {
  send_event(f, use.call.action, {});
  return no_value(use.call.type);
}

FieldSource zero_field(Function& f) {
  return {.expression = nullptr,
          .write = [&f](const Destination& to) { f.ir.store(f.ir.i64(0), to.memory.pointer, 8); }};
}

// print(args): an action for each layout that the places have. This program's places share one of them.
int action_of_layout(Function& f, const ast::Call& call) {
  const types::Type* own = f.attach_point().args;
  int index = call.action;
  while (own != nullptr && !types::same_definition(*f.module.action(index).fields[0].type, *own))
    ++index;
  return index;
}

// A value; the texts of a trace event, which lie behind its record, are fields of their own.
void print_value(Function& f, ast::Call& call) {
  ast::Expression& value = *call.arguments[0];
  const auto* name = ast::as<ast::Identifier>(&value);
  const bool is_args = name != nullptr && name->variable != nullptr &&
                       name->variable->id == builtins::VariableId::Args;
  const int index = is_args ? action_of_layout(f, call) : call.action;
  const plan::Action& action = f.module.action(index);
  const types::Type* type = action.fields[0].type;
  const bool is_other = type != value.type;  // Than that of the first place, which sema has noted.
  const auto own_arguments = [&](const Destination* to) {
    return variable::emit_Args(f, {*name->variable, type, to});
  };
  std::vector<FieldSource> sources = {{.expression = &value, .write = {}}};
  if (is_other) {
    sources[0] = {.expression = nullptr,
                  .write = [&](const Destination& to) { own_arguments(&to); }};
  }
  if (action.fields.size() > 1) {
    const Place record = is_other ? own_arguments(nullptr).place : emit(f, value).place;
    for (const types::Field& field : type->record()->fields) {
      if (!types::is_located_text(field)) continue;
      Place text = move(record, field.offset, field.type);
      text.access = field.access;
      sources.push_back({.expression = nullptr, .write = [&f, text](const Destination& to) {
                           store_string(f, text, to);
                         }});
    }
  }
  send_event(f, index, sources);
}

// Field 0 is the number of strings, one more than there is room for if there are more; the others are the strings, read one
// by one up to a null pointer.
void write_strings(Function& f, const Value& array, const plan::Action& action,
                   const Destination& count) {
  Ir& ir = f.ir;
  const types::Type* strings = array.type->is_pointer() ? array.type->element() : nullptr;
  const Space array_space = strings != nullptr ? space_of(f, *array.type) : f.default_space();
  const bool is_typed = array_space != Space::User && strings != nullptr && strings->is_pointer();
  const Space string_space = is_typed ? space_of(f, *strings) : array_space;
  const IrValue address = ir.resize(array.scalar, 64, false);
  const IrValue slot = f.temporary(8).pointer;
  const IrBlock done = ir.block();
  ir.store(ir.i64(0), count.memory.pointer, 8);
  for (std::size_t i = 1; i <= action.fields.size(); ++i) {
    probe_read(f, array_space, {slot, 8}, ir.i64(8), ir.add(address, 8 * (i - 1)));
    const IrValue string = ir.load(64, slot, 8);
    const IrBlock next = ir.block();
    ir.branch(ir.is_nonzero(string), next, done);
    ir.enter(next);
    if (i == action.fields.size()) {
      ir.store(ir.i64(i), count.memory.pointer, 8);
      break;
    }
    const plan::EventField& field = action.fields[i];
    const Memory to{
        ir.offset(count.memory.pointer, std::int64_t{field.offset} - action.fields[0].offset), 1};
    const TextLimit limit{
        .bytes = nullptr, .most = field.type->capacity(), .cut = ir.i64(types::kCutByLimit)};
    read_string(f, {string_space, string, nullptr}, limit, {to, field.type, Fill::Any});
    ir.store(ir.i64(i), count.memory.pointer, 8);
  }
  ir.jump(done);
  ir.enter(done);
}

}  // namespace

Value emit_Printf(Function& f, const FunctionUse& use) {
  if (!f.program.row().has(plan::kWritesText)) return send_arguments(f, use.call, 1);
  emit_seq_printf(f, use.call);
  return no_value(use.call.type);
}
Value emit_System(Function& f, const FunctionUse& use) { return send_arguments(f, use.call, 1); }
Value emit_Cat(Function& f, const FunctionUse& use) { return send_arguments(f, use.call, 1); }
Value emit_Warnf(Function& f, const FunctionUse& use) { return send_arguments(f, use.call, 1); }
Value emit_Errorf(Function& f, const FunctionUse& use) { return send_arguments(f, use.call, 1); }

Value emit_Print(Function& f, const FunctionUse& use) {
  const plan::Action& action = f.module.action(use.call.action);
  const auto& arguments = use.call.arguments;
  if (action.kind == plan::ActionKind::PrintValue) {
    print_value(f, use.call);
    return no_value(use.call.type);
  }
  std::vector<FieldSource> sources;
  for (std::size_t i = 1; i <= action.fields.size(); ++i) {
    // Behind the numbers texts may follow, which are for the action.
    const bool is_given = i < arguments.size() && arguments[i]->type->is_integral();
    sources.push_back(is_given ? FieldSource{.expression = arguments[i], .write = {}}
                               : zero_field(f));
  }
  send_event(f, use.call.action, sources);
  return no_value(use.call.type);
}

// The print() in front of it may have done it: see sema/intervals.h.
Value emit_Clear(Function& f, const FunctionUse& use) {
  return use.call.action >= 0 ? send_nothing(f, use) : no_value(use.call.type);
}
Value emit_Zero(Function& f, const FunctionUse& use) { return emit_Clear(f, use); }
Value emit_Time(Function& f, const FunctionUse& use) { return send_nothing(f, use); }

Value emit_Unwatch(Function& f, const FunctionUse& use) { return send_arguments(f, use.call, 0); }

Value emit_Exit(Function& f, const FunctionUse& use) {
  // It takes a while until the runtime sees the record: what happens meanwhile is not to be seen. What runs always is run by the
  // runtime, which looks behind each.
  if (!f.program.row().has(plan::kRunsAlways)) f.ir.store(f.ir.i64(1), f.module.paused(), 8);
  if (use.call.arguments.empty()) {
    const FieldSource sources[] = {zero_field(f)};
    send_event(f, use.call.action, sources);
  } else {
    send_arguments(f, use.call, 0);
  }
  f.leave();
  return no_value(use.call.type);
}

// The message, then the exit: two actions one behind the other.
Value emit_Assert(Function& f, const FunctionUse& use) {
  const IrBlock failed = f.ir.block();
  const IrBlock holds = f.ir.block();
  f.ir.branch(emit_condition(f, *use.call.arguments[0]), holds, failed);
  f.ir.enter(failed);
  send_event(f, use.call.action, {});
  const FieldSource code[] = {{.expression = nullptr, .write = [&f](const Destination& to) {
                                 f.ir.store(f.ir.i64(1), to.memory.pointer, 8);
                               }}};
  send_event(f, use.call.action + 1, code);
  f.leave();
  f.ir.jump(holds);
  f.ir.enter(holds);
  return no_value(use.call.type);
}

// sema has had its say.
Value emit_StaticAssert(Function&, const FunctionUse& use) { return no_value(use.call.type); }
Value emit_AssertStr(Function&, const FunctionUse& use) { return no_value(use.call.type); }
Value emit_Fail(Function&, const FunctionUse&) { SONDE_UNREACHABLE(); }

Value emit_Join(Function& f, const FunctionUse& use) {
  const plan::Action& action = f.module.action(use.call.action);
  const Value array = emit(f, *use.call.arguments[0]);
  SONDE_CHECK(array.is_scalar());
  const FieldSource sources[] = {{.expression = nullptr, .write = [&](const Destination& to) {
                                    write_strings(f, array, action, to);
                                  }}};
  send_event(f, use.call.action, sources);
  return no_value(use.call.type);
}

}  // namespace sonde::codegen::function
