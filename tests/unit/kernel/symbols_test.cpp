// Symbols of the kernel (kallsyms texts), of programs (this test itself) and mappings of processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "base/file.h"
#include "kernel/binaries.h"
#include "kernel/bpf_programs.h"
#include "kernel/elf.h"
#include "kernel/kallsyms.h"
#include "kernel/kernel_functions.h"
#include "kernel/process_maps.h"
#include "kernel/records.h"
#include "temporary_folder.h"

// A function whose name and place the tests know.
extern "C" [[gnu::noinline, gnu::used]] int sonde_symbols_test_landmark(int value) {
  return value * 3 + 1;
}

// A variable, too.
extern "C" {
extern volatile short sonde_symbols_test_number;
volatile short sonde_symbols_test_number = 5;
}

namespace sonde::kernel {
namespace {

using ::testing::ElementsAre;

// A file with this text, removed at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) : path_(folder_.add("file", text)) {}
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

constexpr std::string_view kKallsyms =
    "0000000000000000 A fixed_percpu_data\n"
    "ffffffff81000000 T _stext\n"
    "ffffffff81000000 T alias\n"
    "ffffffff81000010 t __pfx_vfs_read\n"
    "ffffffff81000020 T vfs_read\n"
    "ffffffff81000100 T __noinstr_text_start\n"
    "ffffffff81000100 t forbidden\n"
    "ffffffff81000200 T __noinstr_text_end\n"
    "ffffffff81000200 t vfs_write\n"
    "ffffffff82000000 D some_data\n"
    "ffffffffc0201000 t module_function\t[loop]\n"
    "ffffffffc0201080 t bpf_prog_1\t[bpf]\n";

TEST(Kallsyms, Address) {
  const TemporaryFile file(kKallsyms);
  EXPECT_EQ(kernel_symbol_address("vfs_read", file.path()), 0xffffffff81000020U);
  EXPECT_EQ(kernel_symbol_address("module_function", file.path()), 0xffffffffc0201000U);
  EXPECT_FALSE(kernel_symbol_address("vfs", file.path()).has_value());
  EXPECT_FALSE(kernel_symbol_address("fixed_percpu_data", file.path()).has_value());
  EXPECT_FALSE(kernel_symbol_address("vfs_read", "/nonexistent").has_value());
}

TEST(Kallsyms, Resolve) {
  const TemporaryFile file(kKallsyms);
  KernelSymbols symbols(file.path());
  const auto inside = symbols.resolve(0xffffffff81000024);
  ASSERT_TRUE(inside.has_value());
  EXPECT_EQ(inside->name, "vfs_read");
  EXPECT_EQ(inside->offset, 4U);
  EXPECT_EQ(inside->module, "");
  EXPECT_EQ(symbols.resolve(0xffffffff81000000)->name, "_stext");
  EXPECT_EQ(symbols.resolve(0xffffffffc0201001)->module, "loop");
  EXPECT_FALSE(symbols.resolve(0x1000).has_value());
  EXPECT_FALSE(symbols.resolve(0xffffffffff600000).has_value());
}

TEST(Kallsyms, HiddenAddressesAreAnError) {
  const TemporaryFile file("0000000000000000 T vfs_read\n");
  KernelSymbols symbols(file.path());
  const auto loaded = symbols.load();
  ASSERT_FALSE(loaded.has_value());
  EXPECT_FALSE(loaded.error().hint.empty());
  EXPECT_FALSE(symbols.resolve(0).has_value());
}

TEST(Kallsyms, LinesAcrossReads) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    char line[64];
    std::snprintf(line, sizeof line, "ffffffff81%06x T function_%d\n", i * 16, i);
    text += line;
  }
  const TemporaryFile file(text);
  KernelSymbols symbols(file.path());
  for (int i = 0; i < 5000; i += 7) {
    const auto symbol = symbols.resolve(0xffffffff81000000 + static_cast<unsigned>(i) * 16 + 5);
    ASSERT_TRUE(symbol.has_value());
    EXPECT_EQ(symbol->name, "function_" + std::to_string(i));
  }
}

