// What scontrol and sacctmgr say of a site, against recorded outputs.
#include <catch2/catch.hpp>

#include "executors/slurm/site.hpp"
#include "tests/executors/slurm/recorded.hpp"

using namespace hpo;
using namespace hpo::slurm;
using std::chrono::seconds;

using Words = std::vector<std::string>;

TEST_CASE("site: limits of time are read in all of Slurm's forms", "[slurm]") {
  const auto [text, expected] = GENERATE(table<std::string, TimeLimit>({
      {"30", seconds(1800)}, {"10:00", seconds(600)}, {"01:00:00", seconds(3600)},
      {"2-00", seconds(172800)}, {"2-00:00:00", seconds(172800)}, {"1-02:03", seconds(93780)},
      {"UNLIMITED", std::nullopt}, {"NONE", std::nullopt}, {"", std::nullopt}, {"-5", std::nullopt},
      {"1:2:3:4", std::nullopt}, {"1:", std::nullopt}, {"99999999999999999999", std::nullopt}}));
  INFO(text);
  CHECK(time_limit_of(text) == expected);
}

TEST_CASE("site: a limit of time is written as scontrol does", "[slurm]") {
  CHECK(limit_text(seconds(600)) == "00:10:00");
  CHECK(limit_text(seconds(180'000)) == "2-02:00:00");
}

TEST_CASE("site: the configuration says whether accounting is kept, and enforced", "[slurm]") {
  const auto accounted = parse_config(recorded("config_22.05.txt"));
  REQUIRE(accounted);
  CHECK(*accounted == SiteConfig{.version = "22.05.8", .cluster = "hpotest",
                                 .has_accounting = true, .enforces_accounts = true,
                                 .enforces_limits = true, .enforces_qos = true,
                                 .finished_kept = seconds(10)});
  const auto plain = parse_config(recorded("config_22.05_plain.txt"));
  REQUIRE(plain);
  CHECK_FALSE(plain->has_accounting);
  CHECK_FALSE(plain->enforces_accounts);
}

TEST_CASE("site: partitions have their limits and their doors", "[slurm]") {
  const auto own = parse_partitions(recorded("partitions_22.05.txt"));
  REQUIRE(own);
  REQUIRE(own->size() == 6);
  CHECK(own->at(0) == Partition{.name = "batch", .state = "UP", .is_default = true,
                                .time_default = seconds(3600), .nodes = 4});
  CHECK(own->at(1).time_max == seconds(600));
  CHECK(own->at(5).state == "DOWN");
  const auto newer = parse_partitions(recorded("partitions_24.05.txt"));
  REQUIRE(newer);
  CHECK(newer->at(0) == Partition{.name = "gpu", .state = "UP", .qos = "gpu_part",
                                  .is_default = true, .time_max = seconds(172800), .nodes_max = 8,
                                  .memory_max_mb = 480000, .nodes = 64,
                                  .accounts_denied = {"guests"},
                                  .qos_allowed = {"normal", "long"}});
  CHECK(newer->at(1).is_hidden);
  CHECK(newer->at(1).accounts == Words{"ops"});
  CHECK(newer->at(1).cpus_max == 32);
}

TEST_CASE("site: a node has what it leaves to jobs, and no free text adds to it", "[slurm]") {
  const auto own = parse_nodes(recorded("nodes_22.05.txt"));
  REQUIRE(own);
  REQUIRE(own->size() == 4);
  CHECK(own->at(1) == Node{.name = "n2", .cpus = 16, .memory_mb = 64000, .gpus = 2,
                           .features = {"cpu", "fast"},
                           .partitions = {"batch", "short", "low", "low_cancel", "high", "down"}});
  const auto newer = parse_nodes(recorded("nodes_24.05.txt"));
  REQUIRE(newer);
  CHECK(newer->at(0) == Node{.name = "g001", .cpus = 126, .memory_mb = 500000, .gpus = 4,
                             .features = {"a100", "hbm80g"}, .partitions = {"gpu", "service"}});
  CHECK(newer->at(1).gpus == 3);
  CHECK(newer->at(2) == Node{.name = "l001", .cpus = 16, .memory_mb = 64000});
}

TEST_CASE("site: associations and QOS are read, and their limits", "[slurm]") {
  const auto own = parse_associations(recorded("associations_22.05.txt"));
  REQUIRE(own);
  CHECK(*own == std::vector<Association>{{.cluster = "hpotest", .account = "hpo",
                                          .qos = {"normal", "tiny"}, .default_qos = "normal"}});
  const auto newer = parse_associations(recorded("associations_24.05.txt"));
  REQUIRE(newer);
  CHECK(newer->at(1) == Association{.cluster = "alps", .account = "m4711_g", .partition = "gpu",
                                    .qos = {"normal"}, .jobs_max = 4, .submit_max = 10,
                                    .time_max = seconds(43200)});
  CHECK(newer->at(2).submit_max == 0);
  const auto qos = parse_qos(recorded("qos_22.05.txt"));
  REQUIRE(qos);
  CHECK(qos->at(1) == Qos{.name = "tiny", .time_max = seconds(600), .jobs_max = 2,
                          .submit_max = 4});
  const auto newer_qos = parse_qos(recorded("qos_24.05.txt"));
  REQUIRE(newer_qos);
  CHECK(newer_qos->at(1).overrides_partition_time);
}

TEST_CASE("site: a cut listing says so, an empty one is none", "[slurm]") {
  CHECK_FALSE(parse_partitions("PartitionName=batch Allow"));
  CHECK_FALSE(parse_nodes("NodeName=n1 CPUTot=16"));
  CHECK_FALSE(parse_associations("alps|m4711||lo\n"));
  CHECK_FALSE(parse_qos("normal||\n"));
  CHECK_FALSE(parse_config(""));
  const auto none = parse_nodes("No nodes in the system\n");
  REQUIRE(none);
  CHECK(none->empty());
}
