// The list of executors: words of study.json, each once, each able to refuse a bad configuration.
#include <catch2/catch.hpp>
#include <set>

#include "executors/executor.hpp"

using namespace hpo;

TEST_CASE("the registry holds each executor once", "[registry]") {
  std::set<std::string_view> names;
  for (const ExecutorEntry& entry : executors()) CHECK(names.insert(entry.name).second);
  CHECK(names == std::set<std::string_view>{"local", "simulated", "slurm"});
}

TEST_CASE("an executor that lacks what it needs says so instead of being made", "[registry]") {
  for (const ExecutorEntry& entry : executors()) {
    INFO(entry.name);
    const auto made = entry.make(ExecutorConfig{});
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(made.error().remedy.empty());
  }
}
