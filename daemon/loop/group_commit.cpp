// One drain: begin, the entries' changes, the plan, COMMIT, then the answers.
//
// A change checks before it writes, so one that fails has written nothing, as a rule, and there is
// nothing to take back. A savepoint each would cover the exception at a third of the strand's time:
// SQLite copies every page that a savepoint sees changed. So the exception pays: the whole batch
// is undone and its changes are made again, each in a savepoint of its own.
//
// The two failures of storage part here: no space undoes the batch and goes on; an unknown outcome
// stops for good. Engine strand.
#include "daemon/loop/group_commit.hpp"

#include <algorithm>
#include <utility>

namespace hpo::loop {
namespace {

// The disk refused, so the whole transaction is lost; any other error is of one entry alone.
bool is_of_storage(const Error& error) {
  return error.code == ErrorCode::no_space || error.code == ErrorCode::outcome_unknown;
}

// What the disk's refusal means for the request of a caller.
Error told(const Error& error) {
  if (error.code == ErrorCode::no_space) {
    return {error.code, "nothing was changed: " + error.what, error.where,
            "free some space: 'hpo daemon status' says how much is needed"};
  }
  return {error.code, "the outcome is unknown: " + error.what, error.where,
          "'hpo daemon start', then look whether it took effect, or repeat it with its key"};
}

}  // namespace

void GroupCommit::enter(Entry entry) {
  inbox_.push_back(std::move(entry));
  wake();
}

void GroupCommit::wake() {
  if (is_scheduled_ || is_stopped_) return;
  is_scheduled_ = true;
  threads_.engine([this] { drain(); });
}

void GroupCommit::take(std::vector<Settled>& batch) {
  const std::size_t count = std::min(batch_max_, inbox_.size());
  batch.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    batch.push_back({std::move(inbox_.front()), {}});
    inbox_.pop_front();
  }
}

Result<void> GroupCommit::change_all(std::vector<Settled>& batch) {
  for (Settled& each : batch) {
    ledger_.begin_entry();
    each.result = each.entry.change();
    if (each.result) continue;
    if (is_of_storage(each.result.error())) return each.result;
    if (ledger_.has_changed_in_entry()) return change_all_again(batch);
  }
  return {};
}

Result<void> GroupCommit::change_all_again(std::vector<Settled>& batch) {
  store_.rollback();
  if (auto reloaded = ledger_.rolled_back(); !reloaded) return reloaded;
  if (auto begun = store_.begin(); !begun) return begun;
  for (Settled& each : batch) {
    each.result = change_in_savepoint(each.entry);
    if (!each.result && is_of_storage(each.result.error())) return each.result;
  }
  return {};
}

// A change that fails takes back its own writes and no others'.
Result<void> GroupCommit::change_in_savepoint(const Entry& entry) {
  if (auto saved = store_.savepoint(); !saved) return saved;
  ledger_.begin_entry();
  auto changed = entry.change();
  if (changed) return store_.release();
  if (is_of_storage(changed.error())) return changed;
  if (auto undone = ledger_.undo_entry(); !undone) return undone;
  return changed;
}

// A batch that wrote nothing needs no COMMIT, and so costs no fsync.
Result<void> GroupCommit::finish() {
  if (auto planned = hooks_.before_commit(); !planned) return planned;
  if (!ledger_.has_written()) {
    store_.rollback();
    return {};
  }
  if (auto held = hooks_.holds ? hooks_.holds() : Result<void>(); !held) return held;
  return store_.commit();
}

void GroupCommit::fail(std::vector<Settled>& batch, const Error& error) {
  if (error.code == ErrorCode::no_space) {
    store_.rollback();
    const auto reloaded = ledger_.rolled_back();
    if (reloaded) hooks_.no_space(error);
    for (Settled& s : batch) {
      if (s.entry.settled) s.entry.settled(told(error));
    }
    if (!reloaded) hooks_.fatal(reloaded.error());
    return;
  }
  is_stopped_ = true;
  for (Settled& s : batch) {
    if (s.entry.settled) s.entry.settled(told(error));
  }
  hooks_.fatal(error);
}

void GroupCommit::drain() {
  is_scheduled_ = false;
  if (is_stopped_) return;
  if (auto begun = store_.begin(); !begun) {
    std::vector<Settled> none;
    return fail(none, begun.error());
  }
  std::vector<Settled> batch;
  take(batch);
  if (auto changed = change_all(batch); !changed) return fail(batch, changed.error());
  if (auto finished = finish(); !finished) return fail(batch, finished.error());
  const Ledger::Outcome outcome = ledger_.committed();
  for (Settled& s : batch) {
    if (s.entry.settled) s.entry.settled(s.result);
  }
  hooks_.after_commit(outcome);
  if (!inbox_.empty()) wake();
}

}  // namespace hpo::loop
