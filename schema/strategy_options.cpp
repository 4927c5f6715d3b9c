// The table.
#include "schema/strategy_options.hpp"

#include <algorithm>

namespace hpo {
namespace {

using Kind = StrategyOption::Kind;

std::vector<StrategyOption> make_table() {
  return {
      {.strategy = "cma_es", .name = "sigma0", .kind = Kind::number, .low = 1e-3, .high = 1.0,
       .fallback = 0.2, .meaning = "the first standard deviation, in units of a parameter's range",
       .source = "Hansen (2009), BI-population CMA-ES: 2 of a range of 10"},
      {.strategy = "cma_es", .name = "population", .kind = Kind::integer, .low = 4, .high = 10'000,
       .meaning = "trials per generation; default: 4 + 3 ln(number of parameters), at least "
                  "`parallel`",
       .source = "Hansen (2016), arXiv:1604.00772, equation 48"},
      {.strategy = "cma_es", .name = "restarts", .kind = Kind::word, .words = {"ipop", "bipop"},
       .fallback = std::string("ipop"),
       .meaning = "after convergence: ever larger populations, or large and small ones in turn",
       .source = "Auger and Hansen (2005); Hansen (2009)"},
      {.strategy = "cma_es", .name = "warm_start", .kind = Kind::integer, .low = 0,
       .high = 100'000, .fallback = std::int64_t{0},
       .meaning = "so many completed trials first, of any origin; the search starts around the "
                  "best tenth of them",
       .source = "Nomura et al. (2021), arXiv:2012.06932"},
      {.strategy = "gp", .name = "pending", .kind = Kind::word,
       .words = {"ucb_pe", "kriging_believer"}, .fallback = std::string("ucb_pe"),
       .meaning = "with trials open: the model begins while some of the first are open, and ever "
                  "more trials, up to half of them, explore where the best may still be; or all "
                  "wait for the first, then take open trials for finished, with the values that "
                  "the model expects",
       .source = "Song et al. (2024), arXiv:2408.11527; Ginsbourger et al. (2010)"}};
}

}  // namespace

std::span<const StrategyOption> strategy_options() {
  static const std::vector<StrategyOption> table = make_table();
  return table;
}

std::span<const StrategyOption> options_of(std::string_view strategy) {
  const auto all = strategy_options();
  const auto is_its = [strategy](const StrategyOption& o) { return o.strategy == strategy; };
  const auto begin = std::find_if(all.begin(), all.end(), is_its);
  return {begin, std::find_if_not(begin, all.end(), is_its)};
}

bool is_legal(const StrategyOption& option, const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return option.kind == Kind::word &&
           std::find(option.words.begin(), option.words.end(), *text) != option.words.end();
  }
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  if (option.kind == Kind::word || (!whole && !(real && option.kind == Kind::number))) return false;
  const double number = whole ? static_cast<double>(*whole) : *real;
  return number >= option.low && number <= option.high;
}

}  // namespace hpo