TEST(KernelFunctions, OfKallsyms) {
  const TemporaryFile file(kKallsyms);
  const auto names = [&](std::string_view module, std::string_view name,
                         const std::vector<std::string>* known) {
    std::vector<std::string> found;
    const auto functions = functions_of_kallsyms(module, name, known, file.path());
    EXPECT_TRUE(functions.has_value());
    for (const KernelFunction& function : *functions)
      found.push_back(function.module + ":" + function.name);
    return found;
  };
  EXPECT_THAT(names("*", "vfs_*", nullptr), ElementsAre("vmlinux:vfs_read", "vmlinux:vfs_write"));
  EXPECT_THAT(names("*", "forbidden", nullptr), ElementsAre());
  EXPECT_THAT(names("loop", "*", nullptr), ElementsAre("loop:module_function"));
  const std::vector<std::string> known{"vfs_write"};
  EXPECT_THAT(names("*", "*", &known), ElementsAre("loop:module_function", "vmlinux:vfs_write"));
}

TEST(ProcessMaps, Parse) {
  const auto maps = ProcessMaps::parse(
      42,
      "55e0000-55f0000 r--p 00000000 fe:01 1234                       /usr/bin/my prog\n"
      "55f0000-5600000 r-xp 00010000 fe:01 1234                       /usr/bin/my prog\n"
      "7f000000-7f001000 r-xp 00002000 fe:01 99                       /tmp/lib.so (deleted)\n"
      "7f002000-7f003000 r-xp 00000000 00:00 0 \n"
      "7ffd0000-7ffd2000 r-xp 00000000 00:00 0                        [vdso]\n"
      "nonsense\n");
  ASSERT_EQ(maps.mappings().size(), 4U);
  const ProcessMapping* program = maps.find(0x55f0123);
  ASSERT_NE(program, nullptr);
  EXPECT_EQ(program->path, "/usr/bin/my prog");
  EXPECT_EQ(program->inode, 1234U);
  EXPECT_TRUE(program->has_file());
  EXPECT_EQ(program->file_offset(0x55f0123), 0x10123U);
  EXPECT_EQ(maps.path_under_proc(*program), "/proc/42/root/usr/bin/my prog");
  EXPECT_EQ(maps.find(0x55e0123), nullptr);  // Not executable.
  EXPECT_EQ(maps.find(0x5600000), nullptr);
  EXPECT_EQ(maps.find(0), nullptr);
  EXPECT_TRUE(maps.find(0x7f000000)->is_deleted);
  EXPECT_EQ(maps.find(0x7f000000)->path, "/tmp/lib.so");
  EXPECT_FALSE(maps.find(0x7f002000)->has_file());
  EXPECT_EQ(maps.find(0x7ffd0001)->path, "[vdso]");
}

TEST(ProcessMaps, GoneProcess) { EXPECT_FALSE(ProcessMaps::read(0x7ffffff0).has_value()); }

class OwnElf : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = ElfSymbols::open("/proc/self/exe");
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    symbols = std::make_unique<ElfSymbols>(std::move(*opened));
    const auto maps = ProcessMaps::read(::getpid());
    ASSERT_TRUE(maps.has_value());
    const auto address = reinterpret_cast<std::uint64_t>(&sonde_symbols_test_landmark);
    const ProcessMapping* mapping = maps->find(address);
    ASSERT_NE(mapping, nullptr);
    landmark_offset = mapping->file_offset(address);
  }
  std::unique_ptr<ElfSymbols> symbols;
  std::uint64_t landmark_offset = 0;
};

TEST_F(OwnElf, FindsAFunctionAtItsPlace) {
  const auto found = symbols->find("sonde_symbols_test_landmark");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].file_offset, landmark_offset);
  EXPECT_GT(found[0].size, 0U);
  EXPECT_EQ(symbols->file_offset(found[0].address), landmark_offset);
  EXPECT_EQ(symbols->address_of(landmark_offset), found[0].address);
  EXPECT_EQ(symbols->find("sonde_symbols_test_land*").size(), 1U);
  EXPECT_TRUE(symbols->find("sonde_symbols_test_land").empty());
}

