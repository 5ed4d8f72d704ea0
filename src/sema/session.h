// What one run of analyze() shares between its parts. Made and owned by analyze(); nothing outlives it.
#pragma once

#include <bitset>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ast/ast.h"
#include "builtins/tables.h"
#include "diag/emitter.h"
#include "plan/plan.h"
#include "sema/promote.h"
#include "sema/sema.h"
#include "types/type.h"

namespace sonde::sema {

using diag::Location;
namespace kinds = diag::kinds;

// What is known of one map, gathered over all probes.
struct MapFacts {
  enum class Keyed : std::uint8_t { Unknown, Yes, No };
  std::string name;
  int index = 0;  // Into plan::Manifest::maps.
  Location first;
  Keyed keyed = Keyed::Unknown;
  Location keyed_at;          // The use that told whether it has keys.
  const Type* key = nullptr;  // Holds all keys seen so far.
  Given key_given;
  Location key_at;              // What made the key as wide as it is.
  const Type* value = nullptr;  // Null until a write with a known type was seen.
  Given value_given;
  Location value_at;
  bool written = false;
  bool has_intervals = false;                 // Is printed and emptied in one go, see intervals.h.
  bool grows_at_once = false;                 // One run may make several keys, see map_writes.h.
  bool is_assigned = false;                   // Its values are not only added to.
  std::optional<types::AddressSpace> origin;  // As of a variable.
  const ast::MapDeclaration* declaration = nullptr;
};

// All maps in order of first use. References stay valid.
class MapTable {
 public:
  MapFacts& get(std::string_view name, const Location& where);
  [[nodiscard]] std::deque<MapFacts>& all() { return maps_; }
  [[nodiscard]] const std::deque<MapFacts>& all() const { return maps_; }

 private:
  std::deque<MapFacts> maps_;
};

struct VariableFacts {
  bool is_declared = false;        // `let $x: TYPE`
  bool is_bare = false;            // `let $x;`: 0 until it is set.
  bool is_set = false;             // Some statement that is not dropped gives it a value.
  const Type* declared = nullptr;  // Null while the type of a `typeof` is not known.
  Given given;
  Location assigned_at;  // What made the type as wide as it is.
  std::optional<types::AddressSpace>
      origin;  // Of a record: where it was copied from, and so where its pointers point.
};

inline constexpr std::size_t kMaxNumberedArguments = 16;

// One probe: what its attach points offer and what its body turned out to use.
struct ProbeFacts {
  plan::ResolvedProbe* resolved = nullptr;
  std::vector<const builtins::ProbeKind*> kinds;  // Each once.
  // Where an integer points that is cast to a pointer. Unknown if the places differ.
  types::AddressSpace space = types::AddressSpace::Kernel;
  std::vector<std::string> variable_names;  // For hints.
  // Which builtins tie the program to its attach point.
  bool uses_args = false;
  std::bitset<kMaxNumberedArguments> uses_numbered;  // arg0, arg1, ...
  bool uses_context = false;
  bool uses_probe_name = false;
  bool uses_function_name = false;
  bool overrides = false;            // It calls override().
  std::uint32_t used_arguments = 0;  // Bit N: argN.
  // True if a place is an iterator that is pinned to a file.
  [[nodiscard]] bool is_pinned() const;
};

struct Session {
  types::Context& types;
  const HostNames& host;
  const Options& options;
  ast::Program& program;
  diag::Emitter* emitter;  // A throw-away one while types are being inferred.
  plan::Plan plan;
  MapTable maps;
  std::unordered_map<const ast::Variable*, VariableFacts> variables;
  std::vector<ast::Variable*> all_variables;
  std::deque<ProbeFacts> probes;
  bool final_pass = false;  // Types are settled: report, and build actions.
  bool changed = false;     // This pass learned a type.
  bool guessing = false;    // Nothing more can be learned: `let $x; $x++;` counts in an integer.
  std::map<plan::Feature, bool> features;  // What the host was asked so far.

  template <class... Args>
  diag::Builder emit(const diag::Kind<Args...>& kind, const Location& where,
                     const std::type_identity_t<Args>&... args) {
    return emitter->emit(kind, where, args...);
  }

  // For hints: programs can be attached to functions of the kernel.
  [[nodiscard]] bool takes_fentry() const { return !host.refuses_fentry || !host.refuses_fentry(); }
  // Asks the host once per feature and notes the answer in the plan's target.
  bool has(plan::Feature feature);
  // Code that looks through `bytes` of a string will be made: long ones have a better way where the host has bpf_loop().
  void expect_scan(std::uint32_t bytes) {
    if (bytes > plan::kScannedBytes) has(plan::Feature::BpfLoop);
  }
  // True if the target has `feature`; otherwise says that `what` needs it.
  bool require(plan::Feature feature, std::string_view what, const Location& where);
  // Of an imported C file; null if none has it.
  [[nodiscard]] const plan::CFunction* find_c_function(std::string_view name) const;
  // Index of the format string in the manifest; added when new.
  int format_index(std::string_view text, const std::vector<types::FormatPiece>& pieces);
  // The type of a stack, of which the script takes up to `frames` frames.
  const Type* stack_type(types::TypeKind kind, types::StackMode mode, std::uint32_t frames);
  // The script has addresses of programs that will be named.
  void names_user_code();
};

}  // namespace sonde::sema
