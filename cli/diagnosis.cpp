// Why trials fail, as one would look it up by hand.
#include "cli/diagnosis.hpp"

#include <optional>

#include "cli/by_hand.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "schema/outcome.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t trials_max = 1000;
constexpr std::size_t asked_max = 20;  // trials whose attempts are looked at
constexpr std::size_t lines_shown = 20;
constexpr int tail_bytes = 16'384;

struct FailedAttempt {
  int trial = 0;
  int number = 0;
  std::string ended_at{};  // RFC 3339 of one length: compared as text
  std::string failure{};
  std::string message{};
  std::string directory{};
};

void keep_newest(std::optional<FailedAttempt>& newest, int trial, const json::Node& attempt) {
  FailedAttempt candidate{.trial = trial,
                          .number = static_cast<int>(integer_of(member(attempt, "number"))),
                          .ended_at = text_of(member(attempt, "ended_at")),
                          .failure = text_of(member(attempt, "failure")),
                          .message = text_of(member(attempt, "message")),
                          .directory = text_of(member(attempt, "directory"))};
  if (candidate.failure.empty()) return;
  if (!newest || candidate.ended_at >= newest->ended_at) newest = std::move(candidate);
}

// It has no time of its end, and says less than the attempt that it was to repeat.
bool is_refused_retry(const json::Node& attempt) {
  return text_of(member(attempt, "failure")) == word(FailureClass::rejected) &&
         integer_of(member(attempt, "number")) > 1;
}

// A trial that waits for another try has failed attempts too; all of them may be such.
std::vector<int> tried_trials(ApiClient& client, const std::string& study) {
  std::vector<int> numbers;
  for (const char* state : {"failed", "waiting", "running"}) {
    const auto trials = all_items(client, study_target(study) + "/trials?state=" + state +
                                              "&limit=" + std::to_string(page_size_max),
                                  "trials", trials_max);
    if (!trials) continue;
    std::vector<int> found;
    for (const json::Node& trial : *trials) {
      if (integer_of(member(trial, "attempts")) == 0) continue;
      found.push_back(static_cast<int>(integer_of(member(trial, "number"))));
    }
    const std::size_t skipped = found.size() > asked_max ? found.size() - asked_max : 0;
    numbers.insert(numbers.end(), found.begin() + static_cast<std::ptrdiff_t>(skipped),
                   found.end());
  }
  return numbers;
}

// "(bad_result exit 0)": how the daemon's `detail` names those that failed alike.
std::string signature(const json::Node& attempt) {
  std::string text = "(" + text_of(member(attempt, "failure"));
  for (const char* key : {"exit_code", "signal"}) {
    const json::Node& number = member(attempt, key);
    const std::string name = key == std::string_view("signal") ? " signal " : " exit ";
    if (!is_null(number)) text += name + plain_text(number);
  }
  return text + ")";
}

// Of those that the study paused for: others may have failed since.
std::optional<FailedAttempt> newest_alike(ApiClient& client, const StudyView& study) {
  std::optional<FailedAttempt> newest;
  for (const int number : tried_trials(client, study.name)) {
    const auto trial = client.get(trial_target(study.name, number));
    if (!trial) continue;
    const auto& history = member(trial->json, "history").items;
    for (const json::Node& attempt : history) {
      const bool is_alike = study.detail.find(signature(attempt)) != std::string::npos;
      if (is_alike && !is_refused_retry(attempt)) keep_newest(newest, number, attempt);
    }
  }
  return newest;
}

// The last lines of an attempt, indented; "" if there are none.
std::string last_words(ApiClient& client, const std::string& study, const FailedAttempt& attempt) {
  const auto reply = client.get(trial_target(study, attempt.trial) +
                                "/logs?stream=stderr&attempt=" + std::to_string(attempt.number) +
                                "&tail=" + std::to_string(tail_bytes));
  if (!reply) return {};
  std::string text;
  for (const std::string& line : last_lines(text_of(member(reply->json, "text")), lines_shown)) {
    text += "    " + line + "\n";
  }
  return text;
}

std::string told(ApiClient& client, const std::string& study, const FailedAttempt& attempt) {
  std::string text = "  trial " + std::to_string(attempt.trial) + ": " + attempt.failure;
  const std::string& message = attempt.message;
  text += (message.empty() ? "" : ": " + indented(message, 4)) + "\n";
  if (message.find('\n') == std::string::npos) {  // else the runner has quoted stderr already
    const std::string words = last_words(client, study, attempt);
    if (!words.empty()) text += "  its last lines on stderr:\n" + words;
  }
  const std::string command = by_hand(attempt.directory);
  if (!command.empty()) text += "  by hand:\n    " + command + "\n";
  return text;
}

// The one that helps first. A study whose budget is used up has nothing to go on with: resumed, it
// would only be finished.
std::string next_command(const StudyView& study) {
  const TrialCounts& trials = study.trials;
  const std::string retry = "hpo retry " + shell_quoted(study.name);
  const std::string resume = "hpo resume " + shell_quoted(study.name);
  if (trials.failed == 0) return resume;
  const std::string failed = counted(trials.failed, "failed trial");
  if (trials.finished() < trials.total) {
    return resume + "\n    goes on with new trials; " + retry + " before it adds its " + failed;
  }
  return retry + ", then " + resume + "\n    tries its " + failed +
         " once more; resumed alone it ends, as all its trials are done";
}

}  // namespace

std::string diagnosis(ApiClient& client, const StudyView& study) {
  if (!is_paused_by_itself(study)) return {};
  std::string text;
  if (study.reason == StudyReason::failures_alike) {
    const auto newest = newest_alike(client, study);
    if (newest) text = told(client, study.name, *newest);
  }
  return text + "  when mended: " + next_command(study) + "\n";
}

}  // namespace hpo::cli
