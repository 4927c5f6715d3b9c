// Books of several workers against a small daemon: words get lost, workers freeze, leases run out.
// No trial is begun on a lease that has run out, every trial ends, each result is heard of.
#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "cli/worker/lease_book.hpp"

using namespace hpo;
using namespace hpo::cli::worker;
using namespace std::chrono_literals;

namespace {

constexpr auto lease = 8s;

struct ModelTrial {
  int fence = 0;
  int holder = -1;  // a worker; -1: waiting, or done
  bool is_started = false;
  Instant until{};
  int counted = 0;
};

// Keeps leases as the daemon does; answers at once.
class ModelDaemon {
 public:
  explicit ModelDaemon(int trials) : trials_(static_cast<std::size_t>(trials)) {}

  Reply exchange(int worker, const Request& request, Instant now) {
    expire(now);
    Reply reply{.state = StudyState::running, .lease = lease};
    for (const EndedTrial& each : request.ended) end(each);
    for (const LeaseKey key : request.started) {
      if (is_of(worker, key)) at(key).is_started = true;
    }
    for (const LeaseKey key : request.returned) {
      if (is_of(worker, key)) at(key).holder = -1;
    }
    for (const LeaseKey key : request.holds) {
      if (is_of(worker, key)) at(key).until = now + lease;
      else reply.dropped.push_back({key, "no longer yours"});
    }
    tell_again(worker, request, reply, now);
    const auto started = static_cast<int>(std::count_if(
        reply.trials.begin(), reply.trials.end(), [](auto& each) { return each.is_started; }));
    const int ahead = static_cast<int>(reply.trials.size()) - started;
    grant(worker, request.start - started, true, now, reply);
    grant(worker, request.ahead - ahead, false, now, reply);
    if (is_over()) reply.state = StudyState::finished;
    return reply;
  }

  bool is_over() const {
    return std::all_of(trials_.begin(), trials_.end(), [](auto& t) { return t.counted > 0; });
  }
  // A late result may have ended the trial before its holder hears of it.
  bool may_begin(int worker, LeaseKey key, Instant now) {
    expire(now);
    return is_of(worker, key) || at(key).counted > 0;
  }
  const std::vector<ModelTrial>& trials() const { return trials_; }
  bool has_heard(LeaseKey key) const { return heard_.contains(key); }

 private:
  ModelTrial& at(LeaseKey key) { return trials_[static_cast<std::size_t>(key.trial)]; }
  bool is_of(int worker, LeaseKey key) {
    return at(key).holder == worker && at(key).fence == key.fence;
  }
  void expire(Instant now) {
    for (ModelTrial& trial : trials_) {
      if (trial.holder >= 0 && now >= trial.until) trial.holder = -1;
    }
  }
  void end(const EndedTrial& ended) {  // late ones count too, if they are the first
    heard_.insert(ended.key);
    ModelTrial& trial = at(ended.key);
    const bool is_again = trial.fence != ended.key.fence && trial.holder >= 0;
    if (ended.outcome.status == OutcomeStatus::completed && trial.counted == 0) {
      trial.counted = 1;
      trial.holder = -1;
    } else if (!is_again && trial.fence == ended.key.fence) {
      trial.holder = -1;
    }
  }
  static LeasedTrial leased(const ModelTrial& trial, int number) {
    LeasedTrial it;
    it.key = {.trial = number, .fence = trial.fence};
    it.is_started = trial.is_started;
    return it;
  }
  void tell_again(int worker, const Request& request, Reply& reply, Instant now) {
    for (int number = 0; number < static_cast<int>(trials_.size()); ++number) {
      ModelTrial& trial = trials_[static_cast<std::size_t>(number)];
      const LeaseKey key{number, trial.fence};
      const auto& holds = request.holds;
      if (trial.holder != worker || std::count(holds.begin(), holds.end(), key) > 0) continue;
      trial.until = now + lease;
      reply.trials.push_back(leased(trial, number));
    }
  }
  void grant(int worker, int count, bool is_started, Instant now, Reply& reply) {
    for (int number = 0; number < static_cast<int>(trials_.size()) && count > 0; ++number) {
      ModelTrial& trial = trials_[static_cast<std::size_t>(number)];
      if (trial.holder >= 0 || trial.counted > 0) continue;
      trial = {.fence = trial.fence + 1, .holder = worker, .is_started = is_started,
               .until = now + lease};
      reply.trials.push_back(leased(trial, number));
      --count;
    }
  }

