// What a test may cost, in CPU time: other programs on the machine do not count.
#pragma once

#include <ctime>

namespace hpo::test {

// Of hostile texts: ten times what they take here, for slow machines; the thread sanitiser is ten
// times as slow.
#ifdef __SANITIZE_THREAD__
inline constexpr double seconds_max = 50;
#else
inline constexpr double seconds_max = 5;
#endif

class CpuTime {
 public:
  double seconds() const { return now() - begin_; }

 private:
  static double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
  double begin_ = now();
};

}  // namespace hpo::test
