// Lives of one daemon, one after the other on the same directory, until the studies have ended.
//
// The orchestrator, engine and store are the real ones; threads, executor, disk and client are
// simulated.
#include "tests/simulation/simulation.hpp"

#include <stdlib.h>

#include <filesystem>
#include <utility>

#include "daemon/loop/orchestrator.hpp"
#include "tests/fresh_directory.hpp"
#include "tests/simulation/plans.hpp"
#include "tests/simulation/sim_workers.hpp"
#include "tests/simulation/users.hpp"
#include "tests/simulation/verify.hpp"

namespace hpo::sim {
namespace {

using namespace std::chrono_literals;
using Kind = Fault::Kind;

constexpr int lives_max = 40;
constexpr int steps_max = 60'000;  // of one life; a history that needs more does not end
constexpr std::int64_t silence_ns = std::chrono::nanoseconds(10min).count();
constexpr int slots_max = 3;
constexpr std::size_t inbox_max = 16;

class History {
 public:
  History(std::uint64_t seed, const Bugs& bugs)
      : chance_(seed), bugs_(bugs), client_(chance_, report_.violations),
        users_(chance_, client_), disk_(chance_.happens(0.4)), directory_(test::parent_in_memory()),
        world_(chance_, draw_faults(chance_), bugs.executor, limits()) {
    if (users_.worker_jobs() > 0) workers_.live_in_jobs();
  }
  History(const Fault& fault, const Bugs& bugs)
      : chance_(1), bugs_(bugs), fault_(fault), is_planned_(true),
        client_(chance_, report_.violations),
        users_(chance_, client_, is_of_files(fault.kind) ? 6 : 40),  // enough occasions of each
        disk_(is_of_files(fault.kind)), directory_(test::parent_in_memory()),
        world_(chance_, Faults{}, bugs.executor, limits()) {
    world_.take_turns();
    world_.plan(call_fault(fault));
  }
  ~History() {
    if (::getenv("HPO_SIM_KEEP")) directory_.keep();
  }

  Report run() {
    std::filesystem::create_directories(directory_.path() + "/ended");
    while (!is_over_ && report_.lives < lives_max) live();
    if (!is_over_) broken("stalled: the studies did not end in " + std::to_string(lives_max) +
                          " lives");
    world_.advance(now_ns_ + silence_ns);  // what had yet to turn up meets the claim
    disk_.write_back();
    report_.has_fired |= world_.has_fired();
    if (client_.under_way_max() > static_cast<int>(2 * inbox_max)) {
      broken("I16: " + std::to_string(client_.under_way_max()) + " requests were under way");
    }
    verify({database(), client_, world_}, report_.violations, report_.counts);
    for (const auto& what : world_.violations()) broken(what);
    for (const auto* counts : {&world_.counts(), &client_.counts()}) {
      for (const auto& [what, count] : *counts) report_.counts[what] += count;
    }
    report_.trials = world_.trainings();
    return std::move(report_);
  }

 private:
  std::string database() const { return directory_.path() + "/hpo.db"; }
  Limits limits() const {
    return {.of_study = users_.parallel(), .of_node = slots_max,
            .workers_of_study = users_.worker_jobs()};
  }
  void broken(const std::string& what) { report_.violations.push_back(what); }
  void plan_life();
  loop::Orchestrator::Parts parts(std::unique_ptr<store::Store> real, SimThreads& threads);
  bool loses(std::chrono::nanoseconds delay) const;
  void begin(SimThreads& threads);
  bool step(SimThreads& threads);
  void usurp();
  void check_silence(std::int64_t now_ns);
  bool is_study_over();
  void live();
  void end_life();

