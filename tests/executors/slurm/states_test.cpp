// Slurm's state words.
#include <catch2/catch.hpp>

#include "executors/slurm/states.hpp"

using namespace hpo;
using namespace hpo::slurm;

TEST_CASE("slurm states: words, words with a suffix, words that nobody knows", "[slurm]") {
  CHECK(phase_of("PENDING", "Priority") == Phase::queued);
  CHECK(phase_of("PENDING", "JobHeldUser") == Phase::held);
  CHECK(phase_of("CANCELLED by 0", "") == Phase::ended);
  CHECK(phase_of("DREAMING", "") == Phase::unknown);
}
