// Why trials wait outside of the daemon, as executors last told it: "waits for priority", "the
// partition is down". Lost at a restart, and told again by the first poll.
//
// The engine strand writes and publishes; any thread reads what was published.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/loop/commands.hpp"

namespace hpo::loop {

class WaitBoard {
 public:
  // An empty text: it does not wait any more.
  void note(const std::string& study, int trial, const std::string& text);
  void forget_if(const std::function<bool(const std::string& study)>& is_over);

  // Shows what was noted: after each answer of an executor, as it copies all texts.
  void publish();

  // Each text once, the most frequent first.
  std::vector<CommandSink::Wait> of_study(std::string_view study) const;
  std::string of_trial(std::string_view study, int trial) const;

 private:
  using Texts = std::map<std::string, std::map<int, std::string>, std::less<>>;
  Texts texts_{};
  bool is_changed_ = false;
  // Read and replaced by std::atomic_load and std::atomic_store.
  std::shared_ptr<const Texts> published_ = std::make_shared<const Texts>();
};

}  // namespace hpo::loop
