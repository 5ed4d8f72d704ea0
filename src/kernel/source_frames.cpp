#include "kernel/source_frames.h"

#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "kernel/debug_file.h"
#include "kernel/dwarf_units.h"

namespace sonde::kernel {
namespace {

struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};
struct Free {
  void operator()(Dwarf_Die* dies) const { std::free(dies); }
};
using Scopes = std::unique_ptr<Dwarf_Die[], Free>;

bool has_debug_info(const ElfFile& file) {
  return !file.section(".debug_info").empty() || !file.section(".zdebug_info").empty();
}

// The name in the symbol table, if the language mangles; else the name itself.
std::string function_name(Dwarf_Die die) {
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    Dwarf_Attribute attribute;
    if (dwarf_attr_integrate(&die, name, &attribute) == nullptr) continue;
    if (const char* text = dwarf_formstring(&attribute)) return text;
  }
  return std::string(name_of(die));
}

// Where an inlined function was called.
SourceFrame call_of(Dwarf_Die unit, const Dwarf_Die& inlined) {
  SourceFrame frame;
  frame.line = static_cast<std::uint32_t>(number_of(inlined, DW_AT_call_line).value_or(0));
  const auto index = number_of(inlined, DW_AT_call_file);
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (!index || dwarf_getsrcfiles(&unit, &files, &count) != 0 || *index >= count) return frame;
  if (const char* name = dwarf_filesrc(files, *index, nullptr, nullptr)) frame.file = name;
  return frame;
}

SourceFrame line_at(Dwarf_Die unit, std::uint64_t pc) {
  SourceFrame frame;
  Dwarf_Line* line = dwarf_getsrc_die(&unit, pc);
  int number = 0;
  if (line == nullptr || dwarf_lineno(line, &number) != 0 || number <= 0) return frame;
  if (const char* name = dwarf_linesrc(line, nullptr, nullptr)) frame.file = name;
  frame.line = static_cast<std::uint32_t>(number);
  return frame;
}

}  // namespace

struct SourceFrames::Impl {
  Impl(ElfFile opened, std::unique_ptr<Dwarf, EndDwarf> debug)
      : file(std::move(opened)), dwarf(std::move(debug)), units(dwarf.get()) {}
  ElfFile file;
  std::unique_ptr<Dwarf, EndDwarf> dwarf;
  DwarfUnits units;
};

SourceFrames::SourceFrames(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SourceFrames::~SourceFrames() = default;

std::unique_ptr<SourceFrames> SourceFrames::open(const std::string& path,
                                                 const std::string& known_as) {
  auto file = ElfFile::open(path);
  if (!file) return nullptr;
  if (!has_debug_info(*file)) {
    auto debug = find_debug_file(*file, known_as);
    if (!debug || !has_debug_info(*debug)) return nullptr;
    *file = std::move(*debug);
  }
  std::unique_ptr<Dwarf, EndDwarf> dwarf(dwarf_begin_elf(file->handle(), DWARF_C_READ, nullptr));
  if (dwarf == nullptr) return nullptr;
  return std::unique_ptr<SourceFrames>(
      new SourceFrames(std::make_unique<Impl>(std::move(*file), std::move(dwarf))));
}

std::vector<SourceFrame> SourceFrames::at(std::uint64_t pc) {
  const auto units = impl_->units.unit_at(pc);
  if (!units) return {};
  Dwarf_Die described = units->described;
  Dwarf_Die* found = nullptr;
  const int count = dwarf_getscopes(&described, pc, &found);
  const Scopes scopes(found);
  SourceFrame here = line_at(units->own, pc);
  std::vector<SourceFrame> frames;
  for (int i = 0; i < count; ++i) {
    const int tag = tag_of(scopes[i]);
    if (tag == DW_TAG_subprogram) break;
    if (tag != DW_TAG_inlined_subroutine) continue;
    // From the inlined body outwards, through the code that it was put into.
    Dwarf_Die* around = nullptr;
    const int depth = dwarf_getscopes_die(&scopes[i], &around);
    const Scopes bodies(around);
    for (int j = 0; j < depth && tag_of(bodies[j]) != DW_TAG_subprogram; ++j) {
      if (tag_of(bodies[j]) != DW_TAG_inlined_subroutine) continue;
      here.function = function_name(bodies[j]);
      frames.push_back(std::exchange(here, call_of(units->own, bodies[j])));
    }
    break;
  }
  if (frames.empty() && here.file.empty()) return {};
  frames.push_back(std::move(here));
  return frames;
}

}  // namespace sonde::kernel
