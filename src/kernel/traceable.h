// Where probes must not sit, and how to say so.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "kernel/kallsyms.h"
#include "kernel/kernel_btf.h"
#include "kernel/tracefs.h"

namespace sonde::kernel {

// Sections of the kernel's code between two symbols: a probe would run before the kernel is ready for it, or the code is
// gone after boot. Needs every line of kallsyms before the first question.
class ForbiddenSections {
 public:
  void note(const KernelSymbolLine& symbol);
  // The section that holds the address, ".noinstr.text"; "" for none.
  [[nodiscard]] std::string_view find(std::uint64_t address) const;

 private:
  struct Section {
    std::string_view name, begin_mark, end_mark;
    std::uint64_t begin = 0, end = 0;
  };
  Section sections_[5] = {{".noinstr.text", "__noinstr_text_start", "__noinstr_text_end"},
                          {".kprobes.text", "__kprobes_text_start", "__kprobes_text_end"},
                          {".entry.text", "__entry_text_start", "__entry_text_end"},
                          {".irqentry.text", "__irqentry_text_start", "__irqentry_text_end"},
                          {".init.text", "_sinittext", "_einittext"}};
};

// What why_not_traceable() knows of the host; files that cannot be read are "".
struct FunctionFacts {
  std::string blacklist;           // debugfs' kprobes/blacklist: "0xADDRESS-0xADDRESS\tNAME"
  std::string kallsyms_path;       // Read line by line.
  bool is_in_btf = false;          //
  bool has_filter_list = false;    // ftrace shows which functions it can follow ...
  bool is_in_filter_list = false;  // ... and this is one of them.
};
// Why no probe can sit on the function `name`; "" if nothing is known against it, or if there is no such function.
[[nodiscard]] std::string why_not_traceable(std::string_view name, const FunctionFacts& facts);
// The same on this machine.
[[nodiscard]] std::string why_not_traceable(std::string_view name, KernelBtf& btf,
                                            Tracefs& tracefs);

// Why the list of kernel functions may be inexact; "" if ftrace gives it.
[[nodiscard]] std::string function_list_flaw(Tracefs& tracefs);

}  // namespace sonde::kernel
