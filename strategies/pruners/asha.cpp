// ASHA: successive halving without brackets. See halving.hpp for the rule and its papers.
#include <memory>

#include "schema/pruner_options.hpp"
#include "strategies/options.hpp"
#include "strategies/pruners/halving.hpp"

namespace hpo {

Result<std::unique_ptr<Rule>> make_asha(const StudySpec& spec) {
  const auto options = OptionValues::of_pruner(spec);
  if (!options) return options.error();
  const bool pauses = options->word("type") == halving_promotion;
  return std::unique_ptr<Rule>(std::make_unique<pruning::Halving>(
      spec, pauses, pruning::BracketSizes{1.0}));
}

}  // namespace hpo
