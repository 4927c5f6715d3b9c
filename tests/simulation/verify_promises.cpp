// Every answer that a client got holds, and nothing is there that no client asked for.
//
// A key whose reply was lost was sent again, so an effect that came twice shows in the totals.
#include <algorithm>
#include <set>

#include "schema/codec/codec.hpp"
#include "schema/json/node.hpp"
#include "tests/simulation/verification.hpp"

namespace hpo::sim {
namespace {

class Promises {
 public:
  explicit Promises(Facts& facts) : facts_(facts) {}

  void check() {
    for (const Request& request : facts_.evidence.client.requests()) {
      if (!request.reply) continue;
      request_ = &request;
      reply_ = *json::parse_own(*request.reply, "reply");
      std::visit([this](const auto& body) { kept(body); }, request.command.body);
    }
    check_stored_replies();
    check_totals();
  }

 private:
  void broken(const std::string& what) { facts_.broken("I1: " + request_->key + ": " + what); }
  void kept(const loop::SubmitStudy& body);
  void kept(const loop::PauseStudy& body) { has_been_so(body.study), ++pauses_; }
  void kept(const loop::ResumeStudy& body) { has_been_so(body.study), ++resumes_; }
  void kept(const loop::CancelStudy& body) { has_been_so(body.study), ++cancels_; }
  void kept(const loop::CancelTrial& body);
  void kept(const loop::RetryTrials& body);
  void kept(const loop::EnqueueTrials& body);
  void kept(const loop::Exchange&) {}  // this client pulls no trials; likewise below
  void kept(const loop::RenewLease&) {}
  void kept(const loop::TellTrial&) {}
  void kept(const loop::IssueToken&) {}
  void kept(const loop::RevokeTokens&) {}
  void has_been_so(const std::string& study);
  std::vector<const Trial*> promised_trials(const std::string& study, Origin origin);
  void check_stored_replies();
  void check_totals();
  void at_most(const char* what, std::int64_t answers, const std::string& sql);

