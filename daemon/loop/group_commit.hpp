// The engine strand's heart: many changes, one COMMIT, then everybody is told.
//
// Entries come in from HTTP, executors and strategies. A batch of them is one transaction, in which
// an entry that fails undoes itself alone; `before_commit` adds what the plan wants; nothing leaves
// before COMMIT, or a crash could take back what somebody relies on. If COMMIT finds no space,
// everything of the batch is undone and its callers are told so; if its outcome is unknown, `fatal`
// must end the process. Engine strand.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "daemon/loop/ledger.hpp"
#include "daemon/loop/threads.hpp"
#include "daemon/store/store.hpp"

namespace hpo::loop {

struct Entry {
  // Inside the transaction; checks first and writes then. May be called a second time, after the
  // first has been undone: it keeps what it needs.
  std::function<Result<void>()> change{};
  std::function<void(const Result<void>&)> settled{};  // after it; may be empty
};

class GroupCommit {
 public:
  struct Hooks {
    std::function<Result<void>()> before_commit{};
    std::function<Result<void>()> holds{};  // false: the database may be another's; may be empty
    std::function<void(const Ledger::Outcome&)> after_commit{};
    std::function<void(const Error&)> no_space{};
    std::function<void(const Error&)> fatal{};
  };

  GroupCommit(store::Store& store, Ledger& ledger, Threads& threads, std::size_t batch_max)
      : store_(store), ledger_(ledger), threads_(threads), batch_max_(batch_max) {}

  void set_hooks(Hooks hooks) { hooks_ = std::move(hooks); }
  void enter(Entry entry);
  void wake();  // a batch without an entry: the plan has to be looked at
  std::size_t waiting() const { return inbox_.size(); }
  void stop() { is_stopped_ = true; }  // what comes later is dropped; it was never acknowledged

 private:
  struct Settled { Entry entry{}; Result<void> result{}; };
  void drain();
  void take(std::vector<Settled>& batch);
  Result<void> change_all(std::vector<Settled>& batch);
  Result<void> change_all_again(std::vector<Settled>& batch);
  Result<void> change_in_savepoint(const Entry& entry);
  Result<void> finish();
  void fail(std::vector<Settled>& batch, const Error& error);

  store::Store& store_;
  Ledger& ledger_;
  Threads& threads_;
  std::size_t batch_max_;
  Hooks hooks_{};
  std::deque<Entry> inbox_{};
  bool is_scheduled_ = false;
  bool is_stopped_ = false;
};

}  // namespace hpo::loop
