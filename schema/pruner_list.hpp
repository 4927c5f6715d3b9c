// The pruners of this version, for whoever lists them or checks a name. Constant, any thread.
#pragma once

#include <array>
#include <string_view>

namespace hpo {

struct PrunerText {
  std::string_view name{};
  std::string_view summary{};
  std::string_view source{};       // the papers; empty where there is none
  bool needs_fidelity = false;     // its rungs are made from "fidelity"
};

// "none", and those of strategies/pruners/pruners.def.
inline constexpr std::array pruner_list{
    PrunerText{"asha", "lets the best fraction of the trials at each rung go on",
               "Li et al. (2020), arXiv:1810.05934; Jamieson and Talwalkar (2016)", true},
    PrunerText{"hyperband", "asha several times, with first rungs that lie ever higher",
               "Li et al. (2018), JMLR 18:185", true},
    PrunerText{"median", "stops what is worse than the median of the completed trials",
               "Golovin et al. (2017), Google Vizier, section 3.2.1; Optuna", false},
    PrunerText{"none", "lets every trial run to its end", "", false},
    PrunerText{"percentile", "stops what is not among the best share of the completed trials",
               "Akiba et al. (2019), Optuna", false},
    PrunerText{"wilcoxon", "stops what a test on the common steps finds worse than the best trial; "
                           "for folds and instances", "Wilcoxon (1945); Optuna", false}};

}  // namespace hpo
