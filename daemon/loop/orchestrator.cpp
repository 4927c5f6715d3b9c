// Wiring and the few reactions that need several parts: after a COMMIT, at a full disk, at a
// deadline, at the stop. Engine strand, but for what the header names.
#include "daemon/loop/orchestrator.hpp"

#include <algorithm>
#include <utility>

#include "daemon/loop/tokens.hpp"

namespace hpo::loop {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(std::max<std::uint64_t>(1, (bytes + (1U << 20U) - 1) >> 20U)) + " MiB";
}

Error disk_is_full(const std::string& state_directory, std::uint64_t needed_bytes) {
  return {ErrorCode::no_space, "the disk of the state directory is full; nothing was changed",
          state_directory, "free some space: the daemon goes on by itself when " +
          mebibytes(needed_bytes) + " are free"};
}

Error too_busy() {
  return {ErrorCode::unavailable, "the daemon has too many requests waiting", "inbox",
          "try again in a second"};
}

Error spoke_again() {
  return {ErrorCode::unavailable, "the worker has sent a newer request", "the request",
          "read the answer to that one"};
}

// Fine enough for every executor.
std::chrono::nanoseconds poll_tick(const LoopConfig& config) {
  std::chrono::nanoseconds tick = ExecutorRules{}.poll_interval;
  for (const auto& [name, rules] : config.rules) tick = std::min(tick, rules.poll_interval);
  return tick;
}

}  // namespace

Orchestrator::Orchestrator(Parts parts, Threads& threads)
    : parts_(std::move(parts)), threads_(threads), ledger_(*parts_.store, threads),
      commits_(*parts_.store, ledger_, threads, parts_.config.batch_max),
      reports_(*parts_.store, ledger_),
      left_steps_(parts_.config, threads, *parts_.store, ledger_, commits_, reports_),
      jobs_(parts_.config, threads, *parts_.store, ledger_, commits_, reports_, left_steps_,
            std::move(parts_.executors)),
      asks_(parts_.config, threads, ledger_, commits_, parts_.readers, parts_.strategies),
      recommendations_(threads, ledger_, commits_, parts_.readers),
      ready_(parts_.config, threads, ledger_, asks_.board()),
      leases_(threads, ledger_, commits_, left_steps_), pulls_(threads, ledger_, commits_),
      dispatcher_(parts_.config, threads, ledger_, jobs_, ready_, reports_,
                  parts_.store->installation()),
      disk_(parts_.config) {
  ledger_.log_attempts_of([this](const std::string& executor) {
    return !parts_.config.rules_of(executor).is_on_this_node;
  });
  ledger_.write_with_workers([this](const StudyLoop& loop, const WorkerJob& worker) {
    return follow_worker_job(parts_.config, *parts_.store, loop, worker);
  });
  commits_.set_hooks({
      .before_commit = [this] { return dispatcher_.dispatch(!disk_.is_full() && may_start_); },
      .holds = parts_.holds,
      .after_commit = [this](const Ledger::Outcome& outcome) { after_commit(outcome); },
      .no_space = [this](const Error& error) { no_space(error); },
      .fatal = [this](const Error& error) {
        is_ready_ = false;
        parts_.fatal(error);
      }});
}

Result<void> Orchestrator::start() {
  started_ns_ = threads_.utc_ns();
  disk_.make_reserve();
  if (auto loaded = ledger_.load(); !loaded) return loaded;
  if (auto started = jobs_.start(); !started) return started;
  is_ready_ = true;
  commits_.wake();
  every(poll_tick(parts_.config), [this] { jobs_.poll_all(); });
  every(Leases::interval, [this] { leases_.look(); });
  every(parts_.config.checkpoint_interval, [this] {
    bound_wal();
    asks_.board().publish();
  });
  return {};
}

// Cheap while the WAL is short; after each batch too, so that a flood of writes cannot grow it.
void Orchestrator::bound_wal() {
  const auto done = parts_.store->checkpoint(false);
  if (!done && done.error().code == ErrorCode::outcome_unknown) parts_.fatal(done.error());
}

void Orchestrator::every(std::chrono::nanoseconds interval, Work work) {
  threads_.after(interval, [this, interval, work = std::move(work)] {
    if (is_stopping_) return;
    work();
    every(interval, work);
  });
}

