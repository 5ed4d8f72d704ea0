// An object that clang made for BPF, as bytes. Internal to src/kernel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sonde::kernel {

// Bytes of the first section of that name, "" if there is none.
[[nodiscard]] std::string object_section(std::string& object, std::string_view name);

struct ObjectFunction {
  std::string name;
  std::string section;  // ".text", or what the source gives a program: "kprobe/vfs_read".
};
// The global functions that are defined, in the order of the symbol table.
[[nodiscard]] std::vector<ObjectFunction> object_functions(std::string& object);

// Gives the global functions of ".text" hidden visibility: libbpf then makes them static, and the verifier looks into them
// with what each call hands over. A global function is verified alone, for any pointers that its BTF allows.
void hide_functions(std::string& object);

// Makes the section of the license read-only, as that of the script's object is: the linker wants both alike, and C files
// have it either way.
void fix_license(std::string& object);

}  // namespace sonde::kernel
