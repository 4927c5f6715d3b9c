// The trial to take home from a study with much noise: the one that does best on average.
//
// The best value observed is luck in part, the more so the more trials there are. The model of the
// strategy `gp` tells what the values of each trial give on average, whoever proposed them. A cache
// of the history, like a strategy. One thread at a time.
#pragma once

#include <memory>
#include <optional>

#include "schema/history.hpp"
#include "schema/study.hpp"

namespace hpo {

struct Recommendation {
  int trial = 0;
  double value = 0.0;  // of the metric, as expected: no trial need have had it
  friend bool operator==(const Recommendation&, const Recommendation&) = default;
};

class Recommender {
 public:
  virtual ~Recommender() = default;

  // One of the completed trials; nullopt if there is none. Depends on the history alone. As long
  // as a fit of the model takes: seconds, for thousands of trials that it has not seen before.
  virtual std::optional<Recommendation> recommend(const History& history) = 0;
};

std::unique_ptr<Recommender> make_recommender(const StudySpec& spec);

}  // namespace hpo
