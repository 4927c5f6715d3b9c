// The runner as a program of its own, for tests: exec DIR [HEAD_BYTES TAIL_BYTES], or as the job
// script calls it, exec DIR unprepared KEY CODE WHY.
#include <cstdlib>
#include <cstring>

#include "executors/runner/exec.hpp"

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "exec") == 0) return hpo::exec_attempt(argv[2]);
  if (argc == 7) {
    return hpo::exec_unprepared(
        argv[2], {.key = argv[4], .exit_code = std::atoi(argv[5]), .what = argv[6]});
  }
  if (argc != 5) return 2;
  return hpo::exec_attempt(argv[2], {.head_bytes = std::atoll(argv[3]),
                                     .tail_bytes = std::atoll(argv[4])});
}
