// The real SQLite store, with death before or after a chosen COMMIT; bugs are planted here.
//
// The one thread of the simulation.
#include "tests/simulation/sim_store.hpp"

#include <map>
#include <utility>

namespace hpo::sim {
namespace {

class SimStore final : public store::Store {
 public:
  SimStore(std::unique_ptr<Store> real, StoreControl& control, Chance& chance)
      : real_(std::move(real)), control_(control), chance_(chance) {}

  Result<void> begin() override {
    if (is_pending_) {  // the lie of the last commit() becomes true now
      is_pending_ = false;
      if (auto done = real_->commit(); !done) return done;
    }
    return real_->begin();
  }

  Result<void> commit() override {
    ++commits_;
    const bool dies = commits_ == control_.kill.at_commit;
    const bool fails = commits_ == control_.fault.at_commit;
    control_.has_fired |= dies || fails;
    if (dies && !control_.kill.is_after) throw Killed{};
    if (fails) {
      real_->rollback();
      return Error{control_.fault.code, "planned fault", "COMMIT", "none"};
    }
    if (control_.bugs.acknowledges_before_commit) {
      is_pending_ = true;
      return {};
    }
    auto done = real_->commit();
    if (done && control_.is_usurped) ++control_.commits_of_loser;
    if (dies) throw Killed{};
    return done;
  }

  Result<std::int64_t> write(const engine::Study& study, const engine::Changes& changes,
                             const Event& event) override {
    if (control_.bugs.forgets_events && changes.attempt && chance_.happens(0.2)) {
      Event other = event;
      other.body = TimePassed{};
      return real_->write(study, changes, other);
    }
    if (!control_.bugs.counts_late_twice) return real_->write(study, changes, event);
    const bool is_late = changes.attempt && changes.attempt->state == AttemptState::late;
    if (is_late && changes.attempt->outcome.value) ++counted_twice_[study.id];
    engine::Study other = study;
    other.progress.completed += counted_twice_[study.id];
    return real_->write(other, changes, event);
  }

  Result<void> savepoint() override { return real_->savepoint(); }
  Result<void> release() override { return real_->release(); }
  Result<void> undo() override { return real_->undo(); }
  void rollback() override { real_->rollback(); }
  Result<std::int64_t> create_study(const StudySpec& spec, std::string_view hash,
                                    const Event& event) override {
    return real_->create_study(spec, hash, event);
  }
  Result<void> remember(std::string_view key, std::string_view route,
                        const store::StoredReply& reply) override {
    return real_->remember(key, route, reply);
  }
  Result<std::optional<store::StoredReply>> recall(std::string_view key,
                                                   std::string_view route) override {
    return real_->recall(key, route);
  }
  Result<std::optional<store::NamedStudy>> find_study(std::string_view name) override {
    return real_->find_study(name);
  }
  Result<std::vector<engine::Study>> load_unfinished() override {
    return real_->load_unfinished();
  }
  Result<engine::Study> load(std::int64_t study) override { return real_->load(study); }
  Result<Trial> load_trial(std::int64_t study, int number) override {
    return real_->load_trial(study, number);
  }
  Result<std::vector<int>> failed_trials(std::int64_t study) override {
    return real_->failed_trials(study);
  }
  Result<std::vector<std::string>> jobs_of(std::int64_t study, int trial) override {
    return real_->jobs_of(study, trial);
  }
  std::int64_t last_history_seq() const override { return real_->last_history_seq(); }
  std::int64_t last_event_seq() const override { return real_->last_event_seq(); }
  std::string installation() const override { return real_->installation(); }
  Result<void> checkpoint(bool is_last) override {
    return is_pending_ ? Result<void>() : real_->checkpoint(is_last);
  }

 private:
  std::unique_ptr<Store> real_;
  StoreControl& control_;
  Chance& chance_;
  int commits_ = 0;
  bool is_pending_ = false;
  std::map<std::int64_t, int> counted_twice_{};  // by study
};

}  // namespace

std::unique_ptr<store::Store> wrap(std::unique_ptr<store::Store> real, StoreControl& control,
                                   Chance& chance) {
  return std::make_unique<SimStore>(std::move(real), control, chance);
}

}  // namespace hpo::sim
