// What the loop asks of executors when something between them goes wrong.
#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>
#include <utility>

#include "tests/daemon/loop/forwarding_executor.hpp"
#include "tests/daemon/loop/rig.hpp"
#include "tests/daemon/store/forwarding_store.hpp"

using namespace hpo;
using test::Rig;
using test::study;

namespace {

// Cannot tell a trial's earlier jobs from the second question to the fourth.
class Forgetful final : public test::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::vector<std::string>> jobs_of(std::int64_t study, int trial) override {
    ++questions_;
    const bool fails = questions_ >= 2 && questions_ <= 4;
    if (fails) return Error{ErrorCode::internal, "planted", "submissions", "none"};
    return ForwardingStore::jobs_of(study, trial);
  }

 private:
  int questions_ = 0;
};

struct Calls {
  std::mutex mutex{};
  std::vector<JobRequest> submitted{};
};

class Recording final : public test::ForwardingExecutor {
 public:
  Recording(std::unique_ptr<Executor> real, Calls& calls)
      : ForwardingExecutor(std::move(real)), calls_(calls) {}
  Result<Submitted> submit(const JobRequest& request) override {
    const std::lock_guard lock(calls_.mutex);
    calls_.submitted.push_back(request);
    return ForwardingExecutor::submit(request);
  }

 private:
  Calls& calls_;
};

// Its first submission is in doubt and has started nothing. After the first look for it nobody
// answers for longer than an absence takes.
class Outage final : public test::ForwardingExecutor {
 public:
  Outage(std::unique_ptr<Executor> real, int& looks)
      : ForwardingExecutor(std::move(real)), looks_(looks) {}
  Result<Submitted> submit(const JobRequest& request) override {
    if (std::exchange(is_first_, false)) {
      return Error{ErrorCode::outcome_unknown, "no answer", "submit", "none"};
    }
    return ForwardingExecutor::submit(request);
  }
  Result<JobStatus> find(const Job&) override {
    const bool is_out = ++looks_ >= 2 && looks_ <= last_vain_look;
    if (is_out) return Error{ErrorCode::unavailable, "no answer", "find", "none"};
    return JobStatus{.state = JobState::absent};
  }
  static constexpr int last_vain_look = 40;  // at 5 ms each

 private:
  int& looks_;
  bool is_first_ = true;
};

}  // namespace

TEST_CASE("the time in which nobody answers makes no submission absent", "[loop]") {
  int looks = 0;
  {
    Rig rig({.executor = [&](auto real) {
      return std::make_unique<Outage>(std::move(real), looks);
    }});
    REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1)}));
    CHECK(rig.wait_for_end("s").progress.completed == 1);
  }
  CHECK(looks > Outage::last_vain_look + 1);
}

SCENARIO("a trial whose earlier jobs cannot be told is not started until they can", "[loop]") {
  Calls calls;
  Rig rig({.store = [](auto real) { return std::make_unique<Forgetful>(std::move(real)); },
           .executor = [&](auto real) {
             return std::make_unique<Recording>(std::move(real), calls);
           }});
  // The first attempt is lost, so the second one has a predecessor that may still live.
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1, R"(,"retry":{"max":1})", R"(,"losses":1)")}));
  const auto row = rig.wait_for_end("s");
  CHECK(row.progress.attempts == 2);
  const std::lock_guard lock(calls.mutex);
  REQUIRE(calls.submitted.size() == 2);
  const std::vector<std::string>& ended_first = calls.submitted[1].predecessors;
  CHECK(std::ranges::count(ended_first, calls.submitted[0].job.name) == 1);
}
