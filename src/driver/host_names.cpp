#include "driver/host_names.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonde::driver {

sema::HostNames host_names(kernel::View& view, const resolve::Definitions& definitions) {
  sema::HostNames names;
  names.enum_constant =
      [&view, &definitions](
          std::string_view name,
          const plan::ResolvedProbe& probe) -> std::optional<sema::HostNames::EnumConstant> {
    const auto found =
        definitions.find_constant(name, resolve::Programs(view, probe.attach_points));
    if (!found) return std::nullopt;
    return sema::HostNames::EnumConstant{found->type, found->value};
  };
  names.text_constant = [&definitions](std::string_view name) {
    return definitions.find_text(name);
  };
  names.constant_names = [&definitions] { return definitions.constant_names(); };
  names.kernel_symbol = [&view](std::string_view name) { return view.symbol_address(name); };
  names.kernel_function = [&view](std::string_view name) {
    return view.function_signature("*", name).has_value();
  };
  names.kernel_call_allowed = [&view](const plan::BpfProgram& program, const std::string& name) {
    return view.kernel_call_allowed(program, name);
  };
  names.refuses_fentry = [&view] { return view.refuses_fentry(); };
  names.injectable_functions = [&view]() -> std::optional<std::vector<std::string>> {
    auto functions = view.injectable_functions();
    if (!functions) return std::nullopt;
    return std::move(*functions);
  };
  names.program_symbol = [&view](const plan::AttachPoint& place, std::string_view name) {
    return view.program_symbol(place.target, place.offset, name);
  };
  names.cgroup_id = [&view](const std::string& path) { return view.cgroup_id(path); };
  names.record = [&view](std::string_view name) {
    return view.find_record(name, types::Record::Keyword::Struct);
  };
  names.has_feature = [&view](plan::Feature feature) { return view.has(feature); };
  names.c_objects = definitions.c_objects();
  return names;
}

}  // namespace sonde::driver
