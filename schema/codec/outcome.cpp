// Outcome <-> JSON: exit.json of the runner and the outcome column of an attempt. Any thread.
#include "schema/codec/outcome.hpp"

namespace hpo {

std::string outcome_to_json(const Outcome& outcome) { return codec::to_text(outcome); }

Result<Outcome> outcome_from_json(std::string_view text) {
  return codec::from_text<Outcome>(text, "outcome");
}

}  // namespace hpo
