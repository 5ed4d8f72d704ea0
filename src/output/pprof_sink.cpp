// A profile as pprof reads it: https://github.com/google/pprof/blob/main/proto/profile.proto, compressed by gzip. Field numbers
// are those of that file.
#include <fmt/format.h>
#include <zlib.h>

#include <chrono>
#include <map>
#include <tuple>

#include "output/profile.h"
#include "output/stack_sink.h"
#include "output/wire.h"

namespace sonde::output {
namespace {

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // The largest window; gzip's header, see zlib.h.
  constexpr int kMemory = 8;
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string packed(::deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int state = ::deflate(&stream, Z_FINISH);
  packed.resize(state == Z_STREAM_END ? stream.total_out : 0);
  ::deflateEnd(&stream);
  return packed;
}

// The tables of a profile: each function, mapping and place once.
class ProfileWriter {
 public:
  ProfileWriter() { text(""); }

  void sample_type(std::string_view name) {
    WireMessage type;  // ValueType
    type.number(1, text(name));
    type.number(2, text("count"));
    profile_.message(1, type);
  }

  void sample(const Sample& from, std::size_t type, std::size_t types) {
    WireMessage sample;
    std::vector<std::uint64_t> places;
    append_places(from, places);
    std::vector<std::uint64_t> values(types, 0);
    values[type] = static_cast<std::uint64_t>(from.count);
    sample.numbers(1, places);
    sample.numbers(2, values);
    for (std::size_t i = 0; i < from.labels.size(); ++i) {
      WireMessage label;
      label.number(1, text(i == 0 ? "key" : fmt::format("key{}", i + 1)));
      label.number(2, text(from.labels[i]));
      sample.message(3, label);
    }
    profile_.message(2, sample);
  }

  std::string finish(std::int64_t began, std::int64_t nanoseconds) {
    for (const std::string* text : texts_) profile_.bytes(6, *text);
    profile_.number(9, static_cast<std::uint64_t>(began));
    profile_.number(10, static_cast<std::uint64_t>(nanoseconds));
    return profile_.encoded();
  }

 private:
  std::uint64_t text(std::string_view wanted) {
    const auto [found, is_new] = text_ids_.try_emplace(std::string(wanted), texts_.size());
    if (is_new) texts_.push_back(&found->first);
    return found->second;
  }

  // Locations, innermost first. An inlined function is one more line of the place that it was put into.
  void append_places(const Sample& from, std::vector<std::uint64_t>& places) {
    std::vector<const Frame*> lines;
    for (std::size_t i = from.frames.size(); i > 0; --i) {
      const Frame& frame = *from.frames[i - 1];
      lines.push_back(&frame);
      if (frame.is_inlined) continue;
      places.push_back(place(lines, from.in_kernel[i - 1]));
      lines.clear();
    }
  }

  std::uint64_t place(const std::vector<const Frame*>& lines, bool in_kernel) {
    const Frame& frame = *lines.back();
    const auto key = std::tuple(frame.address, frame.module, frame.symbol, frame.file_offset);
    const auto [found, is_new] = places_.try_emplace(key, places_.size() + 1);
    if (!is_new) return found->second;
    WireMessage location;
    location.number(1, found->second);
    location.number(2, mapping(frame, in_kernel));
    location.number(3, frame.address);
    for (const Frame* one : lines) {
      if (one->symbol.empty() && !in_kernel) continue;
      WireMessage line;
      line.number(1, function(*one));
      line.number(2, one->line);
      location.message(4, line);
    }
    profile_.message(4, location);
    return found->second;
  }

  std::uint64_t mapping(const Frame& frame, bool in_kernel) {
    if (frame.module.empty() && !in_kernel) return 0;
    std::string file = frame.module;
    if (in_kernel) file = file.empty() ? "[kernel.kallsyms]" : fmt::format("[{}]", file);
    const auto [found, is_new] =
        mappings_.try_emplace({file, frame.build_id}, mappings_.size() + 1);
    if (!is_new) return found->second;
    WireMessage mapping;
    mapping.number(1, found->second);
    mapping.number(5, text(file));
    mapping.number(6, text(frame.build_id));
    mapping.number(7, 1);  // has_functions: pprof need not look for them.
    mapping.number(8, frame.file.empty() ? 0 : 1);
    mapping.number(9, frame.line == 0 ? 0 : 1);
    profile_.message(3, mapping);
    return found->second;
  }

  std::uint64_t function(const Frame& frame) {
    const std::string name = frame_label(frame);
    const auto [found, is_new] = functions_.try_emplace({name, frame.file}, functions_.size() + 1);
    if (!is_new) return found->second;
    WireMessage function;
    function.number(1, found->second);
    function.number(2, text(name));
    function.number(3, text(name));
    function.number(4, text(frame.file));
    profile_.message(5, function);
    return found->second;
  }

  WireMessage profile_;
  std::map<std::string, std::uint64_t> text_ids_;
  std::vector<const std::string*> texts_;
  std::map<std::tuple<std::uint64_t, std::string, std::string, std::uint64_t>, std::uint64_t>
      places_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> mappings_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> functions_;
};

class PprofSink final : public StackSink {
 public:
  using StackSink::StackSink;

  void attached(std::uint64_t probes) override {
    began_ = std::chrono::system_clock::now();
    is_running_ = true;
    StackSink::attached(probes);
  }

  // A map that is printed again has all that it had before, so the last time counts; unless it began anew in between.
  void map(const MapSnapshot& map, const MapPrintOptions& options) override {
    if (!has_stacks(map)) return text_->map(map, options);
    Printed& printed = maps_[map.name];
    printed.last.clear();
    (options.was_emptied ? printed.intervals : printed.last).emplace_back(map, options);
  }

  void flush() override {
    if (std::exchange(is_running_, false)) out_.write(gzip(profile()));
    StackSink::flush();
  }

 private:
  std::string profile() {
    using std::chrono::nanoseconds;
    ProfileWriter writer;
    for (const auto& [name, map] : maps_)
      writer.sample_type(name.size() > 1 ? name.substr(1) : "samples");
    if (maps_.empty()) writer.sample_type("samples");
    std::size_t type = 0;
    for (const auto& [name, printed] : maps_) {
      for (const Snapshots* all : {&printed.intervals, &printed.last}) {
        for (const auto& [snapshot, options] : *all) {
          for (const Sample& sample : samples(snapshot, options).samples)
            writer.sample(sample, type, maps_.size());
        }
      }
      ++type;
    }
    const auto since_epoch = [](auto time) {
      return std::chrono::duration_cast<nanoseconds>(time).count();
    };
    return writer.finish(since_epoch(began_.time_since_epoch()),
                         since_epoch(std::chrono::system_clock::now() - began_));
  }

  using Snapshots = std::vector<std::pair<MapSnapshot, MapPrintOptions>>;
  struct Printed {
    Snapshots intervals;  // Those behind which the map began anew.
    Snapshots last;       // At most one.
  };
  std::map<std::string, Printed> maps_;
  std::chrono::system_clock::time_point began_;
  bool is_running_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_pprof_sink(Writer& out, Writer& err, SinkOptions options) {
  return std::make_unique<PprofSink>(out, err, options);
}

}  // namespace sonde::output
