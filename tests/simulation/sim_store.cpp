// The real SQLite store, with death before or after a chosen COMMIT; bugs are planted here.
//
// The one thread of the simulation.
#include "tests/simulation/sim_store.hpp"

#include <map>
#include <utility>

#include "tests/daemon/store/forwarding_store.hpp"

namespace hpo::sim {
namespace {

class SimStore final : public test::ForwardingStore {
 public:
  SimStore(std::unique_ptr<Store> real, StoreControl& control, Chance& chance)
      : ForwardingStore(std::move(real)), control_(control), chance_(chance) {}

  Result<void> begin() override {
    if (is_pending_) {  // the lie of the last commit() becomes true now
      is_pending_ = false;
      if (auto done = real().commit(); !done) return done;
    }
    return real().begin();
  }

  Result<void> commit() override {
    ++commits_;
    const bool dies = commits_ == control_.kill.at_commit;
    const bool fails = commits_ == control_.fault.at_commit;
    control_.has_fired |= dies || fails;
    if (dies && !control_.kill.is_after) throw Killed{};
    if (fails) {
      real().rollback();
      return Error{control_.fault.code, "planned fault", "COMMIT", "none"};
    }
    if (control_.bugs.acknowledges_before_commit) {
      is_pending_ = true;
      return {};
    }
    auto done = real().commit();
    if (done && control_.is_usurped) ++control_.commits_of_loser;
    if (dies) throw Killed{};
    return done;
  }

  Result<std::int64_t> write(const engine::Study& study, const engine::Changes& changes,
                             const Event& event) override {
    if (control_.bugs.forgets_events && changes.attempt && chance_.happens(0.2)) {
      Event other = event;
      other.body = TimePassed{};
      return real().write(study, changes, other);
    }
    if (!control_.bugs.counts_late_twice) return real().write(study, changes, event);
    const bool is_late = changes.attempt && changes.attempt->state == AttemptState::late;
    if (is_late && changes.attempt->outcome.value) ++counted_twice_[study.id];
    engine::Study other = study;
    other.progress.completed += counted_twice_[study.id];
    return real().write(other, changes, event);
  }

  Result<void> write_report(std::int64_t study, const JudgedReport& row) override {
    if (control_.bugs.forgets_reports && chance_.happens(0.2)) return {};
    return real().write_report(study, row);
  }

  Result<std::chrono::nanoseconds> absence_of(std::string_view job) override {
    auto absent = real().absence_of(job);
    if (!absent || absent->count() == 0) return absent;
    ++control_.absences_resumed;
    return control_.bugs.stretches_absences ? *absent + std::chrono::hours(1) : *absent;
  }

  Result<void> retell(std::int64_t study, const Retold& told) override {
    return control_.bugs.retells_nothing ? Result<void>() : real().retell(study, told);
  }

  Result<std::vector<engine::Study>> load_unfinished() override {
    auto studies = real().load_unfinished();
    if (!studies || !control_.bugs.forgets_worker_deaths) return studies;
    for (engine::Study& study : *studies) {
      study.progress.workers_in_vain = 0;
      study.progress.worker_end.clear();
    }
    return studies;
  }

  Result<void> checkpoint(bool is_last) override {
    return is_pending_ ? Result<void>() : real().checkpoint(is_last);
  }

 private:
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
