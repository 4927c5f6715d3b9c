// What a site said, as tables, as problems and as JSON.
#include <catch2/catch.hpp>

#include "cli/site_report.hpp"

using namespace hpo;
using namespace hpo::cli;

namespace {

SiteAnswer small_site() {
  SiteAnswer answer;
  answer.has_answered = true;
  answer.site.partitions = {{.name = "gpu", .state = "UP", .is_default = true,
                             .time_max = std::chrono::seconds(600), .nodes = 2},
                            {.name = "ops", .state = "UP", .is_hidden = true}};
  answer.site.nodes = {{.name = "g1", .cpus = 8, .memory_mb = 2048, .partitions = {"gpu"}},
                       {.name = "g2", .cpus = 4, .gpus = 2, .partitions = {"gpu", "ops"}}};
  answer.unknown = {"accounts\x1b[2J: nobody knows"};
  return answer;
}

}  // namespace

TEST_CASE("site report: a partition is shown with the most that a node of it has", "[cli]") {
  CHECK(site_text(small_site(), Terminal{}) ==
        "PARTITION\tSTATE\tTIME\tNODES\tCPUS\tMEMORY\tGPUS\n"
        "gpu*\tUP\t00:10:00\t2\t8\t2G\t2\n"
        "\nnot known  accounts\xEF\xBF\xBD[2J: nobody knows\n");
}

TEST_CASE("site report: a problem has its place and its remedy", "[cli]") {
  const std::vector<slurm::SiteProblem> problems{
      {slurm::Weight::error, "too wide", "MaxSubmitPU", "lower it"},
      {slurm::Weight::note, "known", {}, {}}};
  CHECK(problems_text(problems, false) ==
        "error: too wide\n  where MaxSubmitPU\n  mend  lower it\nnote: known\n");
  CHECK(has_errors(problems));
  CHECK_FALSE(has_errors({{slurm::Weight::note, "known", {}, {}}}));
}

TEST_CASE("site report: what is not known is null in JSON", "[cli]") {
  const std::string text = check_json(small_site(), {});
  CHECK_THAT(text, Catch::StartsWith("{\"answered\":true,\"problems\":[],"));
  CHECK_THAT(text, Catch::Contains("\"test\":null"));
  CHECK_THAT(text, Catch::Contains("\"accounts\":null,\"qos\":null"));
  CHECK_THAT(text, Catch::Contains("\"time_s\":600,\"nodes\":2,\"cpus_per_node\":8"));
}
