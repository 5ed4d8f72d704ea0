// What libbpf would print, kept for error reports and for -d libbpf.
#pragma once

#include <string>

namespace sonde::runtime {

// Captures libbpf's messages while it lives: warnings always, all levels if `everything`. One at a time.
class LibbpfLog {
 public:
  explicit LibbpfLog(bool everything);
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  [[nodiscard]] const std::string& text() const { return text_; }
  // The program of the last "prog 'NAME': BPF program load failed" line, "" if there is none.
  [[nodiscard]] std::string failed_program() const;
  // The map of the last "map 'NAME': failed to create" line, "" if there is none.
  [[nodiscard]] std::string failed_map() const;
  // The last line that is not about cleaning up, without "libbpf: ".
  [[nodiscard]] std::string last_warning() const;

 private:
  friend struct LibbpfPrinter;
  bool everything_;
  std::string text_;
};

}  // namespace sonde::runtime
