// The debug information of one program or library: DWARF 2 to 5, with libdw. It may be large: only what is asked is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kernel/view.h"
#include "plan/manifest.h"
#include "types/type.h"

namespace sonde::kernel {

class DebugInfo {
 public:
  // From the file itself, or from its separate debug file, see kernel/debug_file.h. Fails, with words for the user, if there is none.
  // `types` must outlive this, and this must outlive the last use of an incomplete record.
  [[nodiscard]] static Result<std::unique_ptr<DebugInfo>> open(const std::string& path,
                                                               types::Context& types);
  ~DebugInfo();
  DebugInfo(const DebugInfo&) = delete;
  DebugInfo& operator=(const DebugInfo&) = delete;

  // What is known of the function around `pc` (virtual, as in the file) when the instruction there is run; nullopt if it is not
  // described, as code that was written in assembly or compiled without -g. `symbol` is its name in the symbol table.
  [[nodiscard]] std::optional<plan::UserSignature> function(std::uint64_t pc,
                                                            std::string_view symbol);
  [[nodiscard]] NamedTypes& types();
  // As View::source_places(), but without file offsets.
  [[nodiscard]] SourcePlaces lines(const SourceLine& line);
  // Functions into which the compiler has copied the body of `name`; empty if it has a body of its own or is unknown.
  [[nodiscard]] std::vector<std::string> inlined_into(std::string_view name);

 private:
  struct Impl;
  explicit DebugInfo(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sonde::kernel
