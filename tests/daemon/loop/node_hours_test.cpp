// What jobs of a batch system are given after a failure, and that no job goes beyond node-hours.
#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>

#include "schema/decode/decode.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using test::Rig;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t minute_ns = std::chrono::nanoseconds(std::chrono::minutes(1)).count();

// What a scheduler was asked for, and how each job is to end; the last end is that of all later.
struct Site {
  std::mutex mutex{};
  std::vector<JobRequest> submitted{};
  std::vector<Outcome> ends{};
};

class RecordingSite final : public Executor {
 public:
  explicit RecordingSite(Site& site) : site_(site) {}
  Result<Submitted> submit(const JobRequest& request) override {
    const std::lock_guard lock(site_.mutex);
    const std::size_t number = std::min(site_.submitted.size(), site_.ends.size() - 1);
    ends_[request.job.name] = site_.ends[number];
    site_.submitted.push_back(request);
    return Submitted{.native_id = "id-" + request.job.name, .is_running = true};
  }
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override {
    std::vector<JobStatus> all;
    for (const Job& job : jobs) all.push_back(*find(job));
    return all;
  }
  Result<void> cancel(std::span<const Job>) override { return {}; }
  Result<JobStatus> find(const Job& job) override {
    return JobStatus{.state = JobState::ended, .native_id = "id-" + job.name,
                     .outcome = ends_.at(job.name)};
  }

 private:
  Site& site_;
  std::map<std::string, Outcome> ends_{};
};

test::Seams seams_of(Site& site) {
  return {.executor = [&site](auto) { return std::make_unique<RecordingSite>(site); }};
}

Outcome after_half_an_hour(OutcomeStatus status, std::optional<FailureClass> failure = {}) {
  Outcome outcome{.status = status, .failure = failure, .started_ns = minute_ns,
                  .ended_ns = 31 * minute_ns};
  if (status == OutcomeStatus::completed) outcome.value = 1.0;
  return outcome;
}

// Jobs of one node-hour.
StudySpec study(const std::string& budget, const std::string& retry) {
  auto decoded = decode_study(
      R"({"name":"s","space":{"x":{"float":[0,1]}},"command":["true"],"workdir":"/",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"slurm","nodes":2,"time":"30m",)"
      R"("memory":"1G"},"parallel":4,"budget":)" + budget + R"(,"retry":)" + retry + "}");
  REQUIRE(decoded.spec);
  return *decoded.spec;
}

}  // namespace

SCENARIO("a job after a timeout gets more time, and after out_of_memory more memory", "[loop]") {
  Site site{.ends = {after_half_an_hour(OutcomeStatus::failed, FailureClass::timeout),
                     after_half_an_hour(OutcomeStatus::failed, FailureClass::out_of_memory),
                     after_half_an_hour(OutcomeStatus::completed)}};
  Rig rig(seams_of(site));
  REQUIRE(rig.ask(loop::SubmitStudy{study(
      R"({"trials":1})",
      R"({"max":2,"on":["timeout","out_of_memory"],"scale":{"time":2,"memory":1.5}})")}));
  REQUIRE(rig.wait_for_end("s").progress.completed == 1);
  const std::lock_guard lock(site.mutex);
  REQUIRE(site.submitted.size() == 3);
  const auto attempts = *rig.reader()->attempts("s", 0);
  REQUIRE(attempts.size() == 3);
  const std::vector<Asked> expected{{30min, 1LL << 30U}, {1h, 1LL << 30U}, {1h, 3LL << 29U}};
  for (std::size_t i = 0; i < 3; ++i) {
    INFO("attempt " << i + 1);
    CHECK(attempts[i].asked == expected[i]);
    CHECK(site.submitted[i].executor.time == expected[i].time);
    CHECK(site.submitted[i].spec.time == expected[i].time);
    CHECK(site.submitted[i].executor.batch.memory_bytes == expected[i].memory_bytes);
  }
}

SCENARIO("no job is submitted beyond the node-hours, and the study ends by them", "[loop]") {
  Site site{.ends = {after_half_an_hour(OutcomeStatus::completed),
                     after_half_an_hour(OutcomeStatus::completed),
                     after_half_an_hour(OutcomeStatus::failed, FailureClass::no_result)}};
  Rig rig(seams_of(site));
  REQUIRE(rig.ask(loop::SubmitStudy{study(R"({"trials":50,"node_hours":3.9})", "{}")}));
  const auto row = rig.wait_for_end("s");
  CHECK(row.progress.state == StudyState::finished);
  CHECK(row.progress.reason == StudyReason::node_hours);
  CHECK(row.progress.spent_node_ms == 3 * 3'600'000);
  CHECK(row.progress.created == 3);  // none was made in vain
  THEN("a retry is refused, and says why") {
    const auto refused = rig.ask(loop::RetryTrials{"s", {}});
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().what, Catch::Contains("node-hours"));
  }
  const std::lock_guard lock(site.mutex);
  CHECK(site.submitted.size() == 3);
}
