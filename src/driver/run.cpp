// Compile, load, attach, print until the end.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"
#include "base/file.h"
#include "driver/compile.h"
#include "driver/messages.h"
#include "driver/modes.h"
#include "driver/report.h"
#include "driver/targets.h"
#include "runtime/reported.h"
#include "runtime/runtime.h"

namespace sonde::driver {
namespace {

// stdout, or the file of -o.
Result<OwnedFd> open_output(const Options& options) {
  if (options.output_file.empty() && options.format == Format::Pprof &&
      ::isatty(STDOUT_FILENO) == 1)
    return fail("a profile is not for the terminal", 0, "write it to a file: -o FILE");
  if (options.output_file.empty()) return OwnedFd(::dup(STDOUT_FILENO));
  OwnedFd fd(::open(options.output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd.valid()) return fail_errno("open " + options.output_file);
  return fd;
}

// Whether what was traced may hold nothing that `fd`, if it is a terminal, would obey.
bool escapes_controls(const plan::Settings& settings, int fd) {
  using Escape = plan::Settings::Escape;
  return settings.escape_controls == Escape::Always ||
         (settings.escape_controls == Escape::Auto && ::isatty(fd) == 1);
}

std::unique_ptr<output::Sink> make_sink(const Options& options, const plan::Settings& settings,
                                        int fd, output::Writer& out, output::Writer& err) {
  // With the other formats text goes to standard error.
  const bool is_text_on_err = options.format == Format::Folded || options.format == Format::Pprof;
  const output::SinkOptions sink_options{
      .quiet = options.quiet,
      .escape = escapes_controls(settings, is_text_on_err ? STDERR_FILENO : fd),
      .escape_stacks = escapes_controls(settings, fd),
      .json_full = settings.json_full,
      .json_stack_frames = settings.json_stack_frames};
  switch (options.format) {
    case Format::Text: return output::make_text_sink(out, err, sink_options);
    case Format::Json: return output::make_json_sink(out, err, sink_options);
    case Format::Folded: return output::make_folded_sink(out, err, sink_options);
    case Format::Pprof: return output::make_pprof_sink(out, err, sink_options);
  }
  SONDE_UNREACHABLE();
}

// False after an error, which has been printed. A run that never began has nothing to show.
bool write_report(const output::Report& report, const Options& options) {
  if (options.dry_run || !report.has_started()) return true;
  if (const auto written = put_file(options.report_file, report.page()); !written) {
    print_error(written.error());
    return false;
  }
  if (!options.quiet) fmt::print(stderr, "Report: {}\n", options.report_file);
  return true;
}

runtime::Options runtime_options(const Options& options, const plan::Settings& settings,
                                 const std::string& cgroup) {
  runtime::Options run_options;
  run_options.command = options.command;
  run_options.pids = options.pids;
  run_options.cgroup = cgroup;
  run_options.purpose = options.test    ? runtime::Purpose::Tests
                        : options.bench ? runtime::Purpose::Benchmarks
                                        : runtime::Purpose::Trace;
  run_options.dry_run = options.dry_run;
  run_options.verbose = options.verbose;
  run_options.sync_detach = options.sync_detach;
  run_options.notify_fd = options.notify_fd;
  run_options.escape_messages = escapes_controls(settings, STDERR_FILENO);
  return run_options;
}

// `report` is null without --report.
int execute(Compilation& compilation, const plan::Program& program, const Options& options,
            const std::string& cgroup, output::Report* report) {
  auto fd = open_output(options);
  if (!fd) {
    print_error(fd.error());
    return 1;
  }
  output::Writer out(fd->get(), options.buffering);
  output::Writer err(STDERR_FILENO, output::Buffering::Line);
  const auto shown = make_sink(options, program.manifest.settings, fd->get(), out, err);
  const auto recorded = report != nullptr ? report->sink(*shown) : nullptr;
  output::Sink& sink = recorded ? *recorded : *shown;
  std::string verifier_log;
  std::string libbpf_log;
  runtime::Options run_options = runtime_options(options, program.manifest.settings, cgroup);
  if (options.shows("verifier")) run_options.verifier_log = &verifier_log;
  if (options.shows("libbpf")) run_options.libbpf_log = &libbpf_log;

  diag::Emitter emitter;  // The compiler's own messages have been printed.
  const auto status = runtime::run(program, compilation.sources, run_options, sink, emitter);
  sink.flush();
  fmt::print(dump_stream(options), "{}{}", libbpf_log, verifier_log);
  print_diagnostics(emitter, compilation.sources, options.verbose, !options.no_warnings);
  const bool reported = report == nullptr || write_report(*report, options);
  if (!status) {
    if (!runtime::is_reported(status.error())) print_error(status.error());
    return 1;
  }
  if (out.error() != 0 && out.error() != EPIPE) {
    print_error(Error{"write results", out.error(), {}});
    return 1;
  }
  return reported ? *status : 1;
}

}  // namespace

int run_script(const Options& options) {
  const auto script = load_script(options);
  if (!script) {
    print_error(script.error());
    return 1;
  }
  if (!options.report_file.empty()) {
    if (const auto allowed = check_report_path(options.report_file, options.output_file);
        !allowed) {
      print_error(allowed.error());
      return 1;
    }
  }
  Compilation compilation;
  const auto environment = prepare(compilation, options);
  if (!environment) return 1;
  const auto cgroup = target_cgroup(options);
  if (!cgroup) {
    print_error(cgroup.error());
    return 1;
  }
  const auto program = compile(compilation, *script, *environment, options);
  if (!program) return 1;
  if (!options.emit_elf.empty()) {
    if (const auto written = write_file(options.emit_elf, program->elf); !written) {
      print_error(written.error());
      return 1;
    }
  }
  if (!options.emit_elf.empty() || !options.emit_llvm.empty()) return 0;
  const auto report = make_report(options, *script, std::move(compilation.key_texts));
  return execute(compilation, *program, options, *cgroup, report.get());
}

}  // namespace sonde::driver
