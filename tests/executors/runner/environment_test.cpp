// Names of variables.
#include <catch2/catch.hpp>

#include "executors/runner/environment.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("a parameter's variable is upper case without dots and dashes", "[environment]") {
  CHECK(variable_of("opt.lr-max_2") == "HPO_P_OPT_LR_MAX_2");
}
