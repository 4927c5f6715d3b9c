// MOBSTER's model: the search of `gp` by what trials told at all rungs, over params and fidelity.
//
// Klein, Tiao, Lienart, Archambeau and Seeger (2020), "Model-based asynchronous hyperparameter and
// neural architecture search", arXiv:2003.10768, section 4: one Gaussian process over the params
// and the logarithm of the steps; new trials are chosen by what they promise at the highest rung
// that enough trials have reached. Asynchronous successive halving, the other half, is a pruner:
// `asha`, or any of them.
//
// As in the paper the kernel is a Matérn of all axes, here of the one product with the level for
// another. Differently: targets are put on one scale from rung to rung (gp/levels), open
// trials are seen as `gp` sees them, and enough are d + 3 with d parameters, as with `bohb`. A
// tenth of the trials is drawn, not bohb's third: on recorded curves of five other data sets that
// costs fewer trials, and on made-up curves that cross, a model that only follows low rungs finds
// the best less often. The last level, where a trial is whole, has the values with which trials
// completed.
#include "strategies/gp/levels.hpp"
#include "strategies/gp_search.hpp"
#include "strategies/options.hpp"

namespace hpo {

Result<std::unique_ptr<Strategy>> make_mobster(const StudySpec& spec) {
  const auto options = OptionValues::make(spec, "mobster");
  if (!options) return options.error();
  return make_gp_search(spec, {.levels = gp::rung_levels(*spec.fidelity),
                               .random_fraction = options->number("random_fraction")});
}

}  // namespace hpo
