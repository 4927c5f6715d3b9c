// A batch of changes is one COMMIT, and one that fails half-way takes back itself alone.
#include "daemon/loop/group_commit.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "daemon/store/reader.hpp"
#include "tests/daemon/loop/rig.hpp"
#include "tests/fresh_directory.hpp"

using namespace hpo;

namespace {

// One queue on this thread; nothing here waits for time.
class OneThread final : public loop::Threads {
 public:
  void engine(loop::Work work) override { queue_.push_back(std::move(work)); }
  void compute(loop::Work work) override { engine(std::move(work)); }
  void strategy(loop::Work, loop::Work) override {}
  void strategy_is_stuck() override {}
  void fit(loop::Work) override {}
  void at_once(loop::Work) override {}
  void executor(const std::string&, loop::Work work) override { engine(std::move(work)); }
  void after(std::chrono::nanoseconds, loop::Work) override {}
  std::int64_t monotonic_ns() override { return ++now_ns_; }
  std::int64_t utc_ns() override { return ++now_ns_; }
  std::uint64_t random_bits() override { return 1; }

  void run() {
    for (; !queue_.empty(); queue_.pop_front()) queue_.front()();
  }
  void advance(std::int64_t ns) { now_ns_ += ns; }

 private:
  std::deque<loop::Work> queue_{};
  std::int64_t now_ns_ = 1;
};

class Batch {
 public:
  Batch() {
    store_ = *store::Store::open({.path = database()});
    ledger_.emplace(*store_, threads_);
    commits_.emplace(*store_, *ledger_, threads_, 512);
    commits_->set_hooks({.before_commit = [] { return Result<void>(); },
                         .holds = [this] { return held; },
                         .after_commit = [this](const auto&) { ++commits; },
                         .no_space = [this](const Error& error) { full = error.what; },
                         .fatal = [this](const Error& error) { fatal = error.what; }});
    enter([this] {
      auto made = ledger_->create(test::study("s", 9), "hash");
      return made ? Result<void>() : made.error();
    });
    threads_.run();
    answers.clear();
    commits = 0;
  }

  // Creates a trial, then fails if told to.
  void add(bool fails) {
    enter([this, fails] {
      loop::StudyLoop& study = **ledger_->find("s");
      auto recorded = ledger_->record(study, TrialCreated{
          .trial = study.study.progress.created, .values = {0.5}, .origin = Origin::enqueued});
      if (recorded && fails) return Result<void>(Error{ErrorCode::conflict, "half-way", "", ""});
      return recorded;
    });
  }
  // Keeps a report, and remembers it until its trial ends.
  void report(std::int64_t step) {
    enter([this, step] {
      loop::StudyLoop& study = **ledger_->find("s");
      study.tails[0].last_step = step;
      study.rungs = {1};
      study.history = std::make_shared<History>(1);
      auto kept = ledger_->keep(study, {.report = {.trial = 0, .step = step}},
                                [&](const Report& report) {
                                  loop::learn(study, -1, report);
                                  return Decision{};
                                });
      return kept ? Result<void>() : Result<void>(kept.error());
    });
  }
  void refuse() {
    enter([] { return Result<void>(Error{ErrorCode::conflict, "at once", "", ""}); });
  }
  void run() { threads_.run(); }
  void advance(std::int64_t ns) { threads_.advance(ns); }

  std::size_t told_in_memory() { return (*ledger_->find("s"))->tails.size(); }
  std::size_t learnt_at_rungs() {
    const auto history = (*ledger_->find("s"))->history;
    return history ? history->rung_value_count() : 0;
  }
  std::size_t trials_in_memory() { return (*ledger_->find("s"))->study.open.size(); }
  engine::Progress on_disk() {
    auto reader = store::Reader::open(database());
    return (*reader)->study("s")->progress;
  }

  Result<void> held{};  // whether the database is ours still
  std::vector<std::string> answers{};
  std::string fatal{};
  std::string full{};
  int commits = 0;

 private:
  void enter(std::function<Result<void>()> change) {
    commits_->enter({.change = std::move(change), .settled = [this](const Result<void>& result) {
      answers.push_back(result ? "" : result.error().what);
    }});
  }
  std::string database() const { return root_.path() + "/hpo.db"; }

  test::FreshDirectory root_{};
  OneThread threads_{};
  std::unique_ptr<store::Store> store_{};
  std::optional<loop::Ledger> ledger_{};
  std::optional<loop::GroupCommit> commits_{};
};

}  // namespace

TEST_CASE("a change that fails after it has written takes back itself alone", "[loop]") {
  Batch batch;
  batch.add(false);
  batch.add(true);
  batch.refuse();
  batch.add(false);
  batch.run();
  CHECK(batch.answers == std::vector<std::string>{"", "half-way", "at once", ""});
  CHECK(batch.commits == 1);
  CHECK(batch.trials_in_memory() == 2);
  CHECK(batch.on_disk().created == 2);
}

TEST_CASE("after such a batch the next one is as any other", "[loop]") {
  Batch batch;
  batch.add(true);
  batch.run();
  batch.answers.clear();
  batch.add(false);
  batch.refuse();
  batch.run();
  CHECK(batch.answers == std::vector<std::string>{"", "at once"});
  CHECK(batch.trials_in_memory() == 1);
  CHECK(batch.on_disk().created == 1);
}

TEST_CASE("what a full disk takes back of reports is forgotten", "[loop]") {
  Batch batch;
  batch.held = Error{ErrorCode::no_space, "the disk is full", "COMMIT", "free some space"};
  batch.report(1);
  batch.run();
  CHECK(batch.full == "the disk is full");
  CHECK(batch.told_in_memory() == 0);
  CHECK(batch.learnt_at_rungs() == 0);
  batch.held = {};
  batch.report(1);
  batch.run();
  CHECK(batch.told_in_memory() == 1);
  CHECK(batch.learnt_at_rungs() == 1);
  CHECK(batch.answers.back().empty());
}

TEST_CASE("the time before a change that was undone counts against the budget", "[loop]") {
  constexpr std::int64_t long_ns = 1'000'000;
  Batch batch;
  batch.advance(long_ns);
  batch.add(true);
  batch.run();
  batch.advance(long_ns);
  batch.add(false);
  batch.run();
  CHECK(batch.on_disk().spent_ns >= 2 * long_ns);
}

TEST_CASE("a database that another daemon has taken is not written any more", "[loop]") {
  Batch batch;
  batch.add(false);
  batch.run();
  batch.held = Error{ErrorCode::unavailable, "login2 has it", "lease.json", ""};
  batch.refuse();  // writes nothing, so asks for nothing
  batch.run();
  CHECK(batch.fatal == "");
  batch.add(false);
  batch.run();
  CHECK(batch.fatal == "login2 has it");
  CHECK(batch.answers.back().find("login2 has it") != std::string::npos);
  CHECK(batch.on_disk().created == 1);
}
