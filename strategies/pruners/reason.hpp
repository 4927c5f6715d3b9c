// Words for the reasons of decisions. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "schema/study.hpp"

namespace hpo::pruning {

// Six digits are enough for people: the exact value lies in the report.
std::string short_number(double number);

// "value 0.61 at step 5": as the training told it, not as a loss.
std::string value_at(double loss, std::int64_t step, Direction direction);

// One in eta: "half", "third", "quarter", else "1/4.5".
std::string fraction_words(double eta);

}  // namespace hpo::pruning
