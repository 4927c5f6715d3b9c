// Trials and reports as CSV (RFC 4180): one line each, params as param.NAME, metrics as one JSON
// object.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "schema/json/node.hpp"

namespace hpo::cli {

struct CsvColumns {
  std::vector<std::string> params{};  // in the space's order
};

// Of an exported study, which carries its spec.
CsvColumns csv_columns(const json::Node& study);
std::string csv_header(const CsvColumns& columns);
std::string csv_row(const CsvColumns& columns, const json::Node& trial);

std::string report_csv_header();
std::string report_csv_row(const json::Node& report);

}  // namespace hpo::cli
