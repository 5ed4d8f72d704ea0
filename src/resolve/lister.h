// What the handler of a probe kind lists its probes with: list_Begin, list_Tracepoint, ... one for each row of
// builtins/probe_kinds.def. A row without a handler does not link.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "resolve/list.h"

namespace sonde::resolve {

class Lister {
 public:
  // `parts`: what stands behind the kind, between colons. `whole`: a glob over whole names, or "" for none.
  Lister(kernel::View& view, const builtins::ProbeKind& kind,
         std::span<const std::string_view> parts, std::string_view whole,
         const ListRequest& request, Listing& out)
      : view_(view), kind_(kind), parts_(parts), whole_(whole), request_(request), out_(out) {}

  [[nodiscard]] kernel::View& view() const { return view_; }
  [[nodiscard]] const builtins::ProbeKind& kind() const { return kind_; }
  // None if all of the kind is asked for. Kinds whose probes belong to files list nothing then.
  [[nodiscard]] std::span<const std::string_view> parts() const { return parts_; }
  // A glob: "*" if the pattern has no such part.
  [[nodiscard]] std::string_view part(std::size_t i) const {
    return i < parts_.size() ? parts_[i] : "*";
  }

  // Adds the probe "KIND:text" (or "KIND" for "") if the pattern takes it. Not null if its arguments are wanted; add them
  // before the next call.
  ListedProbe* add(std::string_view text);
  static void add_argument(ListedProbe& probe, const types::Field& field);
  // The fields of a record as arguments; null for none.
  static void add_arguments(ListedProbe& probe, const types::Type* args);
  static void add_result(ListedProbe& probe, const types::Type* result);

  // Why the kind, or a part of it, cannot be listed.
  void problem(std::string text) const;
  void problem(const Error& error) const;
  // False, with a problem, if this kernel lacks the feature that the kind rests on.
  [[nodiscard]] bool needs(plan::Feature feature) const;

 private:
  kernel::View& view_;
  const builtins::ProbeKind& kind_;
  std::span<const std::string_view> parts_;
  std::string_view whole_;
  const ListRequest& request_;
  Listing& out_;
};

// arg0, arg1, ... of a static probe.
void add_usdt_arguments(ListedProbe& probe, const std::vector<plan::UsdtArgument>& arguments);

using ListHandler = void (*)(Lister&);

#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) void list_##Id(Lister&);
#include "builtins/probe_kinds.def"

}  // namespace sonde::resolve
