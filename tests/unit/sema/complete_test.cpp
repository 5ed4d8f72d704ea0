// What a plan carries is complete without the host; what pointers lead to is left alone.
#include "sema/complete.h"

#include <gtest/gtest.h>

#include "kernel/records.h"

namespace sonde::sema {
namespace {

class CountingSource final : public types::RecordSource {
 public:
  bool complete(types::Record& record) override {
    record.size = 4;
    ++asked;
    return true;
  }
  int asked = 0;
};

TEST(CompleteRecords, InMapsAndEventsButNotBehindPointers) {
  types::Context types;
  CountingSource source;
  const auto make = [&](const char* name) {
    types::Record record = kernel::named_record(name, types::Record::Keyword::Struct);
    record.source = &source;
    return types.new_record(std::move(record));
  };
  const Type* inner = make("inner");
  const Type* behind = make("behind");
  const Type* in_map = make("in_map");
  types::Record outer = kernel::named_record("outer", types::Record::Keyword::Struct);
  types::Field values;
  values.type = types.array(inner, 2);
  types::Field next;
  next.type = types.pointer(behind, types::AddressSpace::Kernel);
  outer.fields = {values, next};
  const HostNames host;
  const Options options;
  ast::Program program;
  diag::Emitter emitter;
  Session session{
      .types = types, .host = host, .options = options, .program = program, .emitter = &emitter};
  plan::Action action;
  action.fields = {{8, types.new_record(std::move(outer))}};
  session.plan.manifest.actions.push_back(action);
  plan::Map map;
  map.value = types.tuple({types.uint64(), in_map});
  session.plan.manifest.maps.push_back(map);
  complete_records(session);
  EXPECT_EQ(inner->record()->source, nullptr);
  EXPECT_EQ(in_map->record()->source, nullptr);
  EXPECT_EQ(behind->record()->source, &source);
  EXPECT_EQ(source.asked, 2);
}

}  // namespace
}  // namespace sonde::sema
