// One loop, one sentence.
#include "strategies/options.hpp"

#include <algorithm>

namespace hpo {

Result<void> check_options(const StudySpec& spec, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : spec.strategy.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string list;
    for (const std::string_view one : known) list += (list.empty() ? "" : ", ") + std::string(one);
    return Error{ErrorCode::invalid_argument,
                 "strategy '" + spec.strategy.type + "' has no option '" + name + "'",
                 "study.json /strategy/options/" + name,
                 list.empty() ? "remove it: this strategy has no options" : "use: " + list};
  }
  return {};
}

}  // namespace hpo
