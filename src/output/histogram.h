// Histograms as rows of text.
#pragma once

#include <span>
#include <string>

#include "output/value.h"

namespace sonde::output {

// The buckets from the first to the last that counted something; none if all are empty.
[[nodiscard]] std::span<const Histogram::Bucket> occupied(const Histogram& histogram);

// One line for each occupied bucket: label, count, bar. Nothing if all are empty.
void append_histogram(std::string& out, const Histogram& histogram);

// "[4, 8)", "[1K, 2K)", "(..., 0)", "[100, ...)"; a power-of-two bucket of one value is "[0]".
[[nodiscard]] std::string bucket_label(const types::BucketRange& range, bool linear);

}  // namespace sonde::output