void Orchestrator::stop_starts() { may_start_ = false; }

void Orchestrator::stop(std::function<void()> done) {
  stop_starts();
  is_stopping_ = true;
  is_ready_ = false;
  commits_.enter({.change = [] { return Result<void>(); },
                  .settled = [this, done = std::move(done)](const Result<void>&) {
    commits_.stop();
    for (const Waiter& waiter : std::exchange(waiters_, {})) (*waiter.wake)();
    pulls_.stop();
    const auto ignored = parts_.store->checkpoint(true);  // the WAL alone would do
    done();
  }});
}

void Orchestrator::post(Command command, Done done) {
  if (inbox_size_ >= parts_.config.inbox_max) return done(too_busy());
  ++inbox_size_;
  threads_.engine([this, command = std::move(command), done = std::move(done)]() mutable {
    --inbox_size_;
    enter(std::move(command), std::move(done));
  });
}

std::optional<Error> Orchestrator::refusal() const {
  if (is_stopping_ || !is_ready_) {
    return Error{ErrorCode::unavailable, "the daemon is stopping", "",
                 "'hpo daemon start' starts it again"};
  }
  if (commits_.waiting() >= parts_.config.inbox_max) return too_busy();
  if (!disk_.is_full()) return std::nullopt;
  return disk_is_full(parts_.config.state_directory, disk_.needed_bytes());
}

// A command on its way. An exchange that has waited for a trial is put again under its number.
struct Orchestrator::Question {
  Command command{};
  Done done{};
  std::uint64_t pull = 0;
  bool is_last = false;

  const Exchange* exchange() const { return std::get_if<Exchange>(&command.body); }
  bool may_wait() const { return !is_last && exchange() && exchange()->wait.count() > 0; }
};

void Orchestrator::enter(Command command, Done done) {
  const auto* exchange = std::get_if<Exchange>(&command.body);
  if (exchange && exchange->holds) pulls_.supersede(exchange->study, exchange->worker);
  put(std::make_shared<const Question>(Question{std::move(command), std::move(done)}));
}

void Orchestrator::put(const std::shared_ptr<const Question>& question) {
  if (auto refused = refusal()) return settled(question, *std::move(refused));
  auto reply = std::make_shared<Reply>();
  auto change = [this, reply, question] {
    if (pulls_.is_superseded(question->pull)) return Result<void>(spoke_again());
    const CommandContext context{parts_.config, *parts_.store, ledger_, threads_, ready_, leases_,
                                 reports_, may_start_};
    auto answer = handle(context, question->command);
    if (!answer) return Result<void>(answer.error());
    *reply = std::move(*answer);
    return Result<void>();
  };
  commits_.enter({std::move(change), [this, reply, question](const Result<void>& result) {
    settled(question, result ? Result<Reply>(std::move(*reply)) : Result<Reply>(result.error()));
  }});
}

void Orchestrator::settled(const std::shared_ptr<const Question>& question, Result<Reply> reply) {
  if (!reply || !reply->is_empty || !question->may_wait()) {
    if (question->pull > 0) pulls_.done(question->pull);
    return question->done(std::move(reply));
  }
  if (question->pull > 0) return pulls_.rest(question->pull);
  const Exchange& exchange = *question->exchange();
  pulls_.wait({exchange.study, exchange.worker, exchange.start, exchange.wait},
              [this, question](std::uint64_t pull, bool is_last) {
    Question again = *question;
    again.pull = pull;
    again.is_last = is_last;
    put(std::make_shared<const Question>(std::move(again)));
  });
}

void Orchestrator::after_commit(const Ledger::Outcome& outcome) {
  if (outcome.last_event_seq > 0) publish(outcome.last_event_seq);
  for (const LogLine& line : outcome.log) parts_.log(line.level, line.text);
  for (const std::string& study : outcome.ended_studies) asks_.board().end(study);
  for (const Dispatcher::Started& started : dispatcher_.take_started()) {
    if (StudyLoop* loop = ledger_.get(started.study)) jobs_.submit(*loop, started.owner);
  }
  jobs_.forget(outcome.ended_jobs);
  for (const std::int64_t id : outcome.touched) {
    StudyLoop* loop = ledger_.get(id);
    if (!loop) continue;
    carry_out(*loop);
    pulls_.look(loop->spec().name);
  }
  for (const std::string& study : outcome.ended_studies) pulls_.look(study);
  bound_wal();
}