  std::vector<ModelTrial> trials_{};
  std::set<LeaseKey> heard_{};  // ends, counted or not
};

struct ModelWorker {
  LeaseBook book{{.slots = 4}, StudyState::running, lease};
  std::map<LeaseKey, Instant> trainings{};  // when each ends
  std::optional<Reply> reply{};             // under way
  Instant reply_at = never;
  Instant frozen_until{};
  bool is_told_to_end = false;
};

class Scene {
 public:
  explicit Scene(unsigned seed) : bits_(seed), workers_(3) {}

  void live() {
    for (int step = 0; step < 20'000 && !is_over(); ++step) {
      now_ += std::chrono::milliseconds(bits_() % 300);
      const bool is_calm = step > 3000;  // then all words arrive, and what can end ends
      for (int number = 0; number < 3; ++number) act(number, is_calm);
    }
    CHECK(daemon_.is_over());
    for (const ModelTrial& trial : daemon_.trials()) CHECK(trial.counted == 1);
    for (const LeaseKey key : completed_) CHECK(daemon_.has_heard(key));
    for (ModelWorker& worker : workers_) CHECK(worker.book.is_done(now_));
  }

 private:
  bool happens(int percent) { return static_cast<int>(bits_() % 100) < percent; }
  bool is_over() {
    return daemon_.is_over() && std::all_of(workers_.begin(), workers_.end(), [&](auto& worker) {
      return worker.book.is_done(now_);
    });
  }

  void act(int number, bool is_calm) {
    ModelWorker& worker = workers_[static_cast<std::size_t>(number)];
    if (now_ < worker.frozen_until) return;
    if (!is_calm && happens(1)) worker.frozen_until = now_ + 2 * lease;
    if (number == 2 && !worker.is_told_to_end && happens(1)) {
      worker.is_told_to_end = true;
      worker.book.drain("told to");
    }
    hear(worker);
    end_trainings(worker);
    for (const Action& action : worker.book.take_actions(now_)) carry_out(number, action);
    if (worker.book.interrupts_wait()) {
      worker.book.withdrawn();
      worker.reply.reset();
      worker.reply_at = never;
    }
    speak(number, is_calm);
  }

  void hear(ModelWorker& worker) {
    if (now_ < worker.reply_at) return;
    worker.reply_at = never;
    const auto reply = std::exchange(worker.reply, std::nullopt);
    if (reply) worker.book.answered(*reply, now_);
    else worker.book.unanswered(now_, 0.5);
  }

  void end_trainings(ModelWorker& worker) {
    for (auto it = worker.trainings.begin(); it != worker.trainings.end();) {
      const auto [key, end] = *it;
      if (now_ < end) {
        ++it;
        continue;
      }
      Outcome outcome;
      outcome.status = OutcomeStatus::completed;
      outcome.value = 1.0;
      worker.book.ended(key, outcome, now_);
      completed_.push_back(key);
      it = worker.trainings.erase(it);
    }
  }

  void carry_out(int number, const Action& action) {
    ModelWorker& worker = workers_[static_cast<std::size_t>(number)];
    if (const auto* stop = std::get_if<StopTraining>(&action)) {
      REQUIRE(worker.trainings.erase(stop->key) == 1);
      Outcome outcome;
      outcome.status = OutcomeStatus::cancelled;
      return worker.book.ended(stop->key, outcome, now_);
    }
    const auto& begin = std::get<Begin>(action);
    INFO("trial " << begin.trial.key.trial << " fence " << begin.trial.key.fence);
    if (!begin.trial.is_started) CHECK(daemon_.may_begin(number, begin.trial.key, now_));
    REQUIRE(worker.trainings.emplace(begin.trial.key,
                                     now_ + std::chrono::milliseconds(bits_() % 6000)).second);
    CHECK(worker.trainings.size() <= 4);
  }

  void speak(int number, bool is_calm) {
    ModelWorker& worker = workers_[static_cast<std::size_t>(number)];
    const auto request = worker.book.next_request(now_);
    if (!request) return;
    CHECK(request->holds.size() <= 4 + 4 + 1);  // training, started, ahead
    const bool arrives = is_calm || happens(80);
    if (arrives) worker.reply = daemon_.exchange(number, *request, now_);
    if (!is_calm && happens(20)) worker.reply.reset();
    worker.reply_at = now_ + std::chrono::milliseconds(bits_() % 400);
  }

  std::mt19937_64 bits_;
  Instant now_{};
  ModelDaemon daemon_{60};
  std::vector<ModelWorker> workers_;
  std::vector<LeaseKey> completed_{};
};

}  // namespace

TEST_CASE("whatever gets lost, every trial ends and counts once, and none begins too late",
          "[worker]") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    Scene(seed).live();
  }
}
