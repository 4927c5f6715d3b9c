// The runner as a program of its own, for tests: exec DIR [HEAD_BYTES TAIL_BYTES], or as the job
// script calls it, exec DIR unprepared KEY CODE WHY. By one warm training: warm LOG DIR…; prints
// how often its script was started, which is again after some milliseconds here. With slow in the
// place of warm, a load is long after a second; with brief, it is given up then.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "executors/runner/attempt.hpp"
#include "executors/runner/exec.hpp"
#include "executors/runner/supervise.hpp"
#include "executors/runner/warm.hpp"

namespace {

hpo::runner::WarmLimits limits_of(const std::string& word) {
  hpo::runner::WarmLimits limits{.pause = std::chrono::milliseconds(5)};
  if (word == "slow") limits.slow = std::chrono::seconds(1);
  if (word == "brief") limits.load = std::chrono::seconds(1);
  return limits;
}

int carry_out_warm(const hpo::runner::WarmLimits& limits, const char* log, int count,
                   char** directories) {
  using namespace hpo;
  const auto first = runner::load_attempt(directories[0]);
  const auto signals = runner::take_over_signals();
  if (!first || !signals) return 2;
  runner::WarmServer warm(runner::warm_command(*first), log, limits);
  int code = 0;
  for (int k = 0; k < count; ++k) {
    code |= exec_attempt(directories[k], warm, [](const std::string&) {});
  }
  std::printf("%d\n", warm.starts());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string word = argc > 3 ? argv[1] : "";
  if (word == "warm" || word == "slow" || word == "brief") {
    return carry_out_warm(limits_of(word), argv[2], argc - 3, argv + 3);
  }
  if (argc == 3 && std::strcmp(argv[1], "exec") == 0) return hpo::exec_attempt(argv[2]);
  if (argc == 7) {
    return hpo::exec_unprepared(
        argv[2], {.key = argv[4], .exit_code = std::atoi(argv[5]), .what = argv[6]});
  }
  if (argc != 5) return 2;
  return hpo::exec_attempt(argv[2], {.head_bytes = std::atoll(argv[3]),
                                     .tail_bytes = std::atoll(argv[4])});
}
