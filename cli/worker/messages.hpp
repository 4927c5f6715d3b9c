// What a worker and the daemon say to each other, as plain values and as JSON.
//
// One kind of request, the exchange: it renews leases, tells results and steps, asks for trials.
// Only durations travel. Pure, any thread.
#pragma once

#include <chrono>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/json/node.hpp"
#include "schema/outcome.hpp"
#include "schema/report.hpp"
#include "schema/result.hpp"
#include "schema/study.hpp"

namespace hpo::cli::worker {

// The fence grows with each lease of the trial: who holds an older one is told so.
struct LeaseKey {
  int trial = 0;
  int fence = 0;
  friend auto operator<=>(const LeaseKey&, const LeaseKey&) = default;
};

struct LeasedTrial {
  LeaseKey key{};
  int attempt = 1;
  bool is_started = false;             // the daemon has it down as running
  std::string job{};
  std::string identity{};
  std::string params{};                // JSON object: the daemon's own bytes
  std::uint64_t seed = 0;
  std::vector<std::string> command{};  // empty: that of the study
  std::string checkpoint_from{};       // empty: the newest one that is found
  friend bool operator==(const LeasedTrial&, const LeasedTrial&) = default;
};

struct EndedTrial {
  LeaseKey key{};
  Outcome outcome{};
};

struct ReportedStep {
  LeaseKey key{};
  StepTold report{};
};

struct Request {
  int slots = 0;
  std::vector<LeaseKey> holds{};  // all that it has, started or not: their leases are renewed
  std::set<LeaseKey> loading{};   // of them: whose warm scripts have loaded for long, and go on
  std::vector<EndedTrial> ended{};
  std::vector<LeaseKey> started{};   // leased ahead, begun since
  std::vector<LeaseKey> returned{};  // leased ahead, not begun, not wanted
  std::vector<ReportedStep> reports{};
  int start = 0;  // wanted to begin now; likewise below: beyond what it holds
  int ahead = 0;  // wanted to begin when one of its own ends
  std::chrono::milliseconds wait{0};  // for a trial, if there is none and nothing else is said
  bool says_something() const {
    return !ended.empty() || !started.empty() || !returned.empty() || !reports.empty();
  }
};

struct StopWish {
  LeaseKey key{};
  std::string reason{};
};

struct IgnoredStep {  // that was told, and is not kept
  LeaseKey key{};
  std::int64_t step = 0;
  std::string reason{};
};

struct Reply {
  StudyState state = StudyState::running;
  std::chrono::milliseconds lease{120'000};
  std::vector<LeasedTrial> trials{};
  std::vector<StopWish> stops{};
  std::vector<StopWish> dropped{};    // no longer this worker's
  std::vector<IgnoredStep> ignored{};
  bool leave = false;                 // there is nothing to do for a worker job
  std::chrono::milliseconds wait{0};  // how long it would rather not be asked for trials again
};

std::string to_json(const Request& request);

// lease_s of an answer. nullopt: there is none, or it is no duration.
std::optional<std::chrono::milliseconds> lease_at(const json::Node& root);

// Error: corrupt, with the member; the daemon is of another version.
Result<Reply> reply_from_json(std::string_view text);

}  // namespace hpo::cli::worker
