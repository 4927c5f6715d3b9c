// See wait_board.hpp.
#include "daemon/loop/wait_board.hpp"

#include <algorithm>

namespace hpo::loop {

void WaitBoard::note(const std::string& study, int trial, const std::string& text) {
  if (!text.empty()) {
    std::string& known = texts_[study][trial];
    is_changed_ |= known != text;
    known = text;
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
  std::map<std::string_view, int> counts;
  for (const auto& [trial, text] : found->second) ++counts[text];
  std::vector<CommandSink::Wait> waits;
  for (const auto& [text, trials] : counts) {
    waits.push_back({.text = std::string(text), .trials = trials});
  }
  std::ranges::stable_sort(waits, std::greater(), &CommandSink::Wait::trials);
  return waits;
}

std::string WaitBoard::of_trial(std::string_view study, int trial) const {
  const auto texts = std::atomic_load(&published_);
  const auto found = texts->find(study);
  if (found == texts->end()) return {};
  const auto text = found->second.find(trial);
  return text == found->second.end() ? std::string() : text->second;
}

}  // namespace hpo::loop
