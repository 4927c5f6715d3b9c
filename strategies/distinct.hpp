// Proposals without repetition, for studies whose objective has no noise.
//
// A layer around any strategy: what equals the values of a finished or open trial, or of an
// earlier member of the batch, is drawn anew. When a space has no values left, it is exhausted.
// The set of tried values is a cache: rebuilt from the history, it is the same. Like every
// strategy: one thread at a time.
#pragma once

#include "strategies/strategy.hpp"

namespace hpo {

std::unique_ptr<Strategy> make_distinct(const StudySpec& spec, std::unique_ptr<Strategy> inner);

}  // namespace hpo
