// Hyperband: successive halving several times side by side, with first rungs ever higher, for who
// does not know how early a curve tells its end.
//
// Li et al. (2018), JMLR 18:185. Its loop over brackets is replaced by a draw for each trial, with
// the brackets' sizes as weights, as in Optuna (Akiba et al. 2019): brackets fill side by side, and
// which one a trial belongs to follows from its number alone.
#include <memory>

#include "schema/pruner_options.hpp"
#include "strategies/options.hpp"
#include "strategies/pruners/halving.hpp"
#include "strategies/pruners/ladder.hpp"

namespace hpo {

Result<std::unique_ptr<Rule>> make_hyperband(const StudySpec& spec) {
  const auto options = OptionValues::of_pruner(spec);
  if (!options) return options.error();
  pruning::BracketSizes sizes = pruning::bracket_sizes(*spec.fidelity);
  if (options->has("brackets")) {
    const auto wanted = static_cast<std::size_t>(options->integer("brackets"));
    if (wanted < sizes.size()) sizes.resize(wanted);
  }
  const bool pauses = options->word("type") == halving_promotion;
  return std::unique_ptr<Rule>(std::make_unique<pruning::Halving>(spec, pauses, std::move(sizes)));
}

}  // namespace hpo
