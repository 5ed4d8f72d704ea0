// Expansion of one attach point as written into the places it stands for. One handler for each probe kind.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "resolve/resolve.h"

namespace sonde::resolve {

// What a handler works with. `point`'s pieces have had their positional parameters filled in.
struct Expansion {
  const ast::AttachPoint& point;
  const ast::Probe& probe;
  kernel::View& view;
  types::Context& types;
  const Options& options;
  const plan::Settings& settings;
  diag::Emitter& emitter;
  std::vector<plan::AttachPoint>& out;
  const types::Type*& packet;  // packet_record(), made by the first packet probe of the script.
  // What has been said of the kernel as a whole: once for the script, not once for each attach point.
  std::set<std::string>* told = nullptr;

  [[nodiscard]] const builtins::ProbeKind& kind() const { return *point.kind; }
  [[nodiscard]] const std::string& piece(std::size_t i) const { return point.pieces[i].text; }
  [[nodiscard]] const diag::Location& where(std::size_t i) const {
    return point.pieces[i].location;
  }

  // A new place, named "KIND:text" after the kind's full name.
  plan::AttachPoint& add(const std::string& text);

  // True if there are from `least` to `most` pieces; otherwise reports the kind's forms.
  bool expect_pieces(std::size_t least, std::size_t most);
  // Reports what is wrong with the attach point; the hint shows the kind's forms.
  // The hint shows the forms of the kind unless `hint` says something better.
  void syntax(const diag::Location& where, const std::string& problem,
              const std::string& hint = {});
  // The following report why the attach point stands for nothing: an error, or what missing_probes says.
  void not_found(const std::string& hint);
  void not_traceable(const std::string& reason, const std::string& hint);
  void binary_not_found(const diag::Location& where, const std::string& name,
                        const std::string& hint);
  // Reports a failed look at the host.
  void host_failed(const Error& error);
  // False, with a diagnostic or as missing_probes says, if this kernel lacks the feature that the kind rests on. Every kind
  // says so once.
  bool needs(plan::Feature feature, const std::string& hint);

 private:
  // True if missing_probes lets the script go on; it has been warned then, or nobody wants to know.
  bool is_left_out(const std::string& reason, const std::string& hint);
};

using ExpandHandler = void (*)(Expansion&);

// Handlers by builtins::ProbeKindId: expand_Begin, expand_Tracepoint, ... A row without a handler does not link.
#define SONDE_PROBE_KIND(Id, name, aliases, capabilities, kernel, doc) void expand_##Id(Expansion&);
#include "builtins/probe_kinds.def"

[[nodiscard]] ExpandHandler expand_handler(builtins::ProbeKindId id);

// "function+0x10" -> name and offset; false if the offset is not a number.
[[nodiscard]] bool split_offset(const std::string& text, std::string& name, std::uint64_t& offset);

}  // namespace sonde::resolve
