// C definitions of the kernel's types, for listings: text is made by libbpf, which loads all of a BTF blob (10 ms for
// vmlinux), so nothing on the way of a script uses this.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/view.h"

struct btf;
struct btf_dump;

namespace sonde::kernel {

class TypeDefinitions {
 public:
  TypeDefinitions();
  ~TypeDefinitions();

  // "struct NAME {\n\tTYPE FIELD;\n...};" of the type in `file`, the BTF of vmlinux or, with `base`, of a module. "" if the
  // type is only declared there or the file cannot be read.
  [[nodiscard]] std::string find(const std::string& file, const std::string& base, TypeTag tag,
                                 const std::string& name);

 private:
  struct Blob;
  Blob* load(const std::string& file, Blob* base);

  std::map<std::string, std::unique_ptr<Blob>> blobs_;
};

}  // namespace sonde::kernel
