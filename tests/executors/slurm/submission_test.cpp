// sbatch's answer.
#include <catch2/catch.hpp>

#include "executors/slurm/submission.hpp"

using namespace hpo;
using namespace hpo::slurm;

TEST_CASE("sbatch: an id is a number, with or without a cluster", "[slurm]") {
  CHECK(job_id_of("13\n") == "13");
  CHECK(job_id_of("129;hpotest\n") == "129");
  CHECK(job_id_of("") == "");
  CHECK(job_id_of("Submitted batch job 13\n") == "");
}
