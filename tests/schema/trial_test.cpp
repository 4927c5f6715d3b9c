// What the name of a worker's process tells.
#include <catch2/catch.hpp>

#include "schema/trial.hpp"

using namespace hpo;

TEST_CASE("a worker's process is of the worker job whose name it begins with", "[schema]") {
  CHECK(job_name_of_worker("hpoabcd-w3-4711-9f3c") == "hpoabcd-w3");
  CHECK(job_name_of_worker("hpoabcd-w3") == "");  // the job itself is no process
  CHECK(job_name_of_worker("node-7-4711-9f3c") == "node-7");
  for (const char* nobody : {"", "-", "w", "4711-9f3c"}) CHECK(job_name_of_worker(nobody) == "");
}