TEST_F(OwnElf, ResolvesAddresses) {
  const auto found = symbols->find("sonde_symbols_test_landmark");
  ASSERT_EQ(found.size(), 1U);
  const auto symbol = symbols->resolve(found[0].address + 1);
  ASSERT_TRUE(symbol.has_value());
  EXPECT_EQ(symbol->name, "sonde_symbols_test_landmark");
  EXPECT_EQ(symbol->offset, 1U);
  EXPECT_FALSE(symbols->resolve(1).has_value());
  EXPECT_FALSE(symbols->file_offset(1).has_value());
}

TEST_F(OwnElf, ResultsAreSortedAndUnique) {
  const auto found = symbols->find("*");
  ASSERT_GT(found.size(), 100U);
  for (std::size_t i = 1; i < found.size(); ++i) {
    EXPECT_LT(std::tie(found[i - 1].name, found[i - 1].address),
              std::tie(found[i].name, found[i].address));
  }
}

// Cuts `program` into a stripped copy "prog" and "prog.debug", linked by name. False without binutils.
bool split_debug_file(const TemporaryFolder& folder, const std::string& program) {
  const std::string prog = folder.path("prog");
  const std::string debug = folder.path("prog.debug");
  const std::string commands =
      "(objcopy --only-keep-debug " + program + " " + debug +
      " && objcopy --strip-all --remove-section=.note.gnu.build-id --add-gnu-debuglink=" + debug +
      " " + program + " " + prog + ") 2>/dev/null";
  return std::system(commands.c_str()) == 0;  // NOLINT(bugprone-command-processor)
}

TEST_F(OwnElf, UsesASeparateDebugFile) {
  const TemporaryFolder folder;
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  if (!split_debug_file(folder, self.string())) GTEST_SKIP() << "needs objcopy of binutils";
  const auto place = [&]() -> std::vector<UserFunction> {
    auto opened = ElfSymbols::open(folder.path("prog"));
    return opened ? opened->find("sonde_symbols_test_landmark") : std::vector<UserFunction>{};
  };
  const auto found = place();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].file_offset, landmark_offset);
  std::filesystem::create_directory(folder.path(".debug"));
  std::filesystem::rename(folder.path("prog.debug"), folder.path(".debug/prog.debug"));
  EXPECT_EQ(place().size(), 1U);
  std::filesystem::remove(folder.path(".debug/prog.debug"));
  EXPECT_TRUE(place().empty());
}

// As uaddr() has it: from an instruction of this program to a variable.
TEST(Elf, ProgramSymbols) {
  const auto file = ElfSymbols::open("/proc/self/exe");
  ASSERT_TRUE(file.has_value());
  const auto place = file->find("sonde_symbols_test_landmark");
  ASSERT_EQ(place.size(), 1U);
  const auto number = file->program_symbol(place[0].file_offset, "sonde_symbols_test_number");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->size, sizeof sonde_symbols_test_number);
  const auto address = reinterpret_cast<std::uint64_t>(&sonde_symbols_test_number);
  const auto code = reinterpret_cast<std::uint64_t>(&sonde_symbols_test_landmark);
  EXPECT_EQ(number->distance, address - code);
  if (number->address) {
    EXPECT_EQ(*number->address, address);
  }
  EXPECT_FALSE(file->program_symbol(place[0].file_offset, "no_such_symbol").has_value());
  EXPECT_FALSE(file->program_symbol(place[0].file_offset, "").has_value());
  EXPECT_FALSE(file->program_symbol(UINT64_MAX, "main").has_value());
}

TEST(Elf, WhatIsNoElfIsAnError) {
  const TemporaryFile text("/* GNU ld script */");
  EXPECT_FALSE(is_elf(text.path()));
  EXPECT_FALSE(ElfSymbols::open(text.path()).has_value());
  EXPECT_FALSE(ElfSymbols::open("/nonexistent").has_value());
  EXPECT_TRUE(is_elf("/proc/self/exe"));
}

