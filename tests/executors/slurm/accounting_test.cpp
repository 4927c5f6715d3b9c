// sacct's listing.
#include <algorithm>

#include <catch2/catch.hpp>

#include "executors/slurm/accounting.hpp"
#include "executors/slurm/job_end.hpp"
#include "executors/slurm/states.hpp"
#include "tests/executors/slurm/recorded.hpp"

using namespace hpo;
using namespace hpo::slurm;

namespace {

AccountingRow only_row(const std::string& front) {
  const auto jobs = parse_accounting(front + "|hpoabcd12345678|None|hpoabcd12345678|\n");
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 1);
  return jobs->front();
}

}  // namespace

TEST_CASE("sacct: asks by name, and from a time that needs no time zone", "[slurm]") {
  const auto arguments = accounting_arguments({"hpoabcd12345678", "hpoabcd12345679"},
                                              std::chrono::hours(2));
  CHECK(arguments[4] == "--name=hpoabcd12345678,hpoabcd12345679");
  CHECK(arguments[5] == "--starttime=now-7200");
}

TEST_CASE("sacct: a row becomes a job", "[slurm]") {
  const AccountingRow job = only_row("2|CANCELLED by 1001|0:15|1795850324|1795850325|n1");
  CHECK(job == AccountingRow{.id = "2", .name = "hpoabcd12345678", .state = "CANCELLED by 1001",
                             .reason = "None", .node_list = "n1", .exit_code = 0, .signal = 15,
                             .start_s = 1795850324, .end_s = 1795850325});
}

TEST_CASE("sacct: an exit code without a signal, and none at all", "[slurm]") {
  CHECK(only_row("2|FAILED|3:0|1|2|n1").exit_code == 3);
  CHECK(only_row("2|FAILED|3:0|1|2|n1").signal == std::nullopt);
  const std::string odd = GENERATE("", "3", ":", "a:b", "3:", "99999999999:1");
  CHECK(only_row("2|FAILED|" + odd + "|Unknown|None|None assigned").signal.value_or(1) == 1);
}

TEST_CASE("sacct: a cut listing says so", "[slurm]") {
  const auto jobs = parse_accounting("2|COMPLETED|0:0|1|2|n1|hpoabcd12345678|None|hpoabcd1\n");
  REQUIRE_FALSE(jobs);
  CHECK(jobs.error().code == ErrorCode::corrupt);
}

TEST_CASE("sacct: a cluster without accounting is told from one that does not answer", "[slurm]") {
  CHECK(is_accounting_absent("Slurm accounting storage is disabled\n"));
  CHECK_FALSE(is_accounting_absent("sacct: error: slurm_persist_conn_open_without_init: failed to "
                                   "open persistent connection to host:localhost:6819: Connection "
                                   "refused\n"));
}

TEST_CASE("sacct: recorded ends have their classes", "[slurm]") {
  const auto [id, failure] = GENERATE(table<std::string, std::optional<FailureClass>>({
      {"11", FailureClass::infrastructure}, {"14", FailureClass::signal},
      {"15", FailureClass::signal}, {"16", FailureClass::infrastructure},
      {"17", FailureClass::timeout}, {"18", std::nullopt}, {"4", std::nullopt}}));
  const auto jobs = parse_accounting(recorded("accounting_22.05.txt"));
  REQUIRE(jobs);
  CHECK(jobs->size() == 29);
  const auto found = std::find_if(jobs->begin(), jobs->end(),
                                  [&](const AccountingRow& each) { return each.id == id; });
  REQUIRE(found != jobs->end());
  INFO(found->id << " " << found->state);
  CHECK(outcome_of({.state = found->state, .reason = found->reason, .exit_code = found->exit_code,
                    .signal = found->signal, .node_list = found->node_list,
                    .user_id = "999"}).failure == failure);
}

TEST_CASE("sacct: states of recorded listings are all known", "[slurm]") {
  for (const std::string& file : recorded_names("accounting_")) {
    const auto jobs = parse_accounting(recorded(file));
    REQUIRE(jobs);
    CHECK(jobs->size() > 5);
    for (const AccountingRow& each : *jobs) {
      INFO(file << ": " << each.id << " " << each.state);
      CHECK(phase_of(each.state, each.reason) != Phase::unknown);
      CHECK(each.exit_code);
    }
  }
}
