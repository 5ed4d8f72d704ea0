#include "plan/settings.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace sonde::plan {
namespace {

using testing::Contains;
using testing::IsNull;
using testing::NotNull;

// One row of settings.def: a value that it takes, what becomes of the settings then, and values that it refuses.
struct Sample {
  std::string name;
  std::string value;
  std::function<bool(const Settings&)> took_effect;  // Empty: the setting has no effect.
  std::vector<std::string> refused;
};

const std::vector<std::string> kNoNumbers = {"", "x", "-1", "0", "4294967296", "1.5", "12abc"};
const std::vector<std::string> kNoBools = {"", "maybe", "2", "TRUE!"};
const std::vector<std::string> kNoPolicies = {"", "on", "true", "Error"};

const std::vector<Sample>& samples() {
  using Unstable = Settings::Unstable;
  static const std::vector<Sample> kSamples = {
      {"cache_user_symbols", "PER_PID", {}, {"", "per_pid", "2"}},
      {"cpp_demangle", "false", [](const Settings& s) { return !s.cpp_demangle; }, kNoBools},
      {"escape_controls",
       "always",
       [](const Settings& s) { return s.escape_controls == Settings::Escape::Always; },
       {"", "true", "Always"}},
      {"json_detail", "full", [](const Settings& s) { return s.json_full; }, {"", "true", "Full"}},
      {"json_stack_frames", "true", [](const Settings& s) { return s.json_stack_frames; },
       kNoBools},
      {"lazy_symbolication", "true", {}, kNoBools},
      {"license",
       "Dual BSD/GPL",
       [](const Settings& s) { return s.license == "Dual BSD/GPL"; },
       {"", "MIT", "gpl"}},
      {"log_size",
       "1_000_000",
       [](const Settings& s) { return s.log_bytes == 1'000'000; },
       {"127", "1073741824", "x"}},
      {"max_bpf_progs", "7", [](const Settings& s) { return s.max_bpf_progs == 7; }, kNoNumbers},
      {"max_cat_bytes", "5", [](const Settings& s) { return s.max_cat_bytes == 5; }, kNoNumbers},
      {"max_map_keys", "1e6", [](const Settings& s) { return s.max_map_keys == 1'000'000; },
       kNoNumbers},
      {"max_probes", "0x10", [](const Settings& s) { return s.max_probes == 16; }, kNoNumbers},
      {"max_stacks", "100", [](const Settings& s) { return s.max_stacks == 100; }, kNoNumbers},
      {"max_strlen",
       "200",
       [](const Settings& s) { return s.max_strlen == 200; },
       {"", "7", "16385"}},
      {"max_type_res_iterations", "0x7", {}, kNoNumbers},
      {"missing_probes",
       "warn",
       [](const Settings& s) { return s.missing_probes == Settings::MissingProbes::Warn; },
       {"", "enable", "warning"}},
      {"no_cpp_demangle", "1", [](const Settings& s) { return !s.cpp_demangle; }, kNoBools},
      {"on_stack_limit", "64", [](const Settings& s) { return s.on_stack_limit == 64; },
       kNoNumbers},
      {"perf_rb_pages", "3", [](const Settings& s) { return s.ring_bytes == 4 * 4096; },
       kNoNumbers},
      {"print_maps_by",
       "key",
       [](const Settings& s) { return s.print_maps_by == Settings::MapsBy::Key; },
       {"", "keys", "KEY"}},
      {"print_maps_on_exit", "0", [](const Settings& s) { return !s.print_maps_on_exit; },
       kNoBools},
      {"print_maps_order",
       "descending",
       [](const Settings& s) { return s.print_maps_descending; },
       {"", "desc", "true"}},
      {"show_debug_info", "false", [](const Settings& s) { return !s.show_debug_info; }, kNoBools},
      {"stack_mode",
       "raw",
       [](const Settings& s) { return s.stack_mode == types::StackMode::Raw; },
       {"", "build id", "PERF"}},
      {"str_trunc_trailer", "", [](const Settings& s) { return s.str_trunc_trailer.empty(); }, {}},
      {"symbol_source", "dwarf", {}, {"", "btf"}},
      {"unstable_addr", "error",
       [](const Settings& s) { return s.unstable_addr == Unstable::Error; }, kNoPolicies},
      {"unstable_import", "warn",
       [](const Settings& s) { return s.unstable_import == Unstable::Warn; }, kNoPolicies},
      {"unstable_macro", "error",
       [](const Settings& s) { return s.unstable_macro == Unstable::Error; }, kNoPolicies},
      {"unstable_map_decl", "warn",
       [](const Settings& s) { return s.unstable_map_decl == Unstable::Warn; }, kNoPolicies},
      {"unstable_tseries", "enable", {}, kNoPolicies},
  };
  return kSamples;
}

TEST(Settings, HaveASampleEach) {
  std::set<std::string_view> sampled;
  for (const Sample& sample : samples()) sampled.insert(sample.name);
  for (const SettingRow& row : settings()) EXPECT_THAT(sampled, Contains(row.name));
}

TEST(Settings, AreSortedByName) {
  EXPECT_TRUE(std::ranges::is_sorted(settings(), {}, &SettingRow::name));
}

TEST(Settings, TakeAndRefuseValues) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.name);
    const SettingRow* row = find_setting(sample.name);
    ASSERT_THAT(row, NotNull());
    Settings changed;
    if (sample.took_effect) {
      EXPECT_FALSE(sample.took_effect(changed)) << "the sample is the default";
    }
    EXPECT_TRUE(row->apply(changed, sample.value));
    if (sample.took_effect) {
      EXPECT_TRUE(sample.took_effect(changed));
    }
    EXPECT_EQ(!sample.took_effect, row->doc.starts_with("Without effect")) << row->doc;
    for (const std::string& wrong : sample.refused) {
      Settings untouched;
      EXPECT_FALSE(row->apply(untouched, wrong)) << "'" << wrong << "'";
    }
  }
}

TEST(Settings, HaveThreeSpellings) {
  for (const SettingRow& row : settings()) {
    std::string upper(row.name);
    std::ranges::transform(upper, upper.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const std::string_view prefix : {"", "SONDE_", "BPFTRACE_"}) {
      EXPECT_EQ(find_setting(std::string(prefix) + upper), &row);
    }
    EXPECT_EQ(find_setting(row.name), &row);
  }
}

TEST(Settings, KeepTheirOlderNames) {
  const std::map<std::string, std::string> older = {{"BPFTRACE_STRLEN", "max_strlen"},
                                                    {"map_keys_max", "max_map_keys"},
                                                    {"BPFTRACE_CAT_BYTES_MAX", "max_cat_bytes"},
                                                    {"use_blazesym", "show_debug_info"}};
  for (const auto& [name, now] : older) {
    ASSERT_THAT(find_setting(name), NotNull()) << name;
    EXPECT_EQ(find_setting(name)->name, now);
  }
  EXPECT_THAT(find_setting("strln"), IsNull());
  EXPECT_THAT(find_setting(""), IsNull());
}

TEST(Settings, DifferFromWhatOnlyTheEnvironmentSets) {
  for (const EnvironmentRow& row : environment_only()) {
    EXPECT_THAT(find_setting(row.name), IsNull()) << row.name;
  }
}

}  // namespace
}  // namespace sonde::plan
