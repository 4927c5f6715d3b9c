// Lives of one daemon, one after the other on the same directory, until the studies have ended.
//
// The orchestrator, engine and store are the real ones; threads, executor and client are simulated.
#include "tests/simulation/simulation.hpp"

#include <stdlib.h>

#include <filesystem>

#include "daemon/loop/orchestrator.hpp"
#include "schema/decode/decode.hpp"
#include "tests/daemon/store/power_loss_vfs.hpp"
#include "tests/simulation/client.hpp"
#include "tests/simulation/verify.hpp"

namespace hpo::sim {
namespace {

constexpr int lives_max = 40;
constexpr int steps_max = 60'000;  // of one life; a history that needs more does not end

// In memory where there is such a place: a simulation needs COMMITs, not a disk.
std::filesystem::path make_directory() {
  std::string pattern = std::filesystem::exists("/dev/shm") ? "/dev/shm/hpo-sim-XXXXXX"
                                                            : "/tmp/hpo-sim-XXXXXX";
  return ::mkdtemp(pattern.data());
}

Faults draw_faults(Chance& chance) {
  const auto maybe = [&](double highest) { return chance.happens(0.5) ? highest : 0.0; };
  return {.submit_unclear = maybe(0.1), .submit_unclear_not = maybe(0.1),
          .submit_unavailable = maybe(0.1), .submit_rejected = maybe(0.03),
          .poll_fails = maybe(0.2), .find_fails = maybe(0.3), .job_fails = maybe(0.15),
          .job_asks_retry = maybe(0.1), .job_vanishes = maybe(0.1), .job_returns = 0.5,
          .job_infeasible = maybe(0.1)};
}

class History {
 public:
  History(std::uint64_t seed, const Bugs& bugs)
      : chance_(seed), bugs_(bugs), world_(chance_, draw_faults(chance_), bugs.executor),
        client_(chance_, outcome_.violations), directory_(make_directory()) {
    std::filesystem::create_directories(directory_ / "ended");
    parallel_ = 1 + chance_.below(4);
    trials_ = 4 + chance_.below(10);
    client_.want({.body = loop::SubmitStudy{study()}});
  }
  explicit History(const Fault& fault)
      : chance_(1), world_(chance_, Faults{}, {}), client_(chance_, outcome_.violations),
        directory_(make_directory()), parallel_(2), fault_(fault) {
    std::filesystem::create_directories(directory_ / "ended");
    trials_ = is_of_files() ? 12 : 60;  // each gives more than 100 occasions
    if (is_of_files()) disk_ = std::make_unique<test::PowerLossVfs>("hpo-fault-loop");
    client_.want({.body = loop::SubmitStudy{study()}});
  }
  ~History() {
    if (!::getenv("HPO_SIM_KEEP")) std::filesystem::remove_all(directory_);
  }

  Outcome run() {
    while (!is_over_ && outcome_.lives < lives_max) live();
    if (!is_over_) outcome_.violations.push_back("the study did not end");
    if (disk_) {
      outcome_.has_fired |= disk_->damage().faults > 0;
      keep_disk();
    }
    outcome_.has_fired |= world_.has_failed();
    verify({database(), client_, world_, parallel_}, outcome_.violations, outcome_.counts);
    for (const auto& what : world_.violations()) outcome_.violations.push_back(what);
    for (const auto& [what, count] : world_.counts()) outcome_.counts[what] += count;
    outcome_.trials = world_.trainings();
    return std::move(outcome_);
  }

 private:
  std::string database() const { return (directory_ / "hpo.db").string(); }
  std::string vfs() const { return disk_ ? disk_->name() : "unix-excl"; }
  bool is_of_files() const {
    return fault_.kind == Fault::Kind::file_full || fault_.kind == Fault::Kind::file_error;
  }
  bool is_planned() const { return fault_.kind != Fault::Kind::none; }
  void keep_disk();
  Kill draw_kill();
  CommitFault commit_fault() const;
  void plan_fault();
  StudySpec study();
  void live();
  void begin(SimThreads& threads);
  void have_an_idea();
  bool is_study_over();

