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
  // An empty text: it does not wait any more. A `job_mark` in it is read as the job's `native_id`.
  void note(const std::string& study, int trial, const std::string& text,
            const std::string& native_id = {});
  void forget_if(const std::function<bool(const std::string& study)>& is_over);

  // Shows what was noted: after each answer of an executor, as it copies all texts.
  void publish();

  // Each text once, with the ids of all of its jobs, the most frequent first.
  std::vector<CommandSink::Wait> of_study(std::string_view study) const;
  std::string of_trial(std::string_view study, int trial) const;

 private:
  struct Waiting {
    std::string text{};
    std::string native_id{};
    friend bool operator==(const Waiting&, const Waiting&) = default;
  };
  using Texts = std::map<std::string, std::map<int, Waiting>, std::less<>>;
  Texts texts_{};
  bool is_changed_ = false;
  // Read and replaced by std::atomic_load and std::atomic_store.
  std::shared_ptr<const Texts> published_ = std::make_shared<const Texts>();
};

}  // namespace hpo::loop
