// See wait_board.hpp.
#include "daemon/loop/wait_board.hpp"

#include <algorithm>

namespace hpo::loop {

void WaitBoard::note(const std::string& study, int trial, const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (!text.empty()) {
    texts_[study][trial] = text;
    return;
  }
  const auto found = texts_.find(study);
  if (found == texts_.end()) return;
  found->second.erase(trial);
  if (found->second.empty()) texts_.erase(found);
}

void WaitBoard::forget_if(const std::function<bool(const std::string& study)>& is_over) {
  const std::lock_guard lock(mutex_);
  std::erase_if(texts_, [&](const auto& entry) { return is_over(entry.first); });
}

std::vector<CommandSink::Wait> WaitBoard::of_study(std::string_view study) const {
  std::map<std::string, int> counts;
  {
    const std::lock_guard lock(mutex_);
    const auto found = texts_.find(study);
    if (found == texts_.end()) return {};
    for (const auto& [trial, text] : found->second) ++counts[text];
  }
  std::vector<CommandSink::Wait> waits;
  for (const auto& [text, trials] : counts) waits.push_back({.text = text, .trials = trials});
  std::ranges::stable_sort(waits, std::greater(), &CommandSink::Wait::trials);
  return waits;
}

std::string WaitBoard::of_trial(std::string_view study, int trial) const {
  const std::lock_guard lock(mutex_);
  const auto found = texts_.find(study);
  if (found == texts_.end()) return {};
  const auto text = found->second.find(trial);
  return text == found->second.end() ? std::string() : text->second;
}

}  // namespace hpo::loop
