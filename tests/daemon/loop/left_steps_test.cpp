// Steps that were written and not told: kept when the attempt is given up, or with its late result.
#include "daemon/loop/left_steps.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <utility>

#include "executors/attempt_directory.hpp"
#include "executors/runner/claim.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "schema/paths.hpp"
#include "tests/daemon/loop/forwarding_executor.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using loop::Held;
using test::Rig;
using Catch::Contains;

namespace {

void write_steps(const std::string& directory, std::int64_t first, std::int64_t last) {
  std::ofstream file(directory + "/" + std::string(metrics_name), std::ios::app);
  for (std::int64_t step = first; step <= last; ++step) {
    file << R"({"step": )" << step << R"(, "loss": 0.5})" << "\n";
  }
}

StudySpec pulled_study() {
  return *decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","strategy":"sobol",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1s"},)"
      R"("fidelity":{"name":"epochs","min":1,"max":9,"eta":3},"pruner":"asha",)"
      R"("parallel":2,"budget":{"trials":2}})").spec;
}

struct Leased {
  Held lease{};
  std::string job{};
};

// Both trials.
std::vector<Leased> leases_of(Rig& rig, const std::string& worker) {
  loop::Exchange wish{.study = "jets", .worker = worker, .slots = 2,
                      .holds = std::vector<Held>{}, .wait = std::chrono::seconds(20)};
  std::vector<Leased> all(2);
  while (wish.holds->size() < 2) {
    wish.start = static_cast<int>(2 - wish.holds->size());
    const auto reply = rig.ask(wish);
    REQUIRE(reply);
    const auto root = *json::parse_own(reply->body, "reply");
    for (const json::Node& trial : root.find("trials")->items) {
      const int number = static_cast<int>(json::integer_at(trial, "trial"));
      wish.holds->push_back({number, json::integer_at(trial, "fence")});
      all[static_cast<std::size_t>(number)] = {wish.holds->back(), json::text_at(trial, "job")};
    }
  }
  return all;
}

void tell_step_of(Rig& rig, Held lease, std::int64_t step) {
  REQUIRE(rig.ask(loop::RenewLease{"jets", lease, {{lease, step, {{"loss", 0.5}}}}}));
}

// "step:attempt", with "l" where it came late.
std::string curve_of(Rig& rig, int trial = 0) {
  std::string text;
  const auto rows = rig.reader()->reports({.study = "jets", .trial = trial});
  for (const JudgedReport& row : *rows) {
    text += std::to_string(row.report.step) + ":" + std::to_string(row.report.attempt) +
            (row.report.is_late ? "l " : " ");
    if (row.report.is_late) CHECK(row.decision == Decision{});
  }
  return text;
}

loop::Exchange late_words(Held lease, const Outcome& outcome) {
  loop::Exchange said{.study = "jets", .worker = "one", .holds = std::vector<Held>{},
                      .ended = {{lease, outcome}}};
  for (const std::int64_t step : {2, 4, 6, 7}) {
    said.reports.push_back({lease, step, {{"loss", 9.0}}});
  }
  return said;
}

// Its first job is gone until a second one runs. Then it has written on, and brings a result.
class ComingBack final : public test::ForwardingExecutor {
 public:
  using ForwardingExecutor::ForwardingExecutor;

  Result<Submitted> submit(const JobRequest& request) override {
    if (++submits_ > 1) return Submitted{.native_id = "2"};
    first_ = request.job;
    std::filesystem::create_directories(first_.directory);
    write_steps(first_.directory, 1, 2);
    return Submitted{.native_id = "1"};
  }
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override {
    std::vector<JobStatus> all;
    for (const Job& job : jobs) all.push_back(job.name == first_.name ? first() : second());
    return all;
  }
  Result<void> cancel(std::span<const Job>) override {
    is_cancelled_ = true;
    return {};
  }

 private:
  JobStatus first() {
    if (submits_ < 2) return {.state = JobState::gone};
    if (!std::exchange(has_ended_, true)) write_steps(first_.directory, 3, 4);
    return {.state = JobState::ended,
            .outcome = Outcome{.status = OutcomeStatus::completed, .value = 0.25}};
  }
  JobStatus second() const {
    if (!is_cancelled_) return {.state = JobState::running};
    return {.state = JobState::ended, .outcome = Outcome{.status = OutcomeStatus::cancelled}};
  }

  Job first_{};
  int submits_ = 0;
  bool has_ended_ = false;
  bool is_cancelled_ = false;
};

}  // namespace

