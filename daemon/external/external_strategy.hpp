// A user's own program as a strategy: "strategy": {"type": "external", "command": [ … ]}.
//
// The program is a cache like any strategy's: it may be ended and started again at any time, and is
// then told everything. Blocks while the program thinks; like every strategy, one thread at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "schema/study.hpp"
#include "strategies/strategy.hpp"

namespace hpo::external {

struct Patience {
  static constexpr int failures_max = 3;  // in a row; then the study learns of it
  std::chrono::milliseconds reply{60'000};
  std::chrono::milliseconds back_off{500};  // before the second try; four times that for the next
};

// Touches no file: the program is looked for and started with the first question. An ask's Error
// tells what the program did wrong the last time, and quotes it.
// `log_path`: where its stderr goes; "": nowhere.
std::unique_ptr<Strategy> make_strategy(const StudySpec& spec, const std::string& log_path,
                                        const Patience& patience);

// What finds the strategies of the house, and makes external ones of what a study says. Their
// stderr lies where `log_path_of` a study's name says.
using LogPathOf = std::function<std::string(const std::string& study)>;
inline std::string no_log(const std::string&) { return {}; }
StrategyFinder strategy_finder(LogPathOf log_path_of);

}  // namespace hpo::external
