// iter:OBJECT[:PIN]
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.h"
#include "base/text.h"
#include "resolve/attach.h"
#include "resolve/iterators.h"

namespace sonde::resolve {
namespace {

constexpr std::string_view kOfMaps[] = {
#define SONDE_ITERATOR_OF_MAP(name) name,
#include "resolve/iterators.def"
};

constexpr std::string_view kPinFolder = "/sys/fs/bpf/";

// The file that the attach point names; empty without one.
std::string pin_of(Expansion& e) {
  if (e.point.pieces.size() < 2) return {};
  const std::string& text = e.piece(1);
  return text.starts_with('/') ? text : std::string(kPinFolder) + text;
}

}  // namespace

bool is_usable_iterator(std::string_view name) {
  return std::ranges::find(kOfMaps, name) == std::end(kOfMaps);
}

std::vector<std::string> usable_iterators(kernel::View& view, std::string_view glob) {
  std::vector<std::string> names = view.iterators(glob);
  std::erase_if(names, [](const std::string& name) { return !is_usable_iterator(name); });
  return names;
}

void expand_Iter(Expansion& e) {
  if (!e.expect_pieces(1, 2) || !e.needs(plan::Feature::Iterator, "")) return;
  const std::string& wanted = e.piece(0);
  const std::vector<std::string> found = usable_iterators(e.view, wanted);
  if (found.empty() && !is_usable_iterator(wanted)) {
    e.emitter
        .emit(diag::kinds::ProbeNotTraceable, e.point.location, e.point.text,
              std::string("it goes through one map of a BPF program, which a script cannot name"))
        .hint("iter:bpf_map goes through all maps");
    return;
  }
  if (found.empty()) {
    const std::vector<std::string> all = usable_iterators(e.view, "*");
    const std::string near = diag::did_you_mean(nearest(wanted, all));
    return e.not_found(near.empty() ? fmt::format("this kernel has {}", fmt::join(all, ", "))
                                    : near);
  }
  const std::string pin = pin_of(e);
  if (!pin.empty() && found.size() > 1) {
    return e.syntax(e.where(1), fmt::format("the file is for one iterator, and '{}' matches {}",
                                            wanted, found.size()));
  }
  for (const std::string& name : found) {
    const auto signature = e.view.iterator_signature(name);
    if (!signature) continue;
    plan::AttachPoint& place = e.add(pin.empty() ? name : name + ":" + e.piece(1));
    place.target = signature->module;
    place.symbol = "bpf_iter_" + name;
    place.args = signature->args;
    place.pin = pin;
  }
}

}  // namespace sonde::resolve
