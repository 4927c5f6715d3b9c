// Names of workers, and which GPUs their slots see.
#include "cli/worker/identity.hpp"

#include <catch2/catch.hpp>

using namespace hpo::cli::worker;

TEST_CASE("a worker's name fits the daemon's rule whatever the host is called", "[worker]") {
  CHECK(worker_name("node7.site", 4711, 0x9f3c) == "node7.site-4711-c3f9");
  CHECK(worker_name("a b/c", 1, 0) == "a-b-c-1-0000");
  CHECK(worker_name("", 1, 0) == "worker-1-0000");
  CHECK(worker_name("_a", 1, 0) == "worker_a-1-0000");
  CHECK(worker_name(std::string(300, 'x'), 2'000'000'000, 1).size() <= name_bytes_max);
}

TEST_CASE("a list of GPUs is numbers, each once", "[worker]") {
  CHECK(*gpus_from("0") == std::vector{0});
  CHECK(*gpus_from("3,0,12") == std::vector{3, 0, 12});
  const std::string text = GENERATE("", ",", "0,", "0,,1", "a", "-1", "0,0", "0 1", "1024");
  INFO(text);
  CHECK_FALSE(gpus_from(text));
}

TEST_CASE("GPUs are shared out among the slots", "[worker]") {
  CHECK(gpus_of_slot({}, 0, 2).empty());
  CHECK(gpus_of_slot({4, 5, 6, 7}, 1, 4) == std::vector{5});
  CHECK(gpus_of_slot({4, 5, 6, 7}, 1, 2) == std::vector{5, 7});
  CHECK(gpus_of_slot({4, 5}, 3, 4) == std::vector{5});  // two slots share each
}
