// Why trials wait outside of the daemon, as executors last told it: "waits for priority", "the
// partition is down". Lost at a restart, and told again by the first poll. Any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
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

  // Each text once, the most frequent first.
  std::vector<CommandSink::Wait> of_study(std::string_view study) const;
  std::string of_trial(std::string_view study, int trial) const;

 private:
  mutable std::mutex mutex_{};
  std::map<std::string, std::map<int, std::string>, std::less<>> texts_{};
};

}  // namespace hpo::loop
