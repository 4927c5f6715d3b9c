// Worker jobs, as an executor and their workers see them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <utility>

#include "daemon/loop/sha256.hpp"
#include "schema/connect_file.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using loop::Held;
using test::Rig;

namespace {

// Starts nothing: a test says what becomes of its jobs.
struct Site {
  std::mutex mutex{};
  std::vector<JobRequest> submitted{};
  std::map<std::string, JobStatus> jobs{};
  bool is_doubtful = false;   // the next submission: nobody knows what became of it
  Outcome end_of_all{};       // of those that are submitted from now on, if it is one
  bool ends_all = false;

  JobRequest request(std::size_t index) {
    for (;;) {
      const std::lock_guard lock(mutex);
      if (submitted.size() > index) return submitted[index];
    }
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return submitted.size();
  }
  void end(const std::string& job, const Outcome& outcome) {
    const std::lock_guard lock(mutex);
    jobs[job] = {.state = JobState::ended, .native_id = "id", .outcome = outcome};
  }
};

class OnSite final : public Executor {
 public:
  explicit OnSite(Site& site) : site_(site) {}

  Result<Submitted> submit(const JobRequest& request) override {
    const std::lock_guard lock(site_.mutex);
    site_.submitted.push_back(request);
    JobStatus status{.state = JobState::running, .native_id = "id"};
    if (site_.ends_all) status = {JobState::ended, "id", site_.end_of_all, {}};
    site_.jobs[request.job.name] = status;
    if (std::exchange(site_.is_doubtful, false)) {
      return Error{ErrorCode::outcome_unknown, "no answer", "submit", "none"};
    }
    return Submitted{.native_id = "id", .is_running = true};
  }
  Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) override {
    const std::lock_guard lock(site_.mutex);
    std::vector<JobStatus> all;
    for (const Job& job : jobs) all.push_back(site_.jobs.at(job.name));
    return all;
  }
  Result<void> cancel(std::span<const Job> jobs) override {
    for (const Job& job : jobs) site_.end(job.name, {.status = OutcomeStatus::cancelled});
    return {};
  }
  Result<JobStatus> find(const Job& job) override {
    const std::lock_guard lock(site_.mutex);
    return site_.jobs.at(job.name);
  }

 private:
  Site& site_;
};

test::Seams seams(Site& site) {
  return {.executor = [&site](auto) { return std::make_unique<OnSite>(site); }};
}

StudySpec with_workers(int trials, int workers) {
  const auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","command":["train"],)"
      R"("objective":{"minimize":"loss"},"strategy":"sobol","dispatch":"workers",)"
      R"("executor":{"type":"slurm","time":"1h","slots":2,"cpus":3,"lease":"1h",)"
      R"("submit_rate":100},"workers":)" + std::to_string(workers) + R"(,"budget":{"trials":)" +
      std::to_string(trials) + "}}");
  REQUIRE(decoded.spec);
  return *decoded.spec;
}

std::string name_in(const JobRequest& request) {
  const auto& command = request.spec.command;
  return *std::next(std::ranges::find(command, "--name")) + "-4711-9f3c";
}

json::Node said(const Result<loop::Reply>& reply) {
  REQUIRE(reply);
  return *json::parse_own(reply->body, "reply");
}

// Trials that the worker has after it asked for so many.
std::vector<Held> pull(Rig& rig, const std::string& worker, int count) {
  loop::Exchange wish{.study = "jets", .worker = worker, .slots = 2, .holds = std::vector<Held>{},
                      .start = count, .wait = std::chrono::seconds(20)};
  while (static_cast<int>(wish.holds->size()) < count) {
    wish.start = count - static_cast<int>(wish.holds->size());
    const json::Node reply = said(rig.ask(wish));
    for (const json::Node& trial : reply.find("trials")->items) {
      wish.holds->push_back({static_cast<int>(trial.find("trial")->integer),
                             trial.find("fence")->integer});
    }
  }
  return *wish.holds;
}

bool is_told_to_leave(Rig& rig, const std::string& worker, const std::vector<Held>& ended) {
  loop::Exchange last{.study = "jets", .worker = worker, .slots = 2,
                      .holds = std::vector<Held>{}};
  for (const Held& lease : ended) {
    last.ended.push_back({lease, {.status = OutcomeStatus::completed, .value = 0.5}});
  }
  const json::Node reply = said(rig.ask(last));
  return reply.find("leave") != nullptr && reply.find("leave")->boolean;
}

Outcome crash() {
  return {.status = OutcomeStatus::failed, .failure = FailureClass::exit_code, .exit_code = 6,
          .message = "no daemon here"};
}

const Outcome left{.status = OutcomeStatus::completed, .exit_code = 0};

}  // namespace

