#include "kernel/type_definition.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace sonde::kernel {
namespace {

// libbpf prints through this, piece by piece.
void append(void* text, const char* format, std::va_list arguments) {
  std::va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, arguments);
  if (size > 0) {
    std::string piece(static_cast<std::size_t>(size) + 1, '\0');
    std::vsnprintf(piece.data(), piece.size(), format, again);
    piece.pop_back();
    *static_cast<std::string*>(text) += piece;
  }
  va_end(again);
}

bool is_tagged(const btf_type* type, TypeTag tag) {
  switch (tag) {
    case TypeTag::Struct: return ::btf_kind(type) == BTF_KIND_STRUCT;
    case TypeTag::Union: return ::btf_kind(type) == BTF_KIND_UNION;
    case TypeTag::Enum: break;
  }
  return ::btf_is_any_enum(type);
}

std::string enum_text(const btf* types, const btf_type* type) {
  std::string text;
  const bool is_signed = ::btf_kflag(type);
  const auto add = [&](const char* name, std::int64_t as_signed, std::uint64_t as_unsigned) {
    text += is_signed ? fmt::format("\t{} = {},\n", name, as_signed)
                      : fmt::format("\t{} = {},\n", name, as_unsigned);
  };
  for (int i = 0; i < ::btf_vlen(type); ++i) {
    if (::btf_is_enum(type)) {
      const struct btf_enum& constant = ::btf_enum(type)[i];
      add(::btf__name_by_offset(types, constant.name_off), constant.val,
          static_cast<std::uint32_t>(constant.val));
    } else {
      const struct btf_enum64& constant = ::btf_enum64(type)[i];
      const std::uint64_t value = ::btf_enum64_value(&constant);
      add(::btf__name_by_offset(types, constant.name_off), static_cast<std::int64_t>(value), value);
    }
  }
  return text;
}

}  // namespace

struct TypeDefinitions::Blob {
  Blob(btf* loaded, btf* base)
      : types(loaded), own_from(base != nullptr ? ::btf__type_cnt(base) : 1) {
    dump = ::btf_dump__new(types, append, &text, nullptr);
  }
  ~Blob() {
    if (dump != nullptr) ::btf_dump__free(dump);
    ::btf__free(types);
  }
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;

  std::string members(const btf_type* type) {
    text.clear();
    for (std::uint32_t i = 0; i < ::btf_vlen(type); ++i) {
      const btf_member& member = ::btf_members(type)[i];
      LIBBPF_OPTS(btf_dump_emit_type_decl_opts, options);
      options.field_name = ::btf__name_by_offset(types, member.name_off);
      options.indent_level = 1;
      text += '\t';
      if (::btf_dump__emit_type_decl(dump, member.type, &options) != 0) text += "/* unknown */";
      if (const std::uint32_t bits = ::btf_member_bitfield_size(type, i); bits != 0)
        text += fmt::format(" : {}", bits);
      text += ";\n";
    }
    return text;
  }

  btf* types;
  std::uint32_t own_from;  // The types before are the base's.
  btf_dump* dump = nullptr;
  std::string text;
};

TypeDefinitions::TypeDefinitions() = default;
TypeDefinitions::~TypeDefinitions() {
  // A module's blob refers to that of vmlinux, whose file is the key of the base and is let go last.
  std::erase_if(blobs_, [](const auto& entry) {
    return entry.second != nullptr && entry.second->own_from != 1;
  });
}

TypeDefinitions::Blob* TypeDefinitions::load(const std::string& file, Blob* base) {
  const auto [slot, is_new] = blobs_.try_emplace(file);
  if (!is_new) return slot->second.get();
  btf* loaded = ::btf__parse_split(file.c_str(), base != nullptr ? base->types : nullptr);
  if (loaded == nullptr) return nullptr;
  slot->second = std::make_unique<Blob>(loaded, base != nullptr ? base->types : nullptr);
  if (slot->second->dump == nullptr) slot->second.reset();
  return slot->second.get();
}

std::string TypeDefinitions::find(const std::string& file, const std::string& base, TypeTag tag,
                                  const std::string& name) {
  Blob* base_blob = base.empty() ? nullptr : load(base, nullptr);
  if (!base.empty() && base_blob == nullptr) return {};
  Blob* blob = load(file, base_blob);
  if (blob == nullptr) return {};
  for (std::uint32_t id = blob->own_from; id < ::btf__type_cnt(blob->types); ++id) {
    const btf_type* type = ::btf__type_by_id(blob->types, id);
    if (!is_tagged(type, tag) || name != ::btf__name_by_offset(blob->types, type->name_off))
      continue;
    const char* keyword =
        tag == TypeTag::Enum ? "enum" : (tag == TypeTag::Union ? "union" : "struct");
    return fmt::format("{} {} {{\n{}}};", keyword, name,
                       tag == TypeTag::Enum ? enum_text(blob->types, type) : blob->members(type));
  }
  return {};
}

}  // namespace sonde::kernel
