// Names that tell what they were asked.
#pragma once

#include <fmt/format.h>

#include <string>

#include "runtime/names.h"

namespace sonde::runtime {

class FakeNames final : public Names {
 public:
  std::string kernel_symbol(std::uint64_t address) override {
    return fmt::format("ksym {:#x}", address);
  }
  std::string user_symbol(std::uint64_t address, plan::ProcessWord process) override {
    return fmt::format("usym {:#x} of {}", address, process.tgid);
  }
  std::string user_name(std::uint64_t uid) override { return fmt::format("user {}", uid); }
  std::string gfp_flags(std::uint64_t flags) override { return fmt::format("gfp {:#x}", flags); }
  std::string process_name(std::uint32_t pid) override { return fmt::format("process {}", pid); }
  std::string cgroup_path(std::uint32_t filter_index, std::uint64_t id) override {
    return fmt::format("cgroup {} by filter {}", id, filter_index);
  }
  std::string timestamp(std::uint32_t format_index, std::uint64_t nanoseconds) override {
    return fmt::format("time {} in format {}", nanoseconds, format_index);
  }
  output::Stack kernel_stack(std::uint64_t id, const types::Type& type) override {
    return {{{.address = id, .symbol = "kernel", .offset = type.stack_limit()}}, type.stack_mode()};
  }
  output::Stack user_stack(std::uint64_t id, plan::ProcessWord process,
                           const types::Type& type) override {
    return {{{.address = id, .symbol = "user", .offset = process.tgid}}, type.stack_mode(), true};
  }
  const std::string& truncation_trailer() override { return trailer_; }

 private:
  std::string trailer_ = "..";
};

// A value's bytes, as a program would have written them.
class ByteBuilder {
 public:
  template <class T>
  ByteBuilder& add(T value) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
    return *this;
  }
  // `text` in `capacity` bytes, filled up with NUL.
  ByteBuilder& text(std::string_view text, std::size_t capacity) {
    const std::size_t begin = bytes_.size();
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    bytes_.resize(begin + capacity);
    return *this;
  }
  ByteBuilder& pad_to(std::size_t size) {
    bytes_.resize(size);
    return *this;
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace sonde::runtime
