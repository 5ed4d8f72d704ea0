#include "kernel/debug_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kernel/debug_file.h"
#include "kernel/dwarf_lines.h"
#include "kernel/dwarf_signature.h"
#include "kernel/dwarf_units.h"

namespace sonde::kernel {
namespace {

struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};
struct EndFrames {
  void operator()(Dwarf_CFI* cfi) const { dwarf_cfi_end(cfi); }
};

std::optional<plan::Arch> arch_of(Elf* elf) {
  GElf_Ehdr header;
  if (gelf_getehdr(elf, &header) == nullptr) return std::nullopt;
  if (header.e_machine == EM_X86_64) return plan::Arch::X86_64;
  if (header.e_machine == EM_AARCH64) return plan::Arch::Aarch64;
  return std::nullopt;
}

bool has_debug_info(const ElfFile& file) {
  return !file.section(".debug_info").empty() || !file.section(".zdebug_info").empty();
}

}  // namespace

struct DebugInfo::Impl {
  Impl(ElfFile program, std::optional<ElfFile> separate, Dwarf* opened, plan::Arch machine,
       types::Context& context)
      : file(std::move(program)), debug(std::move(separate)), dwarf(opened), arch(machine),
        types(context), units(opened), dwarf_types(context, [this] { return next_unit(); }) {}

  std::optional<Dwarf_Die> next_unit() {
    const std::vector<Dwarf_Die>& all = units.all();
    return read_units < all.size() ? std::optional(all[read_units++]) : std::nullopt;
  }
  // Tables for unwinding are in the program itself; .debug_frame, for what runs without them, beside the rest.
  Dwarf_CFI* frames() {
    if (!asked_frames) cfi.reset(dwarf_getcfi_elf(file.handle()));
    asked_frames = true;
    return cfi != nullptr ? cfi.get() : dwarf_getcfi(dwarf.get());
  }

  ElfFile file;
  std::optional<ElfFile> debug;
  std::unique_ptr<Dwarf, EndDwarf> dwarf;
  std::unique_ptr<Dwarf_CFI, EndFrames> cfi;
  bool asked_frames = false;
  plan::Arch arch;
  types::Context& types;
  DwarfUnits units;
  std::size_t read_units = 0;
  DwarfTypes dwarf_types;
};

DebugInfo::DebugInfo(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DebugInfo::~DebugInfo() = default;

Result<std::unique_ptr<DebugInfo>> DebugInfo::open(const std::string& path, types::Context& types) {
  auto file = ElfFile::open(path);
  if (!file) return std::unexpected(file.error());
  const auto arch = arch_of(file->handle());
  if (!arch) return fail(fmt::format("{} is for another machine", path));
  std::optional<ElfFile> debug;
  if (!has_debug_info(*file)) {
    debug = find_debug_file(*file, path);
    if (!debug || !has_debug_info(*debug)) {
      return fail(fmt::format("{} has no debug information", path), 0,
                  "compile it with -g, or install its debug symbols");
    }
  }
  Dwarf* dwarf = dwarf_begin_elf(debug ? debug->handle() : file->handle(), DWARF_C_READ, nullptr);
  if (dwarf == nullptr) {
    return fail(
        fmt::format("the debug information of {} cannot be read: {}", path, dwarf_errmsg(-1)));
  }
  return std::unique_ptr<DebugInfo>(new DebugInfo(
      std::make_unique<Impl>(std::move(*file), std::move(debug), dwarf, *arch, types)));
}

std::optional<plan::UserSignature> DebugInfo::function(std::uint64_t pc, std::string_view symbol) {
  const auto function = impl_->units.function_at(pc);
  if (!function) return std::nullopt;
  FunctionSite site{.function = *function, .pc = pc, .arch = impl_->arch};
  site.at_entry = entry_of(*function) == pc;
  if (!site.at_entry) site.cfi = impl_->frames();
  return read_signature(site, symbol, impl_->types, impl_->dwarf_types);
}

NamedTypes& DebugInfo::types() { return impl_->dwarf_types; }

SourcePlaces DebugInfo::lines(const SourceLine& line) {
  return find_source_places(impl_->units, line);
}

namespace {

// The names of the functions in whose code the body of `name` stands.
void collect_inlined(const Dwarf_Die& parent, std::string_view name, std::string_view inside,
                     int depth, std::set<std::string>& callers, bool& has_own_code) {
  if (depth > kMaxDieDepth) return;
  each_child(parent, [&](const Dwarf_Die& child) {
    const int tag = tag_of(child);
    std::string_view here = inside;
    if (tag == DW_TAG_subprogram) {
      here = name_of(child);
      if (here == name && entry_of(child)) has_own_code = true;
    } else if (tag == DW_TAG_inlined_subroutine) {
      if (name_of(child) == name && !inside.empty()) callers.emplace(inside);
    } else if (tag != DW_TAG_lexical_block && tag != DW_TAG_namespace &&
               tag != DW_TAG_structure_type && tag != DW_TAG_class_type) {
      return false;
    }
    collect_inlined(child, name, here, depth + 1, callers, has_own_code);
    return false;
  });
}

}  // namespace

std::vector<std::string> DebugInfo::inlined_into(std::string_view name) {
  std::set<std::string> callers;
  bool has_own_code = false;
  for (const Dwarf_Die& unit : impl_->units.all())
    collect_inlined(unit, name, {}, 0, callers, has_own_code);
  if (has_own_code) return {};
  return {callers.begin(), callers.end()};
}

}  // namespace sonde::kernel
