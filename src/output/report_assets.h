// The page of the report as it is built from src/output/report/ by cmake/ReportAssets.cmake.
#pragma once

#include <cstddef>
#include <span>

namespace sonde::output::report_assets {

// Compressed by gzip. In the text {{nonce}} and {{data}} are to be filled in.
extern const std::span<const unsigned char> kPage;
extern const std::size_t kPageBytes;  // Of the text: no less than it has.

}  // namespace sonde::output::report_assets
