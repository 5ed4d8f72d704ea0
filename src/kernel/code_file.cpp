#include "kernel/code_file.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <span>

#include "kernel/elf_file.h"
#include "kernel/instructions.h"
#include "kernel/zip.h"

namespace sonde::kernel {
namespace {

// No function is larger; what claims to be is not read.
constexpr std::uint64_t kMostCode = 64ULL << 20;

struct Close {
  void operator()(Dwarf_CFI* frames) const { dwarf_cfi_end(frames); }
  void operator()(Dwarf_Frame* frame) const { std::free(frame); }
};

std::optional<std::uint64_t> frame_row(const std::string& path, std::uint64_t address) {
  const auto file = ElfFile::open(path);
  if (!file) return std::nullopt;
  const std::unique_ptr<Dwarf_CFI, Close> frames(dwarf_getcfi_elf(file->handle()));
  Dwarf_Frame* found = nullptr;
  if (frames == nullptr || dwarf_cfi_addrframe(frames.get(), address, &found) != 0)
    return std::nullopt;
  const std::unique_ptr<Dwarf_Frame, Close> frame(found);
  Dwarf_Addr start = 0;
  dwarf_frame_info(frame.get(), &start, nullptr, nullptr);
  return start <= address ? std::optional(start) : std::nullopt;
}

std::span<const std::uint8_t> as_code(const std::string& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace

CodeFile::CodeFile(const std::string& path, plan::Arch arch)
    : path_(path), arch_(arch), fd_(::open(file_on_disk(path).c_str(), O_RDONLY | O_CLOEXEC)) {}

std::string CodeFile::read(std::uint64_t file_offset, std::uint64_t size) const {
  std::string bytes(size, '\0');
  const ssize_t count =
      ::pread(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(file_offset));
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

std::string_view CodeFile::obstacle(std::uint64_t file_offset) const {
  const std::string bytes = read(file_offset, kInstructionBytes);
  return probe_obstacle(arch_, as_code(bytes));
}

std::optional<std::uint64_t> CodeFile::nearest_start(ElfSymbols& symbols,
                                                     std::uint64_t address) const {
  if (const auto symbol = symbols.resolve(address)) return address - symbol->offset;
  return frame_row(path_, address);
}

InstructionStart CodeFile::start(ElfSymbols& symbols, std::uint64_t file_offset) const {
  constexpr InstructionStart kUnknown{InstructionStart::Answer::Unknown};
  const auto address = symbols.address_of(file_offset);
  const auto from = address ? nearest_start(symbols, *address) : std::nullopt;
  if (!from || *address - *from > kMostCode) return kUnknown;
  const std::uint64_t offset = *address - *from;
  const std::string bytes = read(file_offset - offset, offset + kInstructionBytes);
  return instruction_start(arch_, as_code(bytes), offset);
}

}  // namespace sonde::kernel