  Report report_{};
  Chance chance_;
  Bugs bugs_;
  Fault fault_{};
  bool is_planned_ = false;
  Client client_;
  Users users_;
  SimDisk disk_;
  test::FreshDirectory directory_;
  World world_;
  SimWorkers workers_{chance_, world_};
  StoreControl control_{};
  const store::Store* store_ = nullptr;  // of this life
  std::unique_ptr<store::Store> usurper_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
  std::int64_t now_ns_ = 1'000'000'000;
  std::int64_t last_seq_ = 0;
  std::int64_t last_news_ns_ = 0;        // when last_seq_ changed
  bool is_over_ = false;
  std::optional<Error> fatal_{};
};

void History::plan_life() {
  control_ = {.bugs = bugs_.store};
  const bool is_first = report_.lives == 1;
  if (!is_planned_) {
    control_.kill = {.at_commit = chance_.happens(0.7) ? 1 + chance_.below(40) : 0,
                     .is_after = chance_.happens(0.5)};
    return disk_.draw(chance_);
  }
  disk_.plan(is_first ? disk_fault(fault_.kind) : DiskFault::none, fault_.at,
             static_cast<std::uint64_t>(fault_.at));
  if (!is_first) return;
  const bool is_after = fault_.kind == Kind::kill_after_commit;
  if (is_after || fault_.kind == Kind::kill_before_commit) control_.kill = {fault_.at, is_after};
  const bool is_full = fault_.kind == Kind::commit_full;
  if (is_full || fault_.kind == Kind::commit_unknown) {
    control_.fault = {fault_.at, is_full ? ErrorCode::no_space : ErrorCode::outcome_unknown};
  }
}

loop::Orchestrator::Parts History::parts(std::unique_ptr<store::Store> real,
                                         SimThreads& threads) {
  loop::Executors executors;
  for (const char* name : {"simulated", "slurm"}) {
    executors.emplace(name, world_.executor(threads));
  }
  loop::LoopConfig config{.state_directory = directory_.path(), .database = database(),
                          .slots_max = slots_max, .inbox_max = inbox_max};
  config.batch_max = is_planned_ || chance_.happens(0.7) ? 512 : 1;
  config.fit_beside_least = 5;
  config.checkpoint_interval = 1100ms;  // no other wait is so long: a lost timer has a name
  config.space_min_bytes = 0;           // the real file system is not what is full
  config.reserve_bytes = 4096;
  return {.config = std::move(config), .store = wrap(std::move(real), control_, chance_),
          .executors = std::move(executors),
          .readers = [this]() -> Result<std::unique_ptr<store::Reader>> {
            if (!world_.happens(FaultKind::reader_fails)) {
              return store::Reader::open(database(), disk_.vfs());
            }
            return Error{ErrorCode::unavailable, "too many open files", "reader", "close some"};
          },
          .fatal = [this](const Error& error) { fatal_ = error; },
          .log = [](std::string_view, const std::string&) {}};
}

// The planted bug: what should happen later never does.
bool History::loses(std::chrono::nanoseconds delay) const {
  const loop::ExecutorRules usual;
  const bool is_of_polls = delay == usual.poll_interval;
  if (bugs_.lost_timer == LostTimer::all) return true;
  if (bugs_.lost_timer == LostTimer::of_polls) return is_of_polls;
  for (const auto known : {usual.locate_interval, usual.cancel_interval, usual.backoff,
                           loop::LoopConfig{}.strategy_limit, loop::LoopConfig{}.ask_deadline,
                           std::chrono::nanoseconds(1100ms)}) {
    if (delay == known) return false;
  }
  return bugs_.lost_timer == LostTimer::of_the_deadline && !is_of_polls;
}

void History::begin(SimThreads& threads) {
  plan_life();
  threads.compute_time = [this]() -> std::chrono::nanoseconds {
    if (world_.happens(FaultKind::compute_slow)) return 40s;
    return world_.happens(FaultKind::compute_late) ? 1s : 0s;
  };
  if (report_.lives > 1 && bugs_.lost_timer != LostTimer::none) {
    threads.loses_timer = [this](auto delay) { return loses(delay); };
  }
  auto real = store::Store::open({.path = database(), .vfs = disk_.vfs()});
  if (!real) {
    fatal_ = real.error();
    return;
  }
  auto made = parts(std::move(*real), threads);
  store_ = made.store.get();
  orchestrator_ = std::make_unique<loop::Orchestrator>(std::move(made), threads);
  client_.meet(*orchestrator_, [this] { return store_->last_event_seq(); });
  workers_.meet(*orchestrator_);
  threads.engine([this] {
    if (auto started = orchestrator_->start(); !started) fatal_ = started.error();
  });
}

// I12: another daemon opens the same database, as locks on a network file system may let it.
void History::usurp() {
  auto opened = store::Store::open({.path = database(), .vfs = disk_.vfs()});
  if (!opened) return;
  usurper_ = std::move(*opened);
  control_.is_usurped = true;
  ++report_.counts["usurped"];
}

void History::check_silence(std::int64_t now_ns) {
  const std::int64_t seq = store_ ? store_->last_event_seq() : 0;
  if (seq != last_seq_) last_news_ns_ = now_ns;
  last_seq_ = seq;
  if (now_ns - last_news_ns_ < silence_ns) return;
  broken("stalled: no event for ten minutes, and a study has not ended");
  is_over_ = true;
}

// Paused by its first failures, a study goes on when somebody says so; over is over.
bool History::is_study_over() {
  auto reader = store::Reader::open(database(), disk_.vfs());
  auto all = reader ? (*reader)->studies("", 100)
                    : Result<std::vector<store::StudyRow>>(reader.error());
  if (!all || all->empty()) return false;
  bool is_over = true;
  std::vector<std::string> going_on;
  for (const auto& study : *all) {
    if (!is_ended(study.progress.state)) going_on.push_back(study.name);
    if (study.progress.state == StudyState::paused) users_.look_after(study.name);
    is_over &= is_ended(study.progress.state);
  }
  workers_.serve(std::move(going_on));
  return is_over && client_.is_content();
}

bool History::step(SimThreads& threads) {
  if (chance_.happens(0.2)) client_.send();
  users_.have_an_idea(world_.trainings());
  if (users_.has_workers()) workers_.step(threads.monotonic_ns());
  if (disk_.look()) world_.note_trouble(threads.monotonic_ns());
  if (!threads.step()) {
    broken("stalled: the daemon waits for nothing, and a study has not ended");
    is_over_ = true;
  }
  if (is_planned_) return !disk_.is_off();
  if (chance_.happens(0.0005)) throw Killed{};
  if (!usurper_ && disk_.vfs() == "unix-excl" && chance_.happens(0.0001)) usurp();
  return !disk_.is_off();
}

void History::live() {
  ++report_.lives;
  SimThreads threads(chance_, now_ns_);
  last_news_ns_ = now_ns_;
  try {
    begin(threads);
    for (int i = 0; i < steps_max && !is_over_ && !fatal_ && step(threads); ++i) {
      check_silence(threads.monotonic_ns());
      if (i % 200 == 0 && !is_over_) is_over_ = is_study_over();
    }
  } catch (const Killed&) {
    ++report_.counts["killed"];
  }
  now_ns_ = threads.monotonic_ns();
  client_.daemon_died();
  workers_.daemon_died();
  orchestrator_.reset();  // without stop(): nothing tidies up
  end_life();
}

void History::end_life() {
  const bool is_expected = is_planned_ || disk_.has_struck() || control_.is_usurped;
  if (fatal_ && !is_expected) broken("fatal: " + fatal_->what);
  if (fatal_ && control_.is_usurped) ++report_.counts["loser of the database ends"];
  if (control_.commits_of_loser > 0) broken("I12: two daemons wrote to one database");
  const int resumed = std::exchange(control_.absences_resumed, 0);
  if (resumed > 0) report_.counts["doubt goes on after a restart"] += resumed;
  report_.has_fired |= control_.has_fired || (is_planned_ && disk_.has_struck());
  fatal_.reset();
  usurper_.reset();
  store_ = nullptr;
  world_.note_trouble(now_ns_);
  disk_.life_is_over(report_.counts);
}

}  // namespace

Report simulate(std::uint64_t seed, const Bugs& bugs) { return History(seed, bugs).run(); }

Report simulate(const Fault& fault, const Bugs& bugs) { return History(fault, bugs).run(); }

}  // namespace hpo::sim
