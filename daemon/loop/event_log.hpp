// hpod.log's lines of what happens to jobs on batch systems: facts with keys, one line an event.
//
// Trials on this node have none: there are hundreds in a second, and `hpo trial` tells it all.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/event.hpp"

namespace hpo::loop {

struct LogLine {
  std::string_view level{};  // "info" or "warn"
  std::string text{};
};

// nullopt: the event is not one to be logged.
std::optional<LogLine> log_line(std::string_view study, const Event& event);

}  // namespace hpo::loop