TEST_CASE("a worker job is `hpo worker`, with all that its slots need", "[loop]") {
  Site site;
  Rig rig(seams(site));
  REQUIRE(rig.ask(loop::SubmitStudy{with_workers(9, 1)}));
  const JobRequest request = site.request(0);
  const std::vector<std::string> words(request.spec.command.begin() + 1,
                                       request.spec.command.end());
  const std::string name = name_in(request).substr(0, name_in(request).find("-4711"));
  CHECK(words == std::vector<std::string>{"worker", "--study", "jets", "--slots", "2", "--name",
                                          name, "--max-time", "3590s", "--else-connect",
                                          request.job.directory + "/connect.json"});
  CHECK(request.spec.is_worker);
  CHECK(request.executor.cpus == 6);
  CHECK(request.spec.params == "{}");
  CHECK(request.spec.environment.contains("HPO_STATE_DIR"));
  CHECK(request.job.directory.ends_with("studies/jets/workers/0/1"));
}

SCENARIO("a worker job's token opens its study until the job has ended, revoked or not",
         "[loop]") {
  Site site;
  Rig rig(seams(site));
  REQUIRE(rig.ask(loop::SubmitStudy{with_workers(2, 1)}));
  const JobRequest request = site.request(0);
  const auto file = connect_file_from(request.connect, "connect.json");
  REQUIRE(file);
  const std::string hash = *loop::sha256_hex(file->token);
  CHECK(rig.reader()->token(hash)->value().study == "jets");
  REQUIRE(rig.ask(loop::RevokeTokens{"jets"}));  // what people have
  CHECK(*rig.reader()->token(hash));
  const auto held = pull(rig, name_in(request), 2);
  CHECK(rig.reader()->token(hash)->value().left <= std::chrono::hours(2));  // 1 h, and 1 h
  CHECK(is_told_to_leave(rig, name_in(request), held));
  site.end(request.job.name, left);
  CHECK(rig.wait_for_end("jets").progress.completed == 2);
  CHECK_FALSE(*rig.reader()->token(hash));
}

SCENARIO("worker jobs share a study, and leave when it has nothing left", "[loop]") {
  Site site;
  Rig rig(seams(site));
  REQUIRE(rig.ask(loop::SubmitStudy{with_workers(4, 2)}));
  const std::string first = name_in(site.request(0));
  const std::string second = name_in(site.request(1));
  const auto held = pull(rig, first, 2);
  const auto others = pull(rig, second, 2);
  WHEN("all have ended") {
    CHECK(is_told_to_leave(rig, second, others));
    CHECK(is_told_to_leave(rig, first, held));
    for (const std::size_t i : {0U, 1U}) site.end(site.request(i).job.name, left);
    CHECK(rig.wait_for_end("jets").progress.completed == 4);
    CHECK(site.count() == 2);
  }
  WHEN("one dies") {
    site.end(site.request(0).job.name, crash());
    THEN("its trials come back at once, for the one that takes its place") {
      const std::string third = name_in(site.request(2));
      const auto again = pull(rig, third, 2);
      CHECK(again[0].trial == held[0].trial);
      CHECK(again[0].fence > held[0].fence);
      CHECK(is_told_to_leave(rig, second, others));
      CHECK(is_told_to_leave(rig, third, again));
      for (const std::size_t i : {1U, 2U}) site.end(site.request(i).job.name, left);
      const auto row = rig.wait_for_end("jets");
      CHECK(row.progress.completed == 4);
      CHECK(row.progress.attempts == 6);
      CHECK((row.workers.ended == 2 && row.workers.lost == 1));
    }
  }
  WHEN("the study is paused") {
    REQUIRE(rig.ask(loop::PauseStudy{"jets"}));
    CHECK(is_told_to_leave(rig, first, held));
    site.end(site.request(0).job.name, left);
    rig.wait_for("jets", [](const auto& row) { return row.workers.ended == 1; });
    CHECK(site.count() == 2);
  }
}

TEST_CASE("three worker jobs that end before they ask pause the study", "[loop]") {
  Site site;
  site.ends_all = true;
  site.end_of_all = crash();
  Rig rig(seams(site));
  REQUIRE(rig.ask(loop::SubmitStudy{with_workers(9, 1)}));
  const auto row = rig.wait_for_pause("jets");
  CHECK(row.progress.reason == StudyReason::workers);
  CHECK(row.progress.detail.find("no daemon here") != std::string::npos);
  CHECK(site.count() == 3);
}

TEST_CASE("a submission in doubt is looked for by its name, not made again", "[loop]") {
  Site site;
  site.is_doubtful = true;
  Rig rig(seams(site));
  REQUIRE(rig.ask(loop::SubmitStudy{with_workers(2, 1)}));
  rig.wait_for("jets", [](const auto& row) { return row.workers.running == 1; });
  const std::string worker = name_in(site.request(0));
  CHECK(is_told_to_leave(rig, worker, pull(rig, worker, 2)));
  site.end(site.request(0).job.name, left);
  CHECK(rig.wait_for_end("jets").progress.completed == 2);
  CHECK(site.count() == 1);
}

TEST_CASE("a cancelled study takes its worker jobs with it", "[loop]") {
  Site site;
  Rig rig(seams(site));
  REQUIRE(rig.ask(loop::SubmitStudy{with_workers(9, 2)}));
  site.request(1);
  REQUIRE(rig.ask(loop::CancelStudy{"jets"}));
  CHECK(rig.wait_for_end("jets").progress.state == StudyState::cancelled);
}
