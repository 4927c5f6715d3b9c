// How long free slots waited for proposals, and strategies took for their answers: of the last
// thousand of each study, since the daemon started.
//
// The engine strand notes and publishes; any thread reads what was published.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "daemon/loop/commands.hpp"

namespace hpo::loop {

class AskBoard {
 public:
  static constexpr std::size_t kept_max = 1000;  // of each study, the newest

  void waited(const std::string& study, std::int64_t ns) { note(study, &Times::waits_ns, ns); }
  void took(const std::string& study, std::int64_t ns) { note(study, &Times::asks_ns, ns); }
  void end(const std::string& study);  // publishes; what is known of it stays

  // Shows what was noted: now and then, as it sorts the times of each study that has new ones.
  void publish();

  CommandSink::Asks of_study(const std::string& study) const;

 private:
  struct Times {
    std::deque<std::int64_t> waits_ns{};
    std::deque<std::int64_t> asks_ns{};
  };
  using Shown = std::map<std::string, CommandSink::Asks, std::less<>>;
  void note(const std::string& study, std::deque<std::int64_t> Times::*list, std::int64_t ns);

  std::map<std::string, Times, std::less<>> times_{};
  std::set<std::string> changed_{};
  // Read and replaced by std::atomic_load and std::atomic_store.
  std::shared_ptr<const Shown> published_ = std::make_shared<const Shown>();
};

}  // namespace hpo::loop
