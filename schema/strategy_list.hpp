// The strategies of this version, for whoever lists them or checks a name. Constant, any thread.
#pragma once

#include <array>
#include <string_view>

namespace hpo {

struct StrategyText {
  std::string_view name{};
  std::string_view summary{};
  std::string_view source{};  // the papers; empty where there is none
  bool needs_fidelity = false;  // it is asked with what trials told at the rungs of "fidelity"
};

// `auto`, and those of strategies/strategies.def.
inline constexpr std::array strategy_list{
    StrategyText{"auto", "chooses for you, by what the study is like: gp for most", ""},
    StrategyText{"bohb", "tpe by what trials told at the highest rung that enough have reached; "
                         "with a pruner", "Falkner et al. (2018), arXiv:1807.01774", true},
    StrategyText{"cma_es", "moves to where trials get better; from some hundred trials on",
                 "Hansen (2016), arXiv:1604.00772; Hamano et al. (2025), arXiv:2504.07884"},
    StrategyText{"external", "asks a program of your own, in any language; its \"command\" says "
                             "which", ""},
    StrategyText{"gp", "models the values by a Gaussian process; the fewest trials",
                 "Jones et al. (1998); Ament et al. (2023), arXiv:2310.20708"},
    StrategyText{"grid", "all combinations of a few values, once each; its option \"values\" "
                         "lists those of a parameter", ""},
    StrategyText{"mobster", "gp by what trials told at all rungs, over params and fidelity; with a "
                            "pruner", "Klein et al. (2020), arXiv:2003.10768", true},
    StrategyText{"random", "independent draws; the yardstick",
                 "Bergstra and Bengio (2012), JMLR 13:281"},
    StrategyText{"sobol", "covers the space evenly; good for a first look",
                 "Sobol' (1967); Joe and Kuo (2008)"},
    StrategyText{"tpe", "learns where good trials lie; any space, many workers",
                 "Bergstra et al. (2011), section 4"}};

}  // namespace hpo
