// See command.hpp.
#include "daemon/replay/command.hpp"

#include <unistd.h>

#include <ostream>

#include "daemon/replay/decisions.hpp"
#include "daemon/replay/report.hpp"

namespace hpo::replay {

Result<bool> carry_out(std::istream& pages, const std::string& format, const std::string& build,
                       std::ostream& report, const StrategyFinder& find) {
  constexpr int niceness = 10;
  if (format != "text" && format != "json") {
    return Error{ErrorCode::invalid_argument, "there is no format '" + format + "'", "--replay",
                 "choose text or json"};
  }
  (void)!::nice(niceness);
  const auto study = read_export(pages);
  if (!study) return study.error();
  const auto found = replay(*study, find);
  if (!found) return found.error();
  const SearchSpace& space = study->spec.space;
  const auto decisions = replay_decisions(*study);
  if (!decisions) return decisions.error();
  if (format == "json") {
    report << report_json(*found, *decisions, space, build) << "\n";
  } else {
    report << report_text(*found, space, build) << report_text(*decisions);
  }
  return found->is_equal() && decisions->different == 0;
}

}  // namespace hpo::replay