SCENARIO("a job that was given up and comes back with the result brings its steps", "[loop]") {
  Rig rig({.executor = [](auto real) { return std::make_unique<ComingBack>(std::move(real)); }});
  REQUIRE(rig.ask(loop::SubmitStudy{test::study("jets", 1)}));
  CHECK(rig.wait_for_end("jets").progress.best_value == 0.25);
  CHECK(curve_of(rig) == "1:1 2:1 3:1l 4:1l ");
}

TEST_CASE("what is left of an attempt is read if its directory is that attempt's", "[loop]") {
  const test::FreshDirectory root;
  const Job job{.name = "hpoaaaa-1-0-1", .directory = root.path(), .native_id = {},
                .identity = "of the attempt"};
  CHECK(left_steps(job).empty());
  write_steps(root.path(), 1, 2);
  CHECK(left_steps(job).empty());  // nobody has claimed it
  REQUIRE(*runner::take_claim(root.path(), job.name, job.identity));
  CHECK(left_steps(job).size() == 2);
  CHECK(left_steps({.name = "hpobbbb-1-0-1", .directory = root.path(), .native_id = {},
                          .identity = "of another one"}).empty());
  write_steps(root.path(), 3, 100'000);
  const auto last = left_steps(job);
  CHECK(last.size() < 100'000);
  CHECK(last.back().step == 100'000);
}

SCENARIO("a lease that runs out loses no step, and a late result that counts brings its steps",
         "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled_study()}));
  const auto first = leases_of(rig, "one");
  for (const Leased& each : first) tell_step_of(rig, each.lease, 1);
  const std::string directory = StatePaths{rig.directory()}.attempt("jets", 0, 1);
  std::filesystem::create_directories(directory);
  REQUIRE(*runner::take_claim(directory, first[0].job));
  write_steps(directory, 1, 3);
  rig.wait_for("jets", [](const store::StudyRow& row) { return row.waiting == 2; });
  CHECK(curve_of(rig, 0) == "1:1 2:1 3:1 ");
  CHECK(curve_of(rig, 1) == "1:1 ");
  const auto second = leases_of(rig, "two");
  for (const Leased& each : second) tell_step_of(rig, each.lease, 4);
  for (int i = 0; i < 2; ++i) {  // said twice
    CHECK(rig.ask(late_words(first[0].lease, {.status = OutcomeStatus::failed,
                                              .failure = FailureClass::exit_code})));
    CHECK(rig.ask(late_words(first[1].lease, {.status = OutcomeStatus::completed,
                                              .value = 0.25})));
  }
  CHECK(curve_of(rig, 0) == "1:1 2:1 3:1 4:2 ");  // it did not count
  CHECK(curve_of(rig, 1) == "1:1 2:1l 4:2 6:1l 7:1l ");
  for (const Leased& each : second) {
    REQUIRE(rig.ask(loop::TellTrial{"jets", {each.lease, {.status = OutcomeStatus::pruned}}}));
  }
  const auto ended = rig.wait_for_end("jets");
  CHECK(ended.progress.completed == 1);  // whatever a pruner thinks of those steps
  CHECK(ended.progress.best_value == 0.25);
}

SCENARIO("no result is promised to count after the last attempt; a late one is told in words",
         "[loop]") {
  Rig rig;
  StudySpec spec = pulled_study();
  spec.retry.max = 0;
  REQUIRE(rig.ask(loop::SubmitStudy{spec}));
  const auto first = leases_of(rig, "one");
  for (const Leased& each : first) tell_step_of(rig, each.lease, 1);
  rig.wait_for_end("jets");
  CHECK_THAT(rig.reader()->attempts("jets", 0)->at(0).outcome.message,
             Contains("no attempt follows, and a result that it may still send is kept, not "));
  CHECK(rig.ask(late_words(first[0].lease, {.status = OutcomeStatus::completed, .value = 0.25,
                                            .metrics = {{"auc", 0.5}}})));
  CHECK(rig.ask(late_words(first[1].lease, {.status = OutcomeStatus::failed,
                                            .failure = FailureClass::exit_code,
                                            .message = "no beam"})));
  const auto told = [&](int trial) {
    const auto rows = rig.reader()->doubts("jets", trial);
    return json::text_at(*json::parse_own(rows->at(0).data, "event"), "message");
  };
  CHECK(told(0) == "a late result, not counted: completed, value 0.25, auc 0.5");
  CHECK(told(1) == "a late result, not counted: failed (exit_code): no beam");
}
