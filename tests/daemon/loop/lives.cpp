// See lives.hpp.
#include "tests/daemon/loop/lives.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <utility>

#include "executors/batch/batch_executor.hpp"
#include "executors/runner/exit_file.hpp"
#include "schema/decode/decode.hpp"
#include "schema/paths.hpp"

namespace hpo::test {
namespace {

using namespace std::chrono_literals;

// As the daemon's wiring has them.
loop::ExecutorRules rules_of_slurm() {
  return {.is_on_this_node = false, .poll_interval = 30s, .locate_interval = 15s,
          .absent_after = 330s, .cancel_interval = 60s, .backoff = 15s, .backoff_max = 10min};
}

StudySpec study_on_slurm(const std::string& name) {
  return *decode_study(R"({"name":")" + name + R"(","space":{"x":{"float":[0,1]}},)"
                       R"("command":["true"],"workdir":"/","objective":{"minimize":"loss"},)"
                       R"("strategy":"sobol","parallel":1,"budget":{"trials":1},)"
                       R"("executor":{"type":"slurm","time":"8h"}})").spec;
}

}  // namespace

Lives::Lives() { begin(); }

Lives::~Lives() { end(); }

loop::Orchestrator::Parts Lives::parts() {
  auto store = store::Store::open({.path = database(), .survives_power_loss = false});
  REQUIRE(store);
  installation_ = (*store)->installation();
  const ExecutorConfig config{.hpo_program = "/usr/bin/hpo",
                              .ended_directory = root_.path() + "/ended",
                              .installation = installation_,
                              .monotonic_ns = [this] { return threads_->monotonic_ns(); },
                              .utc_ns = [this] { return threads_->utc_ns(); }};
  loop::Executors executors;
  executors.emplace("slurm", std::make_unique<batch::BatchExecutor>(
                                 config, std::make_unique<FakeScheduler>(cluster)));
  return {.config = {.state_directory = root_.path(), .database = database(),
                     .rules = {{"slurm", rules_of_slurm()}}, .space_min_bytes = 0,
                     .reserve_bytes = 4096},
          .store = std::move(*store), .executors = std::move(executors),
          .readers = [path = database()] { return store::Reader::open(path); },
          .fatal = [](const Error& error) { FAIL(error.what); },
          .log = [](std::string_view, const std::string&) {}};
}

void Lives::begin() {
  threads_ = std::make_unique<sim::SimThreads>(chance_, now_ns_);
  orchestrator_ = std::make_unique<loop::Orchestrator>(parts(), *threads_);
  threads_->engine([this] { REQUIRE(orchestrator_->start()); });
  pass(1ms);
}

void Lives::end() {
  now_ns_ = threads_->monotonic_ns();
  orchestrator_.reset();
  threads_.reset();
}

void Lives::restart() {
  end();
  begin();
}

void Lives::pass(std::chrono::nanoseconds time) {
  const std::int64_t end_ns = threads_->monotonic_ns() + time.count();
  while (threads_->monotonic_ns() < end_ns) REQUIRE(threads_->step());
}

void Lives::submit(const std::string& study) {
  const std::size_t before = cluster.submitted.size();
  orchestrator_->post({.body = loop::SubmitStudy{study_on_slurm(study)}},
                      [](const Result<loop::Reply>& reply) { REQUIRE(reply); });
  pass(1s);
  REQUIRE(cluster.submitted.size() == before + 1);
}

void Lives::end_job() {
  const AttemptSpec& spec = cluster.submitted.back();
  const std::string directory = StatePaths{root_.path()}.attempt(spec.study, spec.trial,
                                                                 spec.attempt);
  if (trains) trains(directory);
  const runner::Attempt attempt{.spec = spec, .job = spec.job,
                                .paths = runner::paths_in(directory, spec.attempt)};
  REQUIRE(runner::write_exit(attempt, {.status = OutcomeStatus::completed, .value = 0.5}));
  cluster.jobs.clear();
}

std::string Lives::stray() const { return "hpo" + installation_ + "straystr"; }

std::unique_ptr<store::Reader> Lives::reader() const {
  auto opened = store::Reader::open(database());
  REQUIRE(opened);
  return *std::move(opened);
}

}  // namespace hpo::test
