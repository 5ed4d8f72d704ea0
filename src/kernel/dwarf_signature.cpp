#include "kernel/dwarf_signature.h"

#include <fmt/format.h>

#include <array>

#include "kernel/records.h"
#include "plan/machine.h"

namespace sonde::kernel {
namespace {

using plan::UserSignature;

struct Parameter {
  Dwarf_Die declared;                 // Knows name and type.
  std::optional<Dwarf_Die> concrete;  // Knows the place; nullopt if the compiler has dropped it.
};

std::vector<Dwarf_Die> parameters_of(const Dwarf_Die& function) {
  std::vector<Dwarf_Die> found;
  each_child(function, [&](const Dwarf_Die& child) {
    if (tag_of(child) == DW_TAG_formal_parameter) found.push_back(child);
    return false;
  });
  return found;
}

// Those of the function as written; its code may have fewer.
std::vector<Parameter> parameters(const Dwarf_Die& function) {
  const std::vector<Dwarf_Die> concrete = parameters_of(function);
  std::vector<Parameter> found;
  const auto origin = referred(function, DW_AT_abstract_origin);
  const auto written = origin ? parameters_of(*origin) : std::vector<Dwarf_Die>{};
  if (written.size() <= concrete.size()) {
    for (const Dwarf_Die& die : concrete) found.push_back({die, die});
    return found;
  }
  for (const Dwarf_Die& die : written) {
    Parameter parameter{die, std::nullopt};
    for (const Dwarf_Die& candidate : concrete) {
      const auto target = referred(candidate, DW_AT_abstract_origin);
      if (target && target->addr == die.addr) parameter.concrete = candidate;
    }
    found.push_back(parameter);
  }
  return found;
}

// Go's ABIInternal, which changes from version to version: on x86-64 the words of all arguments are in ax, bx, cx, di, si, r8 to r11.
constexpr const char* kGoArguments =
    "it is a Go function's, and Go passes arguments in an order of its own: reg(\"ax\"), "
    "reg(\"bx\"), reg(\"cx\"), ...";
constexpr const char* kGoResult =
    "it is a Go function's, and Go returns values in an order of its own: reg(\"ax\"), "
    "reg(\"bx\"), ...";

bool is_go(const Dwarf_Die& function) {
  Dwarf_Die copy = function;
  Dwarf_Die unit;
  if (dwarf_diecu(&copy, &unit, nullptr, nullptr) == nullptr) return false;
  return number_of(unit, DW_AT_language) == DW_LANG_Go;
}

// gcc and clang change the parameters of functions that nobody else can call.
bool keeps_convention(const Dwarf_Die& function, std::string_view symbol) {
  constexpr std::array<std::string_view, 3> kChanged = {".isra", ".constprop", ".part"};
  for (const std::string_view mark : kChanged) {
    if (symbol.find(mark) != std::string_view::npos) return false;
  }
  return number_of(function, DW_AT_calling_convention) != DW_CC_nocall && !is_go(function);
}

// Whether what debug information says of the first instruction holds there already: it does of the registers in which
// arguments come, and of the stack of the caller. Slots of the function's own frame are filled later.
bool holds_at_entry(plan::Arch arch, const plan::ArgumentPlace& place) {
  for (const std::uint32_t one : place.registers) {
    if (!is_argument_register(arch, one)) return false;
  }
  if (!place.registers.empty()) return true;
  if (place.offset == 0 && is_argument_register(arch, place.base)) return true;
  return place.base == plan::stack_pointer(arch) && place.offset >= plan::stack_skip(arch);
}

class Reader {
 public:
  Reader(const FunctionSite& site, std::string_view symbol, types::Context& types,
         DwarfTypes& dwarf_types)
      : site_(site), types_(types), dwarf_types_(dwarf_types),
        convention_(site.arch, type_of(site.function)),
        has_convention_(keeps_convention(site.function, symbol)) {}

  UserSignature read(const std::string& name) {
    types::Record args = named_record(name, types::Record::Keyword::Arguments);
    std::size_t index = 0;
    for (const Parameter& parameter : parameters(site_.function)) add(args, parameter, index++);
    read_result();
    signature_.args = types_.new_record(std::move(args));
    return std::move(signature_);
  }

 private:
  Located place_of(const Parameter& parameter, const Dwarf_Die& type) {
    // Counts this argument's registers in any case.
    const bool is_behind = parameter.concrete && is_behind_address(site_, *parameter.concrete);
    Located by_rule = convention_.next(type, is_behind);
    if (!site_.at_entry && !parameter.concrete)
      return {std::nullopt, "it is not kept: the code is optimized"};
    Located described;
    if (parameter.concrete) described = locate(site_, *parameter.concrete);
    if (!site_.at_entry) return described;
    if (described.place && holds_at_entry(site_.arch, *described.place)) return described;
    if (has_convention_) return by_rule;
    if (is_go(site_.function)) return {std::nullopt, kGoArguments};
    if (described.place || described.problem.empty())
      described = {std::nullopt, "the compiler has changed how the function takes its arguments"};
    return described;
  }

  void add(types::Record& args, const Parameter& parameter, std::size_t index) {
    const auto type = type_of(parameter.declared);
    types::Field field;
    field.name = name_of(parameter.declared);
    if (field.name.empty()) field.name = fmt::format("arg{}", index);
    field.type = dwarf_types_.type(type);
    field.c_type = c_text(type);
    field.offset = args.size;
    signature_.parameters.push_back(field);
    Located located{std::nullopt, "its type is not known"};
    if (type && !field.type->is_void()) located = place_of(parameter, *type);
    const std::uint32_t size = field.type->size();
    if (located.place && !located.place->registers.empty() &&
        size > located.place->registers.size() * 8)
      located = {std::nullopt, "it is spread over registers and memory"};
    if (!located.place) {
      signature_.missing.push_back({field.name, located.problem});
      return;
    }
    args.size += (size + 7) / 8 * 8;
    signature_.places.push_back(std::move(*located.place));
    args.fields.push_back(std::move(field));
  }

  void read_result() {
    const auto type = type_of(site_.function);
    signature_.result_text = c_text(type);
    if (!type) return;
    const types::Type* result = dwarf_types_.type(type);
    if (result->is_void()) return;
    Located located = is_go(site_.function) ? Located{std::nullopt, kGoResult}
                                            : Convention::result(site_.arch, *type);
    signature_.result_problem = located.problem;
    if (!located.place) return;
    signature_.result = result;
    signature_.result_place = std::move(*located.place);
  }

  const FunctionSite& site_;
  types::Context& types_;
  DwarfTypes& dwarf_types_;
  Convention convention_;
  bool has_convention_;
  UserSignature signature_;
};

}  // namespace

UserSignature read_signature(const FunctionSite& site, std::string_view symbol,
                             types::Context& types, DwarfTypes& dwarf_types) {
  return Reader(site, symbol, types, dwarf_types).read(std::string(name_of(site.function)));
}

}  // namespace sonde::kernel