TEST(Elf, CutFilesDoNotCrash) {
  auto whole = read_file("/proc/self/exe");
  ASSERT_TRUE(whole.has_value());
  for (const std::size_t size : {64UL, 200UL, 4096UL, whole->size() / 2, whole->size() - 100}) {
    const TemporaryFile file(std::string_view(*whole).substr(0, size));
    auto symbols = ElfSymbols::open(file.path());
    if (!symbols) continue;
    static_cast<void>(symbols->find("*"));
    static_cast<void>(symbols->resolve(0x401000));
  }
}

TEST(Binaries, LibraryNames) {
  EXPECT_TRUE(is_library_name("libc.so.6", "libc.so.6"));
  EXPECT_TRUE(is_library_name("libc.so.6", "libc"));
  EXPECT_TRUE(is_library_name("libc.so.6", "c"));
  EXPECT_TRUE(is_library_name("libssl.so", "ssl"));
  EXPECT_TRUE(is_library_name("libc.so.6", "libc.so"));
  EXPECT_FALSE(is_library_name("libcrypt.so.1", "libc"));
  EXPECT_FALSE(is_library_name("libc.so.6", "libc.so.7"));
  EXPECT_FALSE(is_library_name("libc", "libc"));
}

TEST(Binaries, LoaderCacheIsBoundsChecked) {
  EXPECT_FALSE(find_in_loader_cache("", "c").has_value());
  std::string cache = "glibc-ld.so.cache1.1";
  cache += std::string("\xff\xff\xff\x7f", 4);  // More entries than there are.
  cache.resize(48 + 24, '\xff');
  EXPECT_FALSE(find_in_loader_cache(cache, "c").has_value());
}

TEST(Binaries, Find) {
  const auto shell = find_binary("sh");
  ASSERT_TRUE(shell.has_value());
  EXPECT_TRUE(shell->starts_with('/'));
  EXPECT_EQ(find_binary("/bin/sh"), "/bin/sh");
  EXPECT_EQ(find_binary("//bin/./sh"), "/bin/sh");
  const auto unknown = find_binary("no-such-program-anywhere");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_FALSE(unknown.error().hint.empty());
  EXPECT_FALSE(find_binary("/tmp").has_value());
  EXPECT_FALSE(find_binary("").has_value());
}

TEST(Binaries, FindsLibc) {
  const auto path = find_binary("libc");
  if (!path) GTEST_SKIP() << "no shared libc here";
  EXPECT_EQ(find_binary("c").value_or(""), *path);
  auto symbols = ElfSymbols::open(*path);
  ASSERT_TRUE(symbols.has_value());
  EXPECT_GE(symbols->find("malloc").size(), 1U);
}

TEST(InjectableFunctions, AreNamesWithoutPlaces) {
  const TemporaryFile list(
      "vfs_write+0x0/0x4a0\tERRNO\n"
      "btrfs_open_ctree+0x0/0x10 [btrfs]\tERRNO\n"
      "\n"
      "__x64_sys_getuid+0x0/0x20\tERRNO_NULL\n");
  const auto functions = injectable_functions(list.path());
  ASSERT_TRUE(functions.has_value());
  EXPECT_THAT(*functions, ElementsAre("__x64_sys_getuid", "btrfs_open_ctree", "vfs_write"));
  EXPECT_FALSE(injectable_functions(list.path() + ".gone").has_value());
}

TEST(BpfPrograms, DeclarePartsOfTheKernelsStructs) {
  types::Context types;
  const auto record_of = [&](std::vector<types::Field> fields) -> types::Record& {
    types::Record made = named_record("task_struct", types::Record::Keyword::Struct);
    made.fields = std::move(fields);
    return *types.new_record(std::move(made))->record();
  };
  const types::Field pid{.name = "pid", .type = types.uint32(), .offset = 8};
  const types::Field flags{.name = "flags", .type = types.uint32(), .offset = 12};
  const types::Field stamp{.name = "stamp", .type = types.int64()};
  types::Record& kernels = record_of({flags, pid});
  EXPECT_TRUE(is_part_of(record_of({pid}), kernels));
  EXPECT_TRUE(is_part_of(record_of({}), kernels));
  EXPECT_FALSE(is_part_of(record_of({pid, stamp}), kernels));
}

}  // namespace
}  // namespace sonde::kernel
