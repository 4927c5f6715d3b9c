// name=value words as numbers by name, and what they say of a trial's end. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "schema/outcome.hpp"
#include "schema/result.hpp"

namespace hpo::cli {

// nan and inf are numbers here. Error: invalid_argument for a word that is no name=number, and for
// a name twice.
Result<std::map<std::string, double>> metrics_of(const std::vector<std::string>& words);

// How a trial of a study that wants `metric` has ended: completed with its value, or failed as
// non_finite. Error: invalid_argument if the metric is missing.
Result<Outcome> outcome_of(const std::map<std::string, double>& metrics,
                           const std::string& metric);

}  // namespace hpo::cli
