// hpod.log's lines of what happens to studies, and to jobs on batch systems: facts with keys, one
// line an event.
//
// Of trials on this node there are hundreds in a second, and `hpo trial` tells it all: only the
// first failure of each class is a line. Pure; any thread.
#pragma once

#include <optional>
#include <set>
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

// Of a study that trains on this node. `told`: the classes of failures that have had their line.
std::optional<LogLine> log_line_here(std::string_view study, const Event& event,
                                     std::set<FailureClass>& told);

}  // namespace hpo::loop
