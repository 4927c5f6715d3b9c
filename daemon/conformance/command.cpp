// See command.hpp.
#include "daemon/conformance/command.hpp"

#include <ostream>

#include "daemon/conformance/scenario.hpp"
#include "schema/decode/decode.hpp"

namespace hpo::conformance {

Result<bool> carry_out(const std::string& text, const StrategyFinder& find, std::ostream& report) {
  const DecodedStudy decoded = decode_study(text);
  if (!decoded.spec) {
    return Error{ErrorCode::invalid_argument, "the study cannot be read: " +
                 decoded.problems.front().message, "--test-strategy",
                 "let 'hpo strategy test' write it"};
  }
  const auto entry = find(*decoded.spec);
  if (!entry) return entry.error();
  Findings findings;
  const Case* taken = nullptr;
  const std::vector<Case> cases = cases_for(*decoded.spec);
  for (const Case& each : cases) {
    if (try_space(each, *entry, findings) && taken == nullptr) taken = &each;
  }
  if (taken != nullptr) {
    try_long_history(*taken, *entry, findings);
    try_end(finite_case(*decoded.spec), *entry, findings);
  }
  report << findings.text();
  return findings.are_good();
}

}  // namespace hpo::conformance
