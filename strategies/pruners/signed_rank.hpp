// Wilcoxon's signed-rank test of paired differences, kept as they come in.
//
// Wilcoxon (1945), "Individual comparisons by ranking methods". A difference costs one pass over
// those before it, in whole numbers: sums of ranks in halves are exact. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpo::pruning {

class SignedRank {
 public:
  // REQUIRES: not NaN; at most 1,024 of them: a caller's limit, which bounds the pass
  void add(double difference);

  std::size_t count() const { return sizes_.size(); }

  // The probability that the ranks of positive differences sum up to as much or more, if each sign
  // were the toss of a coin. Zeros count half to either side ("zsplit"). Up to 50 differences
  // without zeros and ties: exact. Else by the normal distribution with its variance corrected for
  // ties (Lehmann 1975, section 3.2), without a correction for continuity. 1 without a difference.
  double p_greater() const;

 private:
  std::vector<double> sizes_{};       // absolute values, as they came
  std::vector<char> is_positive_{};
  std::int64_t positives_twice_ = 0;  // twice the rank sum of the positive ones
  std::int64_t zeros_ = 0;
  std::int64_t ties_ = 0;             // sum of c³ - c over groups of c equal sizes
};

}  // namespace hpo::pruning
