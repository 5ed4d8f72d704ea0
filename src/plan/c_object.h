// C files that a script imports, compiled for BPF: their functions can be called from the script.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "types/type.h"

namespace sonde::plan {

// A type as the file's own BTF describes it, without typedefs and qualifiers. The linker compares declaration and definition
// of a function by it, names of integers included, so the declaration in the script's object has to be made of it.
struct CType {
  enum class Kind : std::uint8_t {
    Void,
    Integer,
    Enum,
    Struct,
    Union,
    Pointer,
    Array,
    Function,
    Other
  };
  Kind kind = Kind::Void;
  std::string name;         // May be empty.
  std::uint32_t bytes = 0;  // Of integers and enums.
  bool is_signed = false;
  std::uint32_t count = 0;    // Of an array.
  std::vector<CType> inside;  // Pointer, array: the target. Function: result and parameters.
};

struct CFunction {
  std::string name;
  std::string declaration;  // For messages: "int square(int x)".
  CType type;               // A Function.
  // As the language sees them. A pointer that comes back points into the kernel's memory.
  const types::Type* result = nullptr;  // Void if there is none.
  std::vector<const types::Type*> parameters;
  // What keeps it from being called, "" for nothing: "it takes a struct by value".
  std::string obstacle;
};

struct CObject {
  std::string path;  // Of the file.
  std::string elf;
  std::vector<CFunction>
      functions;  // The global ones that belong to no section, in the order of the symbol table.
};

}  // namespace sonde::plan
