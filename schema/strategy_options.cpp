// The table.
#include "schema/strategy_options.hpp"

namespace hpo {
namespace {

using Kind = Option::Kind;

std::vector<Option> make_table() {
  return {
      {.owner = "bohb", .name = "random_fraction", .kind = Kind::number, .low = 0.0, .high = 1.0,
       .fallback = 1.0 / 3.0,
       .meaning = "so many trials come from a quasi-random sequence, whatever the model says",
       .source = "Falkner et al. (2018), arXiv:1807.01774, algorithm 2"},
      {.owner = "cma_es", .name = "sigma0", .kind = Kind::number, .low = 1e-3, .high = 1.0,
       .fallback = 0.2, .meaning = "the first standard deviation, in units of a parameter's range",
       .source = "Hansen (2009), BI-population CMA-ES: 2 of a range of 10"},
      {.owner = "cma_es", .name = "population", .kind = Kind::integer, .low = 4, .high = 10'000,
       .meaning = "trials per generation; default: 4 + 3 ln(number of parameters), at least "
                  "`parallel`",
       .source = "Hansen (2016), arXiv:1604.00772, equation 48"},
      {.owner = "cma_es", .name = "restarts", .kind = Kind::word, .words = {"ipop", "bipop"},
       .fallback = std::string("ipop"),
       .meaning = "after convergence: ever larger populations, or large and small ones in turn",
       .source = "Auger and Hansen (2005); Hansen (2009)"},
      {.owner = "cma_es", .name = "warm_start", .kind = Kind::integer, .low = 0,
       .high = 100'000, .fallback = std::int64_t{0},
       .meaning = "so many completed trials first, of any origin; the search starts around the "
                  "best tenth of them",
       .source = "Nomura et al. (2021), arXiv:2012.06932"},
      {.owner = "gp", .name = "pending", .kind = Kind::word,
       .words = {"ucb_pe", "kriging_believer"}, .fallback = std::string("ucb_pe"),
       .meaning = "with trials open: the model begins while some of the first are open, and ever "
                  "more trials, up to half of them, explore where the best may still be; or all "
                  "wait for the first, then take open trials for finished, with the values that "
                  "the model expects",
       .source = "Song et al. (2024), arXiv:2408.11527; Ginsbourger et al. (2010)"},
      {.owner = "mobster", .name = "random_fraction", .kind = Kind::number, .low = 0.0,
       .high = 1.0, .fallback = 0.1,
       .meaning = "so many trials come from a quasi-random sequence, whatever the model says",
       .source = "strategies/mobster.cpp"}};
}

}  // namespace

std::span<const Option> strategy_options() {
  static const std::vector<Option> table = make_table();
  return table;
}

std::span<const Option> options_of(std::string_view strategy) {
  return options_of(strategy_options(), strategy);
}

}  // namespace hpo
