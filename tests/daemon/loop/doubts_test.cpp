// What a trial's history tells of doubts, and of what executors found and mended.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <utility>

#include "schema/json/node.hpp"
#include "schema/paths.hpp"
#include "tests/daemon/loop/forwarding_executor.hpp"
#include "tests/daemon/loop/rig.hpp"
#include "tests/daemon/store/forwarding_store.hpp"

using namespace hpo;
using test::Rig;
using test::study;
using namespace std::chrono_literals;

namespace {

// Its first submission is in doubt and was never made; later it is found, twice.
class Doubtful final : public test::ForwardingExecutor {
 public:
  using ForwardingExecutor::ForwardingExecutor;
  Result<Submitted> submit(const JobRequest& request) override {
    if (first_.empty()) {
      first_ = request.job.name;
      return Error{ErrorCode::outcome_unknown, "timed out", "submit", "none"};
    }
    incidents_ = {{.job = first_, .message = "it came late"},
                  {.job = "hpostranger", .message = "nobody's"}};
    return ForwardingExecutor::submit(request);
  }
  Result<JobStatus> find(const Job& job) override {
    if (job.name == first_) return JobStatus{.state = JobState::absent};
    return ForwardingExecutor::find(job);
  }
  std::vector<Incident> take_incidents() override { return std::exchange(incidents_, {}); }

 private:
  std::string first_{};
  std::vector<Incident> incidents_{};
};

// What former lives have told it of absences, and what this one tells.
struct Absences {
  std::chrono::nanoseconds kept{};
  std::vector<std::chrono::nanoseconds> told{};
};

class Remembering final : public test::ForwardingStore {
 public:
  Remembering(std::unique_ptr<Store> real, Absences& absences)
      : ForwardingStore(std::move(real)), absences_(absences) {}
  Result<std::chrono::nanoseconds> absence_of(std::string_view) override { return absences_.kept; }
  Result<void> keep_absence(std::string_view job, std::chrono::nanoseconds absent) override {
    absences_.told.push_back(absent);
    return ForwardingStore::keep_absence(job, absent);
  }

 private:
  Absences& absences_;
};

// Its trainings write more steps than hpod reads after their end.
constexpr std::int64_t flood_bytes = runner::backlog_bytes_max + 2 * runner::look_bytes_max;

class Flooding final : public test::ForwardingExecutor {
 public:
  using ForwardingExecutor::ForwardingExecutor;
  Result<Submitted> submit(const JobRequest& request) override {
    std::filesystem::create_directories(request.job.directory);
    std::ofstream file(request.job.directory + "/" + std::string(metrics_name));
    for (std::int64_t step = 0; file.tellp() < flood_bytes; ++step) {
      file << "{\"step\": " << step << ", \"loss\": 0.5, \"pad\": 1e"
           << std::string(1000, '0') << "}\n";
    }
    return ForwardingExecutor::submit(request);
  }
};

}  // namespace

TEST_CASE("a trial's history tells its doubts and incidents, each with the submission", "[loop]") {
  Rig rig({.executor = [](auto real) { return std::make_unique<Doubtful>(std::move(real)); }});
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1)}));
  CHECK(rig.wait_for_end("s").progress.completed == 1);
  const auto doubts = rig.reader()->doubts("s", 0);
  REQUIRE(doubts);
  REQUIRE(doubts->size() == 3);
  std::vector<std::string> jobs;
  for (const store::EventRow& row : *doubts) {
    jobs.push_back(json::text_at(*json::parse_own(row.data, "event"), "job"));
  }
  CHECK(doubts->at(0).kind == "attempt_unknown");
  CHECK(doubts->at(1).kind == "attempt_absent");
  CHECK(doubts->at(2).kind == "attempt_incident");
  CHECK(jobs == std::vector<std::string>(3, jobs.front()));
  CHECK(jobs.front().substr(0, 3) == "hpo");
}

TEST_CASE("how long a doubt has lasted is stored, and counts after a restart", "[loop]") {
  Absences absences;
  absences.kept = GENERATE(0ms, 1h);
  {
    Rig rig({.store = [&](auto real) {
               return std::make_unique<Remembering>(std::move(real), absences);
             },
             .executor = [](auto real) { return std::make_unique<Doubtful>(std::move(real)); }});
    REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1)}));
    CHECK(rig.wait_for_end("s").progress.completed == 1);
  }
  CHECK(std::ranges::is_sorted(absences.told));
  const bool is_waited_for = !absences.told.empty() && absences.told.back() >= 100ms;
  CHECK(is_waited_for == (absences.kept == 0ms));  // else the first look was enough
}

TEST_CASE("steps that came too fast to be read are told in the trial's history, once", "[loop]") {
  Rig rig({.executor = [](auto real) { return std::make_unique<Flooding>(std::move(real)); }});
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1)}));
  CHECK(rig.wait_for_end("s").progress.completed == 1);
  const auto doubts = rig.reader()->doubts("s", 0);
  REQUIRE(doubts->size() == 1);
  CHECK(doubts->front().kind == "attempt_incident");
  CHECK_THAT(doubts->front().data, Catch::Contains("more than 16384 KiB of its metrics.jsonl"));
}
