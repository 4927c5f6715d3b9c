// What the HTTP side may ask of the engine strand, and the answer after COMMIT.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema/json/node.hpp"
#include "schema/outcome.hpp"
#include "schema/report.hpp"
#include "schema/result.hpp"
#include "schema/study.hpp"

namespace hpo::loop {

struct SubmitStudy { StudySpec spec{}; };
struct PauseStudy { std::string study{}; };
struct ResumeStudy { std::string study{}; };
struct CancelStudy { std::string study{}; };
struct CancelTrial { std::string study{}; int trial = 0; };
struct RetryTrials { std::string study{}; std::vector<int> trials{}; };  // empty: all failed ones
struct EnqueueTrials {
  std::string study{};
  std::vector<json::Node> params{};  // objects; decoded against the study's space
};

// One lease of one trial: what a worker names when it speaks of it.
struct Held {
  int trial = 0;
  std::int64_t fence = 0;
  bool is_loading = false;  // its warm script has loaded for long, and is not ready for it
};
struct Told {
  Held lease{};
  Outcome outcome{};
};

struct Reported {
  Held lease{};
  std::int64_t step = 0;                     // that is done; 0: before training
  std::map<std::string, double> metrics{};   // NaN: no finite number
  std::string unread{};                      // as StepTold has it, likewise below
  std::string skipped{};
  int left_out = 0;
  StepTold told() const { return {step, metrics, unread, skipped, left_out}; }
};

// What a worker says and wants, at once; see openapi.yaml. It may be repeated as it is.
struct Exchange {
  std::string study{};
  std::string worker{};
  int slots = 1;
  std::optional<std::vector<Held>> holds{};  // all that it has; nullopt: it does not say
  std::vector<Reported> reports{};
  std::vector<Told> ended{};
  std::vector<Held> started{};               // of those leased ahead
  std::vector<Held> returned{};              // not begun, and not wanted
  int start = 0;                             // trials to begin now
  int ahead = 0;                             // and to hold until one of its own ends
  std::chrono::milliseconds wait{0};         // for a trial, if there is nothing else to say
  // Whether nobody would hear the answer; false proves nothing. Empty: it cannot be known. Any
  // thread; does not wait.
  std::function<bool()> has_hung_up{};
};
// The same leases for programs of the user's own, one trial at a time.
struct RenewLease { std::string study{}; Held lease{}; std::vector<Reported> reports{}; };
struct TellTrial { std::string study{}; Told told{}; };

// What lets workers on other machines in by TCP. The token is the asker's own random text; only its
// SHA-256 comes here, so that no answer, row or log holds it.
struct IssueToken {
  std::string study{};
  std::string sha256{};         // 64 lower-case hexadecimal digits
  std::chrono::seconds valid{};
};
struct RevokeTokens { std::string study{}; };  // all of the study's

struct IdempotencyKey {
  std::string key{};        // 1 … 128 printable ASCII characters, chosen by the client
  std::string route{};      // method and path pattern
  std::string body_hash{};  // the same key with another body is refused
};

struct Command {
  std::optional<IdempotencyKey> key{};
  std::variant<SubmitStudy, PauseStudy, ResumeStudy, CancelStudy, CancelTrial, RetryTrials,
               EnqueueTrials, Exchange, RenewLease, TellTrial, IssueToken, RevokeTokens>
      body{};
};

// The success answer: JSON, the same bytes for a repeated idempotency key.
//   SubmitStudy    {"name": "jets-2", "created": true, "note": "…"}
//   Retry, Enqueue {"study": "jets", "trials": [60, 61]}
//   Exchange       {"state": "running", "lease_s": 120, "trials": […], "stop": […], "dropped": […]}
//                  and "leave": true, of a worker job that has nothing to do
//   RenewLease     {"stop": false, "pause": false, "reason": "", "ignored": "", "remark": "",
//                   "lease_s": 120}
//   TellTrial      {"trial": 9, "state": "completed", "counted": true, "note": "", "more": true,
//                   "awaited": 0}
//   IssueToken     {"study": "jets", "address": "10.0.0.5:4711", "fingerprint": "9f86…",
//                   "valid_s": 86400}
//   others         {"study": "jets", "state": "paused"}
struct Reply {
  bool created = false;   // 201 instead of 200
  std::string body{};
  bool is_empty = false;  // of an exchange: nothing to say yet, so it may wait
};

// Called once, on the engine strand, after COMMIT (or at once if nothing had to be written).
using Done = std::function<void(Result<Reply>)>;

// The engine strand as HTTP sees it. Any thread may call.
class CommandSink {
 public:
  virtual ~CommandSink() = default;

  // Error in `done`: unavailable if the inbox is full, no_space, outcome_unknown, …
  virtual void post(Command command, Done done) = 0;

  struct Health {
    bool ready = false;
    std::string reason{};            // why not, and what to do
    std::int64_t started_ns = 0;     // UTC
    std::int64_t last_event_seq = 0; // committed
  };
  virtual Health health() const = 0;

  // Why trials of a study wait outside of the daemon, each reason once, the most frequent first.
  struct Wait {
    std::string text{};
    int trials = 0;
  };
  virtual std::vector<Wait> waits(const std::string& study) const = 0;
  virtual std::string wait_of(const std::string& study, int trial) const = 0;  // empty: no reason

  // Running trials of a study whose workers have been silent for more than half a lease, or since
  // the daemon started, which begins all leases anew.
  virtual int unheard(const std::string& study) const = 0;

  // Those whose warm scripts have loaded for long, as workers tell.
  virtual int loading(const std::string& study) const = 0;

  // Of the last suggestions of a study, since the daemon started; no counts: there was none.
  struct Quantiles {
    int count = 0;
    double p50_ms = 0;
    double p99_ms = 0;
  };
  struct Asks {
    Quantiles waits{};     // of free slots, for a proposal
    Quantiles strategy{};  // for an answer of the study's own strategy, while nobody may wait
  };
  virtual Asks asks(const std::string& study) const = 0;

  // Calls `wake` once, soon after an event with seq > after_seq is committed, or after `wait_ms`.
  virtual void wait_for_event(std::int64_t after_seq, int wait_ms,
                              std::function<void()> wake) = 0;
};

}  // namespace hpo::loop
