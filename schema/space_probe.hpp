// Whether the constraints of a space leave anything to search: values are tried by chance.
//
// Always the same tries, so that whoever asks gets the same answer: the decoder, which refuses a
// study without any, and strategies, which start from the values found. Pure, any thread; takes
// some hundredths of a second if there is nothing, else what it takes to find one.
#pragma once

#include <optional>

#include "schema/search_space.hpp"

namespace hpo {

inline constexpr int probe_tries = 100'000;

struct Probe {
  std::optional<Values> values{};        // the first that fulfil all constraints
  std::optional<std::size_t> culprit{};  // else a constraint that nothing fulfilled, if any
  bool is_never_finite = false;          // whatever that one was to compare
};

Probe probe_space(const SearchSpace& space);

}  // namespace hpo
