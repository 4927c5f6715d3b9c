// See signed_rank.hpp.
#include "strategies/pruners/signed_rank.hpp"

#include <cmath>

#include "strategies/normal.hpp"

namespace hpo::pruning {
namespace {

constexpr std::size_t exact_max = 50;

// For n = 0 … exact_max: the probability of a rank sum of s or more. The number of subsets of
// {1 … n} with a sum is below 2^50, so sums of them are exact.
std::vector<std::vector<double>> make_tails() {
  std::vector<std::vector<double>> tails(exact_max + 1);
  std::vector<double> ways{1.0};
  double subsets = 1.0;
  for (std::size_t n = 0; n <= exact_max; ++n) {
    if (n > 0) {
      subsets *= 2.0;
      ways.resize(ways.size() + n);
      for (std::size_t s = ways.size(); s-- > n;) ways[s] += ways[s - n];
    }
    tails[n].resize(ways.size());
    double sum = 0.0;
    for (std::size_t s = ways.size(); s-- > 0;) tails[n][s] = (sum += ways[s]) / subsets;
  }
  return tails;
}

double exact_tail(std::size_t n, std::int64_t rank_sum) {
  static const std::vector<std::vector<double>> tails = make_tails();
  return tails[n][static_cast<std::size_t>(rank_sum)];
}

}  // namespace

void SignedRank::add(double difference) {
  const double size = std::abs(difference);
  const bool is_positive = difference > 0.0;
  std::int64_t below = 0;
  std::int64_t equal = 0;
  std::int64_t equal_positive = 0;
  std::int64_t above_positive = 0;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    below += sizes_[i] < size ? 1 : 0;
    equal += sizes_[i] == size ? 1 : 0;
    equal_positive += sizes_[i] == size ? is_positive_[i] : 0;
    above_positive += sizes_[i] > size ? is_positive_[i] : 0;
  }
  // Those above move up by one rank; the middle rank of the equal ones, by a half.
  positives_twice_ += 2 * above_positive + equal_positive;
  if (is_positive) positives_twice_ += 2 * below + equal + 2;
  ties_ += 3 * equal * (equal + 1);
  zeros_ += size == 0.0 ? 1 : 0;
  sizes_.push_back(size);
  is_positive_.push_back(is_positive ? 1 : 0);
}

double SignedRank::p_greater() const {
  if (sizes_.empty()) return 1.0;
  if (sizes_.size() <= exact_max && zeros_ == 0 && ties_ == 0) {
    return exact_tail(sizes_.size(), positives_twice_ / 2);
  }
  const auto n = static_cast<double>(sizes_.size());
  const auto zeros_twice_half = static_cast<double>(zeros_ * (zeros_ + 1) / 2);
  const double sum = (static_cast<double>(positives_twice_) + zeros_twice_half) / 2.0;
  const double mean = n * (n + 1.0) / 4.0;
  const double variance =
      (n * (n + 1.0) * (2.0 * n + 1.0) - static_cast<double>(ties_) / 2.0) / 24.0;
  return normal::cdf((mean - sum) / std::sqrt(variance));
}

}  // namespace hpo::pruning
