#include "output/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "output/map_order.h"
#include "output/text.h"

namespace sonde::output {
namespace {

struct Counter {
  std::optional<std::int64_t> operator()(const Integer& number) const {
    return static_cast<std::int64_t>(number.bits);
  }
  std::optional<std::int64_t> operator()(const StatsValue& stats) const {
    return static_cast<std::int64_t>(total(stats).bits);
  }
  std::optional<std::int64_t> operator()(const Histogram& histogram) const {
    std::uint64_t sum = 0;
    for (const Histogram::Bucket& bucket : histogram.buckets) sum += bucket.count;
    return static_cast<std::int64_t>(sum);
  }
  template <class Other>
  std::optional<std::int64_t> operator()(const Other&) const {
    return std::nullopt;
  }
};

// Stacks and labels of a key, whose tuples may stand in one another.
struct KeyParts {
  std::vector<const Stack*> user;
  std::vector<const Stack*> kernel;
  std::vector<std::string> labels;

  void add(const Value& part) {
    if (const auto* tuple = std::get_if<TupleValue>(&part.data)) {
      for (const Value& element : tuple->elements) add(element);
    } else if (const auto* stack = std::get_if<Stack>(&part.data)) {
      (stack->is_user ? user : kernel).push_back(stack);
    } else {
      std::string text;
      append_text(text, part);
      labels.push_back(std::move(text));
    }
  }
  [[nodiscard]] bool has_stack() const { return !user.empty() || !kernel.empty(); }
};

KeyParts parts_of(const MapEntry& entry) {
  KeyParts parts;
  if (entry.key) parts.add(*entry.key);
  return parts;
}

void add_frames(Sample& sample, const std::vector<const Stack*>& stacks, bool in_kernel) {
  for (const Stack* stack : stacks) {
    for (auto frame = stack->frames.rbegin(); frame != stack->frames.rend(); ++frame) {
      sample.frames.push_back(&*frame);
      sample.in_kernel.push_back(in_kernel);
    }
  }
}

}  // namespace

bool has_stacks(const MapSnapshot& map) {
  return !map.entries.empty() && parts_of(map.entries.front()).has_stack();
}

Samples samples(const MapSnapshot& map, const MapPrintOptions& options) {
  Samples all;
  for (const MapEntry* entry : ordered(map, options)) {
    const auto count = std::visit(
        Counter{},
        (options.divisor > 1 ? divided(entry->value, options.divisor) : entry->value).data);
    if (!count || *count <= 0) {
      ++all.left_out;
      continue;
    }
    KeyParts parts = parts_of(*entry);
    Sample& sample = all.samples.emplace_back();
    sample.labels = std::move(parts.labels);
    sample.count = *count;
    add_frames(sample, parts.user, false);
    add_frames(sample, parts.kernel, true);
  }
  std::ranges::reverse(all.samples);
  return all;
}

std::string frame_label(const Frame& frame) {
  if (!frame.symbol.empty()) return frame.symbol;
  if (frame.module.empty()) return fmt::format("0x{:x}", frame.address);
  const std::string_view module =
      std::string_view(frame.module).substr(frame.module.rfind('/') + 1);
  if (frame.file_offset == 0) return fmt::format("[{}]", module);
  return fmt::format("[{}+0x{:x}]", module, frame.file_offset);
}

}  // namespace sonde::output
