#include "runtime/libbpf_log.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "base/check.h"
#include "base/text.h"

namespace sonde::runtime {

// libbpf's print hook takes no context, so the log in use has to be reachable from a function without arguments.
static thread_local LibbpfLog* current_log = nullptr;

struct LibbpfPrinter {
  [[gnu::format(printf, 2, 0)]] static int print(libbpf_print_level level, const char* format,
                                                 va_list arguments) {
    LibbpfLog* log = current_log;
    if (log == nullptr || (level != LIBBPF_WARN && !log->everything_)) return 0;
    char line[2048];
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    if (length > 0) log->text_ += line;
    return length;
  }
};

LibbpfLog::LibbpfLog(bool everything) : everything_(everything) {
  SONDE_CHECK(current_log == nullptr);
  current_log = this;
  ::libbpf_set_print(LibbpfPrinter::print);
}

LibbpfLog::~LibbpfLog() {
  ::libbpf_set_print(nullptr);
  current_log = nullptr;
}

// The text between the last `before` and the last `after` behind it.
static std::string last_between(std::string_view text, std::string_view before,
                                std::string_view after) {
  const std::size_t end = text.rfind(after);
  if (end == std::string_view::npos) return {};
  const std::size_t begin = text.rfind(before, end);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin + before.size(), end - begin - before.size()));
}

std::string LibbpfLog::failed_program() const {
  return last_between(text_, "prog '", "': BPF program load failed");
}

std::string LibbpfLog::failed_map() const {
  return last_between(text_, "map '", "': failed to create");
}

std::string LibbpfLog::last_warning() const {
  std::string last;
  for (std::string_view line : split(text_, '\n')) {
    constexpr std::string_view kPrefix = "libbpf: ";
    if (line.starts_with(kPrefix)) line.remove_prefix(kPrefix.size());
    if (line.empty() || line.starts_with("failed to load object")) continue;
    last = line;
  }
  return last;
}

}  // namespace sonde::runtime
