// A trial's command in a form to paste: what a training gets, and what it leaves, by hand.
#pragma once

#include <string>

namespace hpo::cli {

// What the runner started in this attempt's directory, with the variables that the training reads;
// "" if the directory is gone. What it writes goes to DIR/by-hand: the attempt's files stay.
std::string by_hand(const std::string& attempt_directory);

}  // namespace hpo::cli
