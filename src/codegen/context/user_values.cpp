#include "codegen/context/user_values.h"

#include <functional>

#include "base/check.h"
#include "codegen/access.h"
#include "codegen/context/context.h"
#include "codegen/context/entry_values.h"
#include "codegen/convert.h"
#include "plan/entry_words.h"

namespace sonde::codegen {
namespace {

// What comes in registers is put into memory, where all that can be done to a value is done: the optimiser takes it out again.
Place in_words(Function& f, const types::Type* type, std::size_t count,
               const std::function<IrValue(std::size_t)>& word) {
  const Memory memory = f.temporary(static_cast<std::uint32_t>(count) * 8);
  for (std::size_t i = 0; i < count; ++i) {
    f.ir.store(word(i), f.ir.offset(memory.pointer, static_cast<std::int64_t>(8 * i)), 8);
  }
  return memory_value(type, memory).place;
}

Place behind(IrValue base, std::int64_t offset, const types::Type* type) {
  Place place;
  place.type = type;
  place.space = Space::User;
  place.base = base;
  place.offset = offset;
  return place;
}

Place place_of(Function& f, const plan::ArgumentPlace& at, const types::Type* type) {
  if (at.registers.empty()) return behind(load_register(f, at.base), at.offset, type);
  return in_words(f, type, at.registers.size(),
                  [&](std::size_t i) { return load_register(f, at.registers[i]); });
}

// At the return: what the keeper has put away.
Place argument_place(Function& f, const plan::ArgumentPlace& at, const types::Type* type) {
  if (!f.program.is_return) return place_of(f, at, type);
  const auto words = plan::entry_words(f.module.plan().target.arch, at, type->size());
  SONDE_CHECK(words.has_value());
  if (words->is_address) return behind(kept_argument(f, words->indices[0]), at.offset, type);
  return in_words(f, type, words->indices.size(),
                  [&](std::size_t i) { return kept_argument(f, words->indices[i]); });
}

}  // namespace

bool has_user_arguments(const Function& f) {
  return f.attach_point().user != nullptr && f.attach_point().args != nullptr;
}

Place user_argument(Function& f, const std::string& name) {
  const plan::UserSignature& user = *f.attach_point().user;
  const std::vector<types::Field>& fields = user.args->record()->fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return argument_place(f, user.places[i], fields[i].type);
  }
  SONDE_UNREACHABLE();
}

void read_user_arguments(Function& f, const Memory& to) {
  const plan::UserSignature& user = *f.attach_point().user;
  const types::Record& record = *user.args->record();
  zero(f, to, record.size);
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const types::Field& field = record.fields[i];
    const Value value = load(f, argument_place(f, user.places[i], field.type));
    store(f, value, {at(f.ir, to, field.offset), field.type, Fill::Any});
  }
}

Place user_result(Function& f) {
  const plan::UserSignature& user = *f.attach_point().user;
  return place_of(f, user.result_place, user.result);
}

}  // namespace sonde::codegen
