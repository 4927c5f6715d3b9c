// See wait_board.hpp.
#include "daemon/loop/wait_board.hpp"

#include <algorithm>

#include "executors/job_mark.hpp"

namespace hpo::loop {
namespace {

constexpr std::size_t ids_max = 20;  // a line that somebody copies

// "12,13,14", as schedulers' commands take it.
void append_id(std::string& ids, std::size_t before, const std::string& id) {
  if (before < ids_max) ids += (before == 0 ? "" : ",") + id;
  if (before == ids_max) ids += ",…";
}

}  // namespace

void WaitBoard::note(const std::string& study, int trial, const std::string& text,
                     const std::string& native_id) {
  if (!text.empty()) {
    Waiting& known = texts_[study][trial];
    const Waiting now{.text = text, .native_id = native_id};
    is_changed_ |= known != now;
    known = now;
    return;
  }
  const auto found = texts_.find(study);
  if (found == texts_.end()) return;
  is_changed_ |= found->second.erase(trial) > 0;
  if (found->second.empty()) texts_.erase(found);
}

void WaitBoard::forget_if(const std::function<bool(const std::string& study)>& is_over) {
  const auto forgotten =
      std::erase_if(texts_, [&](const auto& entry) { return is_over(entry.first); });
  is_changed_ |= forgotten > 0;
}

void WaitBoard::publish() {
  if (!is_changed_) return;
  is_changed_ = false;
  std::atomic_store(&published_, std::make_shared<const Texts>(texts_));
}

std::vector<CommandSink::Wait> WaitBoard::of_study(std::string_view study) const {
  const auto texts = std::atomic_load(&published_);
  const auto found = texts->find(study);
  if (found == texts->end()) return {};
  struct Group {
    int trials = 0;
    std::string ids{};
  };
  std::map<std::string_view, Group> groups;
  for (const auto& [trial, waiting] : found->second) {
    Group& group = groups[waiting.text];
    append_id(group.ids, static_cast<std::size_t>(group.trials++), waiting.native_id);
  }
  std::vector<CommandSink::Wait> waits;
  for (const auto& [text, group] : groups) {
    waits.push_back({.text = with_jobs(std::string(text), group.ids), .trials = group.trials});
  }
  std::ranges::stable_sort(waits, std::greater(), &CommandSink::Wait::trials);
  return waits;
}

std::string WaitBoard::of_trial(std::string_view study, int trial) const {
  const auto texts = std::atomic_load(&published_);
  const auto found = texts->find(study);
  if (found == texts->end()) return {};
  const auto waiting = found->second.find(trial);
  if (waiting == found->second.end()) return {};
  return with_jobs(waiting->second.text, waiting->second.native_id);
}

}  // namespace hpo::loop
