// --report: what the page says of the run, and its file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "base/result.h"
#include "diag/source.h"
#include "driver/options.h"
#include "driver/script.h"
#include "output/report.h"

namespace sonde::driver {

// What the script writes between the brackets of each map, where it first does.
using KeyTexts = std::map<std::string, std::vector<std::string>>;
[[nodiscard]] KeyTexts key_texts(const ast::Program& tree, const diag::Sources& sources);

// Empty without --report. The start of the run is now.
[[nodiscard]] std::unique_ptr<output::Report> make_report(const Options& options,
                                                          const Script& script, KeyTexts keys);

// Whether the page can be written to `path` at the end, beside the results in `output_file` ("": not to a file): better known
// before a run than behind it. Leaves nothing there.
[[nodiscard]] Result<void> check_report_path(const std::string& path,
                                             const std::string& output_file);

}  // namespace sonde::driver
