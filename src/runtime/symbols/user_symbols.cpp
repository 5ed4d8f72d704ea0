#include "runtime/symbols/user_symbols.h"

#include <utility>

#include "kernel/demangle.h"

namespace sonde::runtime {

Result<void> UserSymbols::follow() {
  auto events = ProcessEvents::open();
  if (!events) return std::unexpected(events.error());
  events_.emplace(std::move(*events));
  spaces_.follow();
  return {};
}

bool UserSymbols::survey() {
  constexpr int kAtOnce = 8;  // 50 us each.
  if (!events_) return false;
  if (!to_survey_) to_survey_ = kernel::running_processes();
  for (int i = 0; i < kAtOnce && !to_survey_->empty(); ++i) {
    const pid_t pid = to_survey_->back();
    to_survey_->pop_back();
    // Their files are there for longer than those of programs that start now.
    if (!spaces_.knows(pid)) spaces_.read(pid);
  }
  return !to_survey_->empty();
}

std::vector<int> UserSymbols::descriptors() const {
  return events_ ? events_->descriptors() : std::vector<int>();
}

void UserSymbols::update() {
  if (!events_) return;
  events_->drain([this](const ProcessEvent& event) {
    spaces_.apply(event);
    if (event.kind == ProcessEvent::Kind::Fork) jit_.forget(event.pid);
    if (event.kind == ProcessEvent::Kind::Exec) jit_.replaced(event.pid);
    if (event.kind == ProcessEvent::Kind::Map)
      hold(event.pid, {event.mapping, event.build_id, event.time});
  });
}

void UserSymbols::hold(pid_t pid, const Mapping& mapping) {
  const std::string& path = mapping.place.path;
  if (mapping.place.has_code_file()) files_.hold(spaces_.ancestors(pid), mapping);
  // Code that was written at run time is in memory without a file, or of a file without a name.
  if (path.empty() || path.starts_with("[anon") || path.starts_with("/memfd:")) jit_.hold(pid);
}

void UserSymbols::snapshot(pid_t pid) {
  update();
  if (!spaces_.read(pid)) return;
  // /proc/PID/root goes with the process: what lies in its own mount namespace must be opened now.
  for (const Mapping& mapping : spaces_.mappings(pid)) hold(pid, mapping);
}

output::Frame UserSymbols::name(plan::ProcessWord process, std::uint64_t address,
                                std::uint64_t looked_up, Place& place) {
  output::Frame frame{.address = address};
  const auto located = spaces_.find(process, looked_up);
  const auto pid = located.mapping != nullptr ? located.pid : static_cast<pid_t>(process.tgid);
  const std::vector<pid_t> pids = spaces_.ancestors(pid);
  UserFile* file = nullptr;
  if (located.mapping != nullptr) {
    const kernel::ProcessMapping& mapped = located.mapping->place;
    frame.module = mapped.path;
    if (mapped.has_code_file()) frame.file_offset = mapped.file_offset(address);
    file = files_.open(*located.mapping, pids);
    frame.build_id = file != nullptr ? file->build_id : located.mapping->build_id;
    // The kernel shows the vdso as memory that begins at 0.
    const auto virtual_address =
        file != nullptr ? file->symbols.address_of(mapped.file_offset(looked_up)) : std::nullopt;
    if (virtual_address) place = {file, *virtual_address};
  }
  if (place.file != nullptr) {
    if (const auto symbol = place.file->symbols.resolve(place.address)) {
      frame.symbol =
          options_.demangles ? kernel::demangle(symbol->name) : std::string(symbol->name);
      frame.offset = symbol->offset + (address - looked_up);
    }
  } else if (auto symbol = jit_.find(pids, looked_up)) {
    frame.symbol = options_.demangles ? kernel::demangle(symbol->name) : std::move(symbol->name);
    frame.offset = symbol->offset + (address - looked_up);
    frame.module = std::move(symbol->file);
  }
  return frame;
}

output::Frame UserSymbols::resolve(plan::ProcessWord process, std::uint64_t address) {
  update();
  Place place;
  return name(process, address, address, place);
}

void UserSymbols::append_frames(plan::ProcessWord process, std::uint64_t address, bool returns,
                                std::vector<output::Frame>& frames) {
  Place place;
  output::Frame own = name(process, address, returns && address > 0 ? address - 1 : address, place);
  if (options_.shows_source && place.file != nullptr) {
    UserFile& file = *place.file;
    if (!file.source && !file.path.empty())
      file.source = kernel::SourceFrames::open(file.path, file.known_as);
    auto lines = file.source && *file.source ? (*file.source)->at(place.address)
                                             : std::vector<kernel::SourceFrame>();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool is_inlined = i + 1 < lines.size();
      output::Frame frame =
          is_inlined ? output::Frame{.address = address, .module = own.module} : own;
      if (is_inlined) {
        frame.is_inlined = true;
        frame.symbol =
            options_.demangles ? kernel::demangle(lines[i].function) : std::move(lines[i].function);
      }
      frame.file = std::move(lines[i].file);
      frame.line = lines[i].line;
      frames.push_back(std::move(frame));
    }
    if (!lines.empty()) return;
  }
  frames.push_back(std::move(own));
}

}  // namespace sonde::runtime
