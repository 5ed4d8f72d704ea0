#include "driver/report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "ast/walk.h"
#include "base/fd.h"
#include "sonde_version.h"

namespace sonde::driver {
namespace {

constexpr std::size_t kLongestTitle = 40;

// A literal says which key is meant there, not what keys are.
std::string title(const ast::Expression& key, const diag::Sources& sources) {
  const bool is_literal =
      key.kind == ast::NodeKind::IntegerLiteral || key.kind == ast::NodeKind::StringLiteral;
  std::string text = is_literal ? "key" : std::string(sources.text(key.location));
  if (text.size() > kLongestTitle) text = text.substr(0, kLongestTitle - 3) + "...";
  return text;
}

double milliseconds() {
  using std::chrono::steady_clock;
  return std::chrono::duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[64] = {};
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &parts);
  return text;
}

}  // namespace

KeyTexts key_texts(const ast::Program& tree, const diag::Sources& sources) {
  KeyTexts texts;
  const auto look = [&](ast::Node& node) {
    if (node.kind != ast::NodeKind::MapAccess) return;
    const auto& access = static_cast<const ast::MapAccess&>(node);
    if (access.key == nullptr || texts.contains(access.name)) return;
    std::vector<std::string>& titles = texts[access.name];
    if (access.key->kind == ast::NodeKind::Tuple) {
      for (const ast::Expression* element : static_cast<const ast::Tuple&>(*access.key).elements)
        titles.push_back(title(*element, sources));
    } else {
      titles.push_back(title(*access.key, sources));
    }
  };
  for (const ast::Probe& probe : tree.probes) ast::walk(probe, look);
  return texts;
}

std::unique_ptr<output::Report> make_report(const Options& options, const Script& script,
                                            KeyTexts keys) {
  if (options.report_file.empty()) return nullptr;
  utsname system{};
  ::uname(&system);
  output::ReportInfo info{
      .version = SONDE_VERSION,
      .script_name = script.name,
      .script = script.text,
      .command_line = options.command_line,
      .host = system.nodename,
      .system = fmt::format("{} {} {}", system.sysname, system.release, system.machine),
      .started = local_time(),
      .keys = std::move(keys)};
  return std::make_unique<output::Report>(std::move(info), milliseconds);
}

Result<void> check_report_path(const std::string& path, const std::string& output_file) {
  const std::string what = "write the report to " + path;
  struct stat info{};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode))
    return std::unexpected(Error{what, EISDIR, "name a file in it"});
  if (exists && ::access(path.c_str(), W_OK) != 0) return fail_errno(what);
  if (exists && !S_ISREG(info.st_mode)) return {};  // A pipe or a device: written as it is.
  const OwnedFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!file.valid() || ::fstat(file.get(), &info) != 0) return fail_errno(what);
  // The page is written beside its place, then renamed.
  const std::unique_ptr<char, decltype(&std::free)> place(::realpath(path.c_str(), nullptr),
                                                          &std::free);
  if (!place) return fail_errno(what);
  // By another spelling of the name, or by a link.
  std::error_code error;
  const bool is_output = std::filesystem::equivalent(path, output_file, error);
  // Another program may have begun to write one of that name just now.
  if (!exists && info.st_size == 0) ::unlink(place.get());
  if (is_output) {
    return std::unexpected(
        Error{what + ": -o writes to the same file", 0, "give one of them another name"});
  }
  std::string beside = std::string(place.get()) + ".XXXXXX";
  const OwnedFd fd(::mkostemp(beside.data(), O_CLOEXEC));
  if (!fd.valid()) return fail_errno(what);
  ::unlink(beside.c_str());
  return {};
}

}  // namespace sonde::driver
