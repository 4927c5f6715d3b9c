// Search spaces and histories that tests of strategies share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "schema/history.hpp"
#include "schema/study.hpp"

namespace hpo {

// What the bounds of a domain may be at most.
inline constexpr std::int64_t int_max = SearchSpace::int_max;
inline constexpr double float_max = std::numeric_limits<double>::max() / 2.0;

SearchSpace space_of(std::vector<Parameter> parameters);

// Parameters p0, p1, p2, … with these domains.
SearchSpace space_of_domains(const std::vector<Domain>& domains);

// An optimizer of three kinds; one has a momentum, and nesterov above a half of it; the others have
// a beta. 1 to 4 layers, of which the third has units.
SearchSpace conditional_space();

// Six values: 4 of momentum for "sgd", "adam" and "lion" without.
SearchSpace six_conditional_values();

SearchSpace constrained_space(std::vector<Parameter> parameters,
                              const std::vector<std::string>& constraints);

Domain choice(std::vector<ParamValue> choices);
Domain ordinal(std::vector<ParamValue> levels);
ParamValue word_value(const char* text);
ParamValue integer(std::int64_t k);

StudySpec study_of(SearchSpace space, Noise noise = Noise::low);

// Builds a history trial by trial; history_seq counts up from 1.
class HistoryBuilder {
 public:
  explicit HistoryBuilder(std::size_t dimension) : history_(dimension) {}

  void add(const Values& values, TrialState state = TrialState::completed, double value = 0.0);

  // The same for a trial that ends out of turn.
  void add(int number, const Values& values, TrialState state, double value);

  // What it told at a rung, before or after it ended.
  void tell(int number, int rung, double value);

  History& history() { return history_; }

 private:
  History history_;
  std::int64_t seq_ = 0;
};

}  // namespace hpo
