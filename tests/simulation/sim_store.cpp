// The real SQLite store, with death before or after a chosen COMMIT; bugs are planted here.
//
// The one thread of the simulation.
#include "tests/simulation/sim_store.hpp"

#include <utility>

namespace hpo::sim {
namespace {

class SimStore final : public store::Store {
 public:
  SimStore(std::unique_ptr<Store> real, Kill kill, StoreBugs bugs, CommitFault fault,
           Chance& chance, bool& has_fired)
      : real_(std::move(real)), kill_(kill), bugs_(bugs), fault_(fault), chance_(chance),
        has_fired_(has_fired) {}

  Result<void> begin() override {
    if (is_pending_) {  // the lie of the last commit() becomes true now
      is_pending_ = false;
      if (auto done = real_->commit(); !done) return done;
    }
    return real_->begin();
  }

  Result<void> commit() override {
    const bool dies = ++commits_ == kill_.at_commit;
    has_fired_ |= dies || commits_ == fault_.at_commit;
    if (dies && !kill_.is_after) throw Killed{};
    if (commits_ == fault_.at_commit) {
      real_->rollback();
      return Error{fault_.code, "planned fault", "COMMIT", "none"};
    }
    if (bugs_.acknowledges_before_commit) {
      is_pending_ = true;
      return {};
    }
    auto done = real_->commit();
    if (dies) throw Killed{};
    return done;
  }

  Result<std::int64_t> write(const engine::Study& study, const engine::Changes& changes,
                             const Event& event) override {
    if (bugs_.forgets_events && changes.attempt && chance_.happens(0.2)) {
      Event other = event;
      other.body = TimePassed{};
      return real_->write(study, changes, other);
    }
    const bool is_end = std::holds_alternative<AttemptEnded>(event.body);
    if (bugs_.repeats_events && is_end) {
      if (auto twice = real_->write(study, changes, event); !twice) return twice;
    }
    return real_->write(study, changes, event);
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
  Result<void> checkpoint(bool is_last) override { return real_->checkpoint(is_last); }

 private:
  std::unique_ptr<Store> real_;
  Kill kill_;
  StoreBugs bugs_;
  CommitFault fault_;
  Chance& chance_;
  bool& has_fired_;
  int commits_ = 0;
  bool is_pending_ = false;
};

}  // namespace

std::unique_ptr<store::Store> wrap(std::unique_ptr<store::Store> real, Kill kill, StoreBugs bugs,
                                   CommitFault fault, Chance& chance, bool& has_fired) {
  return std::make_unique<SimStore>(std::move(real), kill, bugs, fault, chance, has_fired);
}

}  // namespace hpo::sim
