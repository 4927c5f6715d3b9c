// See pulls.hpp. Engine strand.
#include "daemon/loop/pulls.hpp"

#include <utility>

namespace hpo::loop {

void Pulls::wait(Wish wish, Again again) {
  const std::uint64_t number = ++last_;
  const std::string study = wish.study;
  threads_.after(wish.limit, [this, number] {
    const auto found = waiting_.find(number);
    if (found == waiting_.end()) return;
    found->second.is_over = true;
    ask(number, found->second);
  });
  waiting_[number] = {.wish = std::move(wish), .again = std::move(again)};
  count(study, true);
}

void Pulls::supersede(const std::string& study, const std::string& worker) {
  std::vector<std::uint64_t> older;
  for (auto& [number, waiting] : waiting_) {
    if (waiting.wish.study != study || waiting.wish.worker != worker) continue;
    waiting.is_superseded = waiting.is_over = true;
    older.push_back(number);
  }
  ask_all(older);
}

bool Pulls::is_superseded(std::uint64_t number) const {
  const auto found = waiting_.find(number);
  return found != waiting_.end() && found->second.is_superseded;
}

void Pulls::ask(std::uint64_t number, Waiting& waiting) {
  if (std::exchange(waiting.is_asking, true)) return;  // rest() looks at is_over
  const Again again = waiting.again;
  again(number, waiting.is_over);
}

void Pulls::rest(std::uint64_t number) {
  const auto found = waiting_.find(number);
  if (found == waiting_.end()) return;
  found->second.is_asking = false;
  if (found->second.is_over) ask(number, found->second);
}

void Pulls::done(std::uint64_t number) {
  const auto found = waiting_.extract(number);
  if (!found.empty()) count(found.mapped().wish.study, false);
}

void Pulls::look(const std::string& study) {
  std::vector<std::uint64_t> due;
  for (const auto& [number, waiting] : waiting_) {
    if (waiting.wish.study == study) due.push_back(number);
  }
  ask_all(due);
}

// One may be answered at once, and be gone.
void Pulls::ask_all(const std::vector<std::uint64_t>& numbers) {
  for (const std::uint64_t number : numbers) {
    const auto found = waiting_.find(number);
    if (found != waiting_.end()) ask(number, found->second);
  }
}

void Pulls::stop() {
  std::vector<std::uint64_t> all;
  for (auto& [number, waiting] : waiting_) {
    waiting.is_over = true;
    all.push_back(number);
  }
  ask_all(all);
}

// The study's slots that wait for a proposal: more of them are looked at in the next batch.
void Pulls::count(const std::string& study, bool is_more) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop) return;
  loop->pulling = 0;
  for (const auto& [number, waiting] : waiting_) {
    if (waiting.wish.study == study) loop->pulling += waiting.wish.start;
  }
  if (!is_more) return;
  ledger_.touch(loop->id());
  commits_.wake();
}

}  // namespace hpo::loop
