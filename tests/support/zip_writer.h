// ZIP archives with one member, for tests.
#pragma once

#include <cstdint>
#include <string>

namespace sonde::test {

inline void append_number(std::string& to, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to += static_cast<char>(i < 8 ? value >> (8 * i) : 0);
}

// The member's bytes begin at a multiple of `align` in the archive. `method` 0: it is not compressed.
inline std::string zip_archive(const std::string& name, const std::string& bytes,
                               std::size_t align = 1, std::uint16_t method = 0,
                               const std::string& comment = "") {
  std::string out = "in front";
  const std::size_t local = out.size();
  const std::size_t padding = (align - (local + 30 + name.size()) % align) % align;
  append_number(out, 0x04034b50, 4);
  append_number(out, 0, 4);
  append_number(out, method, 2);
  append_number(out, 0, 8);
  append_number(out, bytes.size(), 4);
  append_number(out, bytes.size(), 4);
  append_number(out, name.size(), 2);
  append_number(out, padding, 2);
  out += name + std::string(padding, '\0') + bytes;
  const std::size_t directory = out.size();
  append_number(out, 0x02014b50, 4);
  append_number(out, 0, 6);
  append_number(out, method, 2);
  append_number(out, 0, 8);
  append_number(out, bytes.size(), 4);
  append_number(out, bytes.size(), 4);
  append_number(out, name.size(), 2);
  append_number(out, 0, 12);
  append_number(out, local, 4);
  out += name;
  const std::size_t size = out.size() - directory;
  append_number(out, 0x06054b50, 4);
  append_number(out, 0, 4);
  append_number(out, 1, 2);
  append_number(out, 1, 2);
  append_number(out, size, 4);
  append_number(out, directory, 4);
  append_number(out, comment.size(), 2);
  return out + comment;
}

}  // namespace sonde::test
