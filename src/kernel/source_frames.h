// From an instruction to the lines of source that made it: the function, those that the compiler has put into it there, and
// where each stands. By DWARF, with libdw. What is asked is read, which takes time for large programs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sonde::kernel {

struct SourceFrame {
  std::string
      function;  // As a symbol table would name it: mangled, if it is. "" for the function itself, see at().
  std::string file;        // As debug information has it; "" if unknown.
  std::uint32_t line = 0;  // 0 if unknown.
};

class SourceFrames {
 public:
  // The debug information of the binary at `path`, or of its separate debug file, looked for as if it were `known_as`. Null if there
  // is none.
  [[nodiscard]] static std::unique_ptr<SourceFrames> open(const std::string& path,
                                                          const std::string& known_as);
  ~SourceFrames();
  SourceFrames(const SourceFrames&) = delete;
  SourceFrames& operator=(const SourceFrames&) = delete;

  // Of a virtual address, innermost first: inlined functions, and last the function that has code of its own, whose name the symbol
  // table tells. Empty if the address is not described.
  [[nodiscard]] std::vector<SourceFrame> at(std::uint64_t pc);

 private:
  struct Impl;
  explicit SourceFrames(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sonde::kernel