  Facts& facts_;
  const Request* request_ = nullptr;
  json::Node reply_{};
  std::set<std::string> studies_{};
  std::set<std::pair<std::string, int>> enqueued_{};
  std::set<std::pair<std::string, int>> retried_{};
  int pauses_ = 0;
  int resumes_ = 0;
  int cancels_ = 0;
  int trial_cancels_ = 0;
};

void Promises::kept(const loop::SubmitStudy& body) {
  const std::string name = reply_.find("name")->string;
  if (request_->created && !studies_.insert(name).second) {
    facts_.broken("I13: study " + name + " was created for two requests");
  }
  const Folded* folded = facts_.study(name);
  if (!folded) return broken("study " + name + " is not there");
  StudySpec expected = body.spec;
  expected.name = name;
  if (*folded->spec != expected) broken("study " + name + " is not the one that was submitted");
}

// The state that was told was the study's at some time between question and answer.
void Promises::has_been_so(const std::string& study) {
  const Folded* folded = facts_.study(study);
  const auto state = from_word<StudyState>(reply_.find("state")->string);
  if (!folded || !state) return broken("study " + study + " is not there");
  for (std::size_t i = 0; i < folded->states.size(); ++i) {
    const auto& [seq, was] = folded->states[i];
    const bool ends_before = i + 1 < folded->states.size() &&
                             folded->states[i + 1].first <= request_->sent_seq;
    if (was == *state && seq <= request_->acked_seq && !ends_before) return;
  }
  broken("study " + study + " was said to be " + std::string(word(*state)) + " and never was");
}

void Promises::kept(const loop::CancelTrial& body) {
  ++trial_cancels_;
  has_been_so(body.study);
  const Folded* folded = facts_.study(body.study);
  if (!folded) return;
  const std::int64_t intents = facts_.number(
      "SELECT count(*) FROM events WHERE kind IN ('trial_cancelling', 'trial_cancelled') AND "
      "study = " + std::to_string(folded->study.id) + " AND seq <= " +
      std::to_string(request_->acked_seq) + " AND json_extract(data, '$.trial') = " +
      std::to_string(body.trial));
  if (intents == 0) broken("trial " + std::to_string(body.trial) + " was never to be cancelled");
  const auto trial = folded->trials.find(body.trial);
  if (trial == folded->trials.end() || trial->second.state == TrialState::failed) {
    broken("trial " + std::to_string(body.trial) + " was to be cancelled, and failed");
  }
}

std::vector<const Trial*> Promises::promised_trials(const std::string& study, Origin origin) {
  std::vector<const Trial*> trials;
  Folded* folded = facts_.study(study);
  for (const json::Node& number : reply_.find("trials")->items) {
    const int n = static_cast<int>(number.integer);
    const auto found = folded ? folded->trials.find(n) : decltype(folded->trials.end()){};
    const bool is_there = folded && found != folded->trials.end();
    if (!is_there || found->second.origin != origin) {
      broken("trial " + std::to_string(n) + " is not there, or is another one");
      continue;
    }
    trials.push_back(&found->second);
    auto& known = origin == Origin::retry ? retried_ : enqueued_;
    if (!known.insert({study, n}).second) facts_.broken("I13: a trial for two requests");
  }
  return trials;
}

void Promises::kept(const loop::RetryTrials& body) {
  std::set<int> repeated;
  for (const Trial* trial : promised_trials(body.study, Origin::retry)) {
    const Trial& failed = facts_.study(body.study)->trials.at(*trial->retry_of);
    const bool is_same = failed.state == TrialState::failed && failed.values == trial->values;
    if (!is_same || !repeated.insert(failed.number).second) {
      broken("trial " + std::to_string(trial->number) + " does not repeat a failed one");
    }
  }
}

void Promises::kept(const loop::EnqueueTrials& body) {
  const auto trials = promised_trials(body.study, Origin::enqueued);
  if (trials.size() != body.params.size()) return broken("another number of trials");
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto values = params_from_node(facts_.study(body.study)->spec->space, body.params[i]);
    if (!values || *values != trials[i]->values) broken("an enqueued trial has other params");
  }
}

// I13: one stored reply for each answer, the same bytes, and none besides.
void Promises::check_stored_replies() {
  std::map<std::string, std::string> stored;
  const std::string sql = "SELECT key, body FROM idempotency WHERE route = 'POST'";
  for (const auto& row : facts_.query(sql)) stored[row[0]] = row[1];
  for (const Request& request : facts_.evidence.client.requests()) {
    const auto found = stored.find(request.key);
    if (!request.reply) continue;
    if (found == stored.end() || found->second != *request.reply) {
      facts_.broken("I13: the reply to " + request.key + " is not the stored one");
    }
    if (found != stored.end()) stored.erase(found);
  }
  if (!facts_.evidence.client.is_content()) return;  // then an answer may be on its way
  for (const auto& [key, body] : stored) {
    facts_.broken("I2: a reply to " + key + " is stored, which was refused");
  }
}

void Promises::at_most(const char* what, std::int64_t answers, const std::string& sql) {
  const std::int64_t there = facts_.number("SELECT count(*) FROM " + sql);
  if (there <= answers) return;
  facts_.broken("I2: " + std::to_string(there) + " " + what + ", of which " +
                std::to_string(answers) + " were asked for");
}

void Promises::check_totals() {
  if (!facts_.evidence.client.is_content()) return;
  const auto size = [](const auto& set) { return static_cast<std::int64_t>(set.size()); };
  at_most("studies", size(studies_), "studies");
  at_most("trials enqueued", size(enqueued_), "trials WHERE origin = 'enqueued'");
  at_most("trials retried", size(retried_), "trials WHERE origin = 'retry'");
  at_most("pauses", pauses_,
          "events WHERE kind = 'study_paused' AND json_extract(data, '$.reason') = 'user'");
  at_most("resumes", resumes_, "events WHERE kind = 'study_resumed'");
  at_most("cancels", cancels_, "events WHERE kind = 'study_cancelling'");
  at_most("cancels of trials", trial_cancels_, "events WHERE kind = 'trial_cancelling'");
}

}  // namespace

void check_promises(Facts& facts) { Promises(facts).check(); }

}  // namespace hpo::sim
