// See lowest.hpp.
#include "strategies/pruners/lowest.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace hpo::pruning {

void Lowest::add(double number, std::size_t low_count) {
  const bool is_low = !low_.empty() && number < low_.front();
  if (is_low) {
    low_.push_back(number);
    std::push_heap(low_.begin(), low_.end());
  } else {
    high_.push_back(number);
    std::push_heap(high_.begin(), high_.end(), std::greater<>());
  }
  while (low_.size() < low_count) {
    std::pop_heap(high_.begin(), high_.end(), std::greater<>());
    low_.push_back(high_.back());
    high_.pop_back();
    std::push_heap(low_.begin(), low_.end());
  }
  while (low_.size() > low_count) {
    std::pop_heap(low_.begin(), low_.end());
    high_.push_back(low_.back());
    low_.pop_back();
    std::push_heap(high_.begin(), high_.end(), std::greater<>());
  }
}

double Lowest::high_min() const {
  return high_.empty() ? std::numeric_limits<double>::infinity() : high_.front();
}

}  // namespace hpo::pruning
