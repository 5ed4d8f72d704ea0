#include <gmock/gmock.h>

#include "plan/plan.h"

namespace sonde::plan {
namespace {

TEST(Dump, ShowsEveryPartOfAManifest) {
  Manifest manifest;
  manifest.types = std::make_shared<types::Context>();
  types::Context& types = *manifest.types;
  manifest.maps.push_back(
      {"@reads", "map_reads", Map::Kind::PerCpuHash, types.string(16), types.hist(2), 4096, {}});
  manifest.maps.push_back({"@", "map_", Map::Kind::Array, nullptr, types.int64(), 1, {}});
  manifest.uses_stacks = true;
  manifest.stack_depth = 5;
  BpfProgram program{"p0_malloc", "uretprobe", ProgramType::UprobeMulti, true, {}};
  AttachPoint point;
  point.name = "uretprobe:/lib/libc.so.6:malloc";
  point.offset = 0x1234;
  point.event_id = 77;  // A fact of the host: not shown.
  program.attach_points.push_back(point);
  manifest.programs.push_back(program);
  Action action;
  action.size = 32;
  action.format = 0;
  action.fields = {{8, types.stack(types::TypeKind::KernelStack, types::StackMode::Perf, 5)},
                   {16, types.pointer(types.void_type(), types::AddressSpace::User)}};
  manifest.actions.push_back(action);
  Action clear;
  clear.kind = ActionKind::ClearMap;
  clear.size = 8;
  clear.map = 0;
  manifest.actions.push_back(clear);
  manifest.formats.push_back({"%s %p\n", {}});

  EXPECT_EQ(dump(manifest), R"(maps:
  @reads map_reads percpu_hash key=string[16] value=hist_t(2) entries=4096
  @ map_ array value=int64 entries=1
stacks: depth=5
programs:
  p0_malloc uprobe_multi section=uretprobe return
    uretprobe:/lib/libc.so.6:malloc offset=0x1234
actions:
  0 Printf size=32 format=0
    +8 kstack(perf, 5)
    +16 void * (user)
  1 ClearMap size=8 map=@reads
formats:
  0 "%s %p\n"
)");
}

TEST(Dump, FoldsTheStringsOfJoinIntoOneLine) {
  Manifest manifest;
  manifest.types = std::make_shared<types::Context>();
  Action action;
  action.kind = ActionKind::Join;
  action.size = 48;
  action.text = "\t";
  action.fields.push_back({8, manifest.types->uint64()});
  for (std::uint32_t i = 0; i < 4; ++i)
    action.fields.push_back({16 + 8 * i, manifest.types->string(8)});
  manifest.actions.push_back(action);
  EXPECT_THAT(dump(manifest), testing::HasSubstr("  0 Join size=48 text=\"\\t\"\n"
                                                 "    +8 uint64\n"
                                                 "    +16 string[8] x 4\n"));
}

}  // namespace
}  // namespace sonde::plan
