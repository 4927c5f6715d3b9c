// The k lowest of the numbers so far, apart from the others, where k may grow with each number.
//
// Two heaps: a number costs O(log n) if k grows by at most one with it, and 8 bytes for ever. One
// thread at a time.
#pragma once

#include <cstddef>
#include <vector>

namespace hpo::pruning {

class Lowest {
 public:
  // REQUIRES: no NaN; 1 <= low_count <= size() + 1, and not below the low_count before
  void add(double number, std::size_t low_count);

  std::size_t size() const { return low_.size() + high_.size(); }
  double low_max() const { return low_.front(); }  // of the lowest; REQUIRES: size() > 0
  double high_min() const;                         // of the others; +inf if there are none

 private:
  std::vector<double> low_{};   // the greatest in front
  std::vector<double> high_{};  // the least in front
};

}  // namespace hpo::pruning
