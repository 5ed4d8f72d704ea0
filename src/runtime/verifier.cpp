#include "runtime/verifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <vector>

#include "base/text.h"

namespace sonde::runtime {
namespace {

struct Message {
  std::string_view part;
  std::string_view text;
  std::string_view hint;
};

constexpr Message kMessages[] = {
#define SONDE_VERIFIER_MESSAGE(part, text, hint) {part, text, hint},
#include "runtime/verifier_messages.def"
};

bool is_source_line(std::string_view line) { return line.starts_with("; "); }

// Instructions, register states and statistics: what surrounds the message.
bool is_noise(std::string_view line) {
  if (line.empty() || is_source_line(line)) return true;
  for (const std::string_view start : {"processed ",
                                       "max_states",
                                       "verification time",
                                       "stack depth",
                                       "from ",
                                       "regs=",
                                       "last_idx",
                                       "parent didn't",
                                       "parent already",
                                       "mark_precise",
                                       "arg#",
                                       "func#",
                                       "Func#",
                                       "Validating",
                                       "propagating",
                                       "caller:",
                                       "callee:",
                                       "caller passes",
                                       "BPF program load",
                                       "0: R1=",
                                       "live regs",
                                       "-- "}) {
    if (line.starts_with(start)) return true;
  }
  // "12: (85) call ...": an instruction. "R1=ctx() R10=fp0": a state.
  const std::size_t digits = line.find_first_not_of("0123456789");
  if (digits > 0 && digits != std::string_view::npos && line[digits] == ':') return true;
  const std::size_t equals = line.find('=');
  return line[0] == 'R' && equals != std::string_view::npos && equals <= 5;
}

}  // namespace

VerifierReason explain_rejection(std::string_view log, int code) {
  const std::vector<std::string_view> lines = split(log, '\n');
  std::string_view last;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::string_view text = trim(*line);
    if (is_noise(text)) continue;
    if (last.empty()) last = text;
    const auto* row = std::ranges::find_if(
        kMessages, [&](const Message& message) { return text.contains(message.part); });
    if (row != std::end(kMessages)) {
      return {fmt::format("{} (\"{}\")", row->text, text), std::string(row->hint)};
    }
  }
  if (last.empty() && code == E2BIG) {
    // Before 6.10 the kernel does not say that there are too many maps.
    const auto* row = std::ranges::find(kMessages, "maps per prog", &Message::part);
    if (row != std::end(kMessages)) return {std::string(row->text), std::string(row->hint)};
  }
  if (last.empty()) return {"it gives no reason", ""};
  return {fmt::format("\"{}\"", last), ""};
}

std::optional<VerifierLine> last_source_line(std::string_view log) {
  const std::vector<std::string_view> lines = split(log, '\n');
  const auto found = std::find_if(lines.rbegin(), lines.rend(), is_source_line);
  if (found == lines.rend()) return std::nullopt;
  std::string_view text = found->substr(2);
  const std::size_t at = text.rfind(" @ ");
  const std::size_t colon = text.rfind(':');
  if (at != std::string_view::npos && colon != std::string_view::npos && colon > at) {
    if (const auto number = parse_u64(trim(text.substr(colon + 1)))) {
      return VerifierLine{std::string(trim(text.substr(0, at))),
                          std::string(text.substr(at + 3, colon - at - 3)),
                          static_cast<std::uint32_t>(*number)};
    }
  }
  return VerifierLine{std::string(trim(text)), "", 0};
}

namespace {

// The whole of line `number`, without the space in front.
std::optional<diag::Location> line_location(const diag::Sources& sources, std::uint32_t source,
                                            std::uint32_t number) {
  const std::string& text = sources.get(source).text;
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < number; ++line) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return std::nullopt;
    ++begin;
  }
  std::size_t end = std::min(text.find('\n', begin), text.size());
  while (begin < end && std::isspace(static_cast<unsigned char>(text[begin])) != 0) ++begin;
  while (end > begin && std::isspace(static_cast<unsigned char>(text[end - 1])) != 0) --end;
  return diag::Location{source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// Older kernels give the line's text alone: the first line of the probe's source that reads the same.
std::uint32_t line_number_of(const diag::Source& source, std::string_view text) {
  std::uint32_t number = 1;
  for (const std::string_view line : split(source.text, '\n')) {
    if (trim(line) == text) return number;
    ++number;
  }
  return 0;
}

}  // namespace

void report_rejection(const plan::Program& program, std::string_view name, std::string_view log,
                      int code, const diag::Sources& sources, diag::Emitter& emitter) {
  diag::Location where;
  std::string probe;
  for (const plan::BpfProgram& candidate : program.manifest.programs) {
    if (candidate.name != name || candidate.attach_points.empty()) continue;
    where = candidate.attach_points.front().location;
    probe = candidate.attach_points.front().name;
  }
  const auto line = last_source_line(log);
  if (where.valid() && line) {
    // The code may be that of an imported file.
    const std::uint32_t file = sources.find(line->file);
    if (file != diag::Location::kNoSource) where.source = file;
    const std::uint32_t number =
        line->line != 0 ? line->line : line_number_of(sources.get(where.source), line->text);
    if (number != 0) where = line_location(sources, where.source, number).value_or(where);
  }
  VerifierReason reason = explain_rejection(log, code);
  auto builder = emitter.emit(diag::kinds::VerifierRejected, where, reason.text);
  builder.hint(std::move(reason.hint));
  builder.hint(
      fmt::format("'-d verifier' shows the whole log{}", probe.empty() ? "" : " of " + probe));
}

}  // namespace sonde::runtime