// The part of the plan that reaches out: questions, looks and cancels.
void Orchestrator::carry_out(StudyLoop& loop) {
  if (is_stopping_) return;
  for (const engine::Action& action : engine::plan(loop.study)) {
    if (const auto* wanted = std::get_if<engine::Ask>(&action)) asks_.ask(loop, *wanted);
    jobs_.care_for(loop, action);
    if (const auto* wanted = std::get_if<engine::Recommend>(&action)) {
      recommendations_.recommend(loop, *wanted);
    }
  }
  set_deadline(loop);
}

// budget.time ends a study that nothing else touches. What has passed since its last event is not
// in `spent` yet.
void Orchestrator::set_deadline(StudyLoop& loop) {
  const auto& time = loop.spec().budget.time;
  if (!time || loop.is_deadline_set || !loop.is_running()) return;
  const std::chrono::nanoseconds counted(loop.study.progress.spent_ns);
  if (counted >= *time) return;  // the plan knows
  const std::chrono::nanoseconds uncounted(threads_.monotonic_ns() - loop.counted_ns);
  const auto left = std::max<std::chrono::nanoseconds>(*time - counted - uncounted, 0ns);
  loop.is_deadline_set = true;
  threads_.after(left, [this, id = loop.id()] {
    StudyLoop* still = ledger_.get(id);
    if (!still) return;
    still->is_deadline_set = false;
    commits_.enter({.change = [this, id] {
      StudyLoop* running = ledger_.get(id);
      if (!running || !running->is_running()) return Result<void>();
      return ledger_.record(*running, TimePassed{});
    }});
  });
}

void Orchestrator::no_space(const Error& error) {
  parts_.log("error", "disk full: read-only until there is space; error=\"" + error.what + "\"");
  const auto never_submitted = dispatcher_.take_started();  // their rows are gone with the batch
  if (disk_.is_full()) return;
  disk_.became_full();
  is_full_ = true;
  threads_.after(parts_.config.space_interval, [this] { look_for_space(); });
}

void Orchestrator::look_for_space() {
  if (is_stopping_) return;
  if (!disk_.has_space_again()) {
    jobs_.poll_all();  // what ended meanwhile may fit into the space that the reserve left
    threads_.after(parts_.config.space_interval, [this] { look_for_space(); });
    return;
  }
  is_full_ = false;
  parts_.log("info", "there is space again: dispatching goes on");
  for (const auto& [id, loop] : ledger_.studies()) ledger_.touch(id);
  commits_.wake();
}

void Orchestrator::job_files_seen(std::vector<std::string> names) {
  if (!is_stopping_) jobs_.ended(names);
}

void Orchestrator::publish(std::int64_t seq) {
  last_event_seq_ = seq;
  std::erase_if(waiters_, [seq](const Waiter& waiter) {
    if (seq <= waiter.after_seq) return false;
    (*waiter.wake)();
    return true;
  });
}

CommandSink::Health Orchestrator::health() const {
  Health health{.ready = is_ready_ && !is_full_, .started_ns = started_ns_,
                .last_event_seq = last_event_seq_};
  if (!is_ready_) health.reason = "starting or stopping";
  if (is_full_) {
    health.reason = "the disk of the state directory is full; it goes on by itself when " +
                    mebibytes(disk_.needed_bytes()) + " are free";
  }
  return health;
}

void Orchestrator::wait_for_event(std::int64_t after_seq, int wait_ms,
                                  std::function<void()> wake) {
  auto shared = std::make_shared<std::function<void()>>(std::move(wake));
  threads_.engine([this, after_seq, wait_ms, shared] {
    if (last_event_seq_ > after_seq || is_stopping_) return (*shared)();
    waiters_.push_back({after_seq, shared});
    threads_.after(std::chrono::milliseconds(wait_ms), [this, shared] {
      const auto gone = std::erase_if(waiters_, [&](const Waiter& w) { return w.wake == shared; });
      if (gone > 0) (*shared)();
    });
  });
}

}  // namespace hpo::loop
