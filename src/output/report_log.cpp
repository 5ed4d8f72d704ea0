#include "output/report_log.h"

#include <utility>

namespace sonde::output {
namespace {

// What a line costs besides its text.
constexpr std::size_t kLineBytes = 16;

}  // namespace

ReportLog::Line* ReportLog::last() {
  if (!tail_.empty()) return &tail_.back();
  return head_.empty() ? nullptr : &head_.back();
}

void ReportLog::append(double at, std::string_view kind, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const bool is_open = end == std::string_view::npos;
    const std::string_view part = text.substr(0, end);
    Line* open = last();
    // An endless line must not grow without a limit.
    if (open != nullptr && open->is_open && open->kind == kind &&
        open->text.size() < kTailBytes / 16) {
      open->text += part;
      open->is_open = is_open;
      (tail_.empty() ? head_bytes_ : tail_bytes_) += part.size();
    } else {
      add({at, kind, std::string(part), is_open});
    }
    text.remove_prefix(is_open ? text.size() : end + 1);
  }
}

void ReportLog::add(Line line) {
  const std::size_t bytes = line.text.size() + kLineBytes;
  if (tail_.empty() && head_bytes_ < kHeadBytes) {
    head_bytes_ += bytes;
    head_.push_back(std::move(line));
    return;
  }
  tail_bytes_ += bytes;
  tail_.push_back(std::move(line));
  while (tail_bytes_ > kTailBytes && tail_.size() > 1) {
    tail_bytes_ -= tail_.front().text.size() + kLineBytes;
    tail_.pop_front();
    ++dropped_;
  }
}

void ReportLog::write(JsonWriter& json) const {
  const auto write_line = [&json](const Line& line) {
    json.open('[');
    json.milliseconds(line.at);
    json.string(line.kind);
    json.string(line.text);
    json.close(']');
  };
  json.open('{');
  json.name("lines");
  json.open('[');
  for (const Line& line : head_) write_line(line);
  for (const Line& line : tail_) write_line(line);
  json.close(']');
  json.name("dropped");
  json.number(dropped_);
  json.name("head");
  json.number(head_.size());
  json.close('}');
}

}  // namespace sonde::output