  Chance chance_;
  Bugs bugs_;
  Outcome outcome_{};
  World world_;
  Client client_;
  std::filesystem::path directory_;
  std::unique_ptr<test::PowerLossVfs> disk_{};
  int parallel_ = 1;
  int trials_ = 1;
  Fault fault_{};
  int ideas_ = 0;
  std::int64_t now_ns_ = 1'000'000'000;
  bool is_over_ = false;
  std::optional<Error> fatal_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
};

StudySpec History::study() {
  const std::string text =
      R"({"name":"sim","space":{"x":{"float":[0,1]},"n":{"int":[1,100]}},"command":["train"],)"
      R"("objective":{"minimize":"loss"},"executor":"simulated","workdir":"/","parallel":)" +
      std::to_string(parallel_) + R"(,"seed":)" + std::to_string(chance_.below(1000)) +
      R"(,"budget":{"trials":)" + std::to_string(trials_) + R"(}})";
  return *decode_study(text).spec;
}

// What users do while a study is under way.
void History::have_an_idea() {
  if (is_planned() || ideas_ >= 6 || !chance_.happens(0.01)) return;
  ++ideas_;
  switch (chance_.below(6)) {
    case 0: client_.want({.body = loop::PauseStudy{"sim"}});
            client_.want({.body = loop::ResumeStudy{"sim"}}); break;
    case 1: client_.want({.body = loop::CancelTrial{"sim", chance_.below(8)}}); break;
    case 2: client_.want({.body = loop::RetryTrials{"sim", {}}}); break;
    case 3: client_.want({.body = loop::SubmitStudy{study()}}); break;
    default: {
      auto params = json::parse(R"({"x":0.25,"n":)" + std::to_string(1 + chance_.below(99)) + "}");
      client_.want({.body = loop::EnqueueTrials{"sim", {params.root}}});
    }
  }
}

// A fault of one operation is no power cut: what the kernel holds reaches the disk in the end.
void History::keep_disk() {
  if (auto store = store::Store::open({.path = database(), .vfs = vfs()}); store) {
    const auto copied = (*store)->checkpoint(true);
    if (!copied) outcome_.violations.push_back("no checkpoint: " + copied.error().what);
  }
  disk_->settle();
}

Kill History::draw_kill() {
  if (is_planned()) {
    const bool kills = outcome_.lives == 1 && (fault_.kind == Fault::Kind::kill_before_commit ||
                                               fault_.kind == Fault::Kind::kill_after_commit);
    return {.at_commit = kills ? fault_.at : 0,
            .is_after = fault_.kind == Fault::Kind::kill_after_commit};
  }
  return {.at_commit = chance_.happens(0.7) ? 1 + chance_.below(40) : 0,
          .is_after = chance_.happens(0.5)};
}

CommitFault History::commit_fault() const {
  const bool is_full = fault_.kind == Fault::Kind::commit_full;
  if (outcome_.lives > 1 || (!is_full && fault_.kind != Fault::Kind::commit_unknown)) return {};
  return {fault_.at, is_full ? ErrorCode::no_space : ErrorCode::outcome_unknown};
}

void History::plan_fault() {
  if (outcome_.lives > 1) return;  // it stays planned: the count of operations goes on
  if (fault_.kind == Fault::Kind::executor_call) world_.fail_call(fault_.at);
  if (!disk_) return;
  const bool is_full = fault_.kind == Fault::Kind::file_full;
  disk_->plan(test::FaultPlan{.operation = fault_.at,
                              .code = is_full ? SQLITE_FULL : SQLITE_IOERR_FSYNC});
}

void History::begin(SimThreads& threads) {
  plan_fault();
  auto real = store::Store::open({.path = database(), .vfs = vfs()});
  if (!real && is_planned()) {  // the fault hit the opening itself: the next life tries again
    fatal_ = real.error();
    return;
  }
  if (!real) {
    outcome_.violations.push_back("the store does not open: " + real.error().what);
    is_over_ = true;
    return;
  }
  loop::Executors executors;
  executors.emplace("simulated", world_.executor(threads));
  loop::Orchestrator::Parts parts{
      .config = {.state_directory = directory_.string(), .database = database(),
                 .slots_max = 3, .strategy_limit = std::chrono::hours(1)},
      .store = wrap(std::move(*real), draw_kill(), bugs_.store, commit_fault(), chance_,
                    outcome_.has_fired),
      .executors = std::move(executors),
      .readers = [path = database(), vfs = vfs()] { return store::Reader::open(path, vfs); },
      .fatal = [this](const Error& error) { fatal_ = error; },
      .log = [](std::string_view, const std::string&) {}};
  orchestrator_ = std::make_unique<loop::Orchestrator>(std::move(parts), threads);
  threads.loses_timers = bugs_.loses_timers_at_restart && outcome_.lives > 1;
  threads.engine([this] {
    if (auto started = orchestrator_->start(); !started) fatal_ = started.error();
  });
}

// Paused by its first failures, the study goes on when somebody says so; over is over.
bool History::is_study_over() {
  auto reader = store::Reader::open(database(), vfs());
  auto row = reader ? (*reader)->study("sim") : Result<store::StudyRow>(reader.error());
  if (!row) return false;
  if (row->progress.state == StudyState::paused && client_.is_content()) {
    client_.want({.body = loop::ResumeStudy{"sim"}});
  }
  auto all = (*reader)->studies("", 100);
  for (const auto& study : *all) {
    if (study.progress.state == StudyState::paused && study.name != "sim" &&
        client_.is_content()) {
      client_.want({.body = loop::ResumeStudy{study.name}});
    }
    if (!is_ended(study.progress.state)) return false;
  }
  return client_.is_content();
}

void History::live() {
  ++outcome_.lives;
  SimThreads threads(chance_, now_ns_);
  try {
    begin(threads);
    for (int step = 0; step < steps_max && !is_over_ && !fatal_; ++step) {
      if (orchestrator_ && chance_.happens(0.2)) client_.send(*orchestrator_);
      have_an_idea();
      if (!threads.step()) break;
      if (!is_planned() && chance_.happens(0.0005)) throw Killed{};
      if (step % 200 == 0) is_over_ = is_study_over();
    }
  } catch (const Killed&) {
    ++outcome_.counts["killed"];
  }
  if (fatal_ && !is_planned()) outcome_.violations.push_back("fatal: " + fatal_->what);
  fatal_.reset();
  now_ns_ = threads.monotonic_ns();
  client_.daemon_died();
  orchestrator_.reset();  // without stop(): nothing tidies up
}

}  // namespace

Outcome simulate(std::uint64_t seed, const Bugs& bugs) { return History(seed, bugs).run(); }

Outcome simulate(const Fault& fault) { return History(fault).run(); }

}  // namespace hpo::sim
