// See held_strategy.hpp.
#include "tests/daemon/loop/held_strategy.hpp"

#include <catch2/catch.hpp>

#include "tests/daemon/loop/rig.hpp"

namespace hpo::test {
namespace {

Hold* g_hold = nullptr;  // a StrategyFactory is a plain function

class Held final : public Strategy {
 public:
  Result<Proposals> ask(const History& history, int first_number, int count) override {
    if (is_asked_.exchange(true)) g_hold->is_shared = true;
    g_hold->enter(history.open().empty());
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      answer.proposals.push_back({number, Values{ParamValue{own_value}}});
    }
    is_asked_ = false;
    return answer;
  }
  std::size_t kept_bytes(const History&) const override {
    return static_cast<std::size_t>(g_hold->kept_bytes.load());
  }

 private:
  static constexpr double own_value = 0.25;
  std::atomic<bool> is_asked_{false};
};

Result<std::unique_ptr<Strategy>> make_held(const StudySpec&) {
  ++g_hold->made;
  return std::unique_ptr<Strategy>(std::make_unique<Held>());
}

}  // namespace

void Hold::set(Which which) {
  const std::lock_guard lock(mutex_);
  held_ = which;
  changed_.notify_all();
}

void Hold::enter(bool is_idle) {
  std::unique_lock lock(mutex_);
  const auto is_held = [&] { return held_ == Which::all || (held_ == Which::idle && is_idle); };
  is_waiting_ = is_held();
  changed_.notify_all();
  changed_.wait_for(lock, limit, [&] { return !is_held(); });
  is_waiting_ = false;
}

void Hold::wait_until_held() {
  std::unique_lock lock(mutex_);
  REQUIRE(changed_.wait_for(lock, limit, [&] { return is_waiting_; }));
}

loop::StrategyFinder Hold::finder(const std::string& study, Pace pace) {
  g_hold = this;
  return [study, pace](const StudySpec& spec) -> Result<StrategyEntry> {
    if (spec.name.starts_with(study)) {
      return StrategyEntry{.name = "held", .make = make_held, .pace = pace};
    }
    return find_strategy(spec);
  };
}

}  // namespace hpo::test
