// When a model is fitted anew: at numbers of finished trials that are the same for every study.
//
// Never by time, so that a study replays. Each fit begins at the last one's kernel, so whoever has
// lost the model walks through all of them: their number grows with the logarithm of the trials'.
// Pure functions, any thread.
#pragma once

#include <cstddef>

namespace hpo::gp {

// The first count of finished trials after `last` at which a fit is due: each of the first 32,
// then after a sixteenth more, beyond 1,000 after an eighth more.
constexpr std::size_t next_fit(std::size_t last) {
  constexpr std::size_t often = 16;
  constexpr std::size_t seldom = 8;
  constexpr std::size_t many = 1000;
  const std::size_t more = last / (last < many ? often : seldom);
  return last + (more > 1 ? more : 1);
}

}  // namespace hpo::gp
