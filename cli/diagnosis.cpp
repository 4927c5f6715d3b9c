// Why trials fail, as one would look it up by hand.
#include "cli/diagnosis.hpp"

#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "executors/runner/attempt.hpp"
#include "executors/runner/placeholders.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t failed_trials_max = 1000;
constexpr std::size_t lines_shown = 5;
constexpr int tail_bytes = 4096;

std::string latest_directory(const json::Node& trial) {
  const auto& history = member(trial, "history").items;
  return history.empty() ? std::string() : text_of(member(history.back(), "directory"));
}

std::string of_trial(ApiClient& client, const std::string& study, int number) {
  const auto trial = client.get(trial_target(study, number));
  if (!trial) return {};
  std::string text = "  trial " + std::to_string(number) + ": " +
                     text_of(member(trial->json, "failure"));
  const std::string message = text_of(member(trial->json, "message"));
  text += (message.empty() ? "" : ": " + indented(message, 4)) + "\n";
  if (message.find('\n') == std::string::npos) {  // else the runner has quoted stderr already
    const std::string words = last_words(client, study, number, "stderr", lines_shown);
    if (!words.empty()) text += "  its last lines on stderr:\n" + words;
  }
  const std::string command = command_line(latest_directory(trial->json));
  if (!command.empty()) text += "  by hand:\n    " + command + "\n";
  return text;
}

}  // namespace

std::string command_line(const std::string& attempt_directory) {
  if (attempt_directory.empty()) return {};
  const auto attempt = runner::load_attempt(attempt_directory);
  if (!attempt) return {};
  std::vector<std::string> words;
  for (const std::string& element : attempt->spec.command) {
    auto filled = runner::fill(element, attempt->placeholders);
    words.push_back(filled ? *std::move(filled) : element);
  }
  return "cd " + shell_quoted(attempt->spec.workdir) + " && " + shell_quoted(words);
}

std::string last_words(ApiClient& client, const std::string& study, int trial,
                       const char* stream, std::size_t lines) {
  const auto reply = client.get(trial_target(study, trial) + "/logs?stream=" + stream +
                                "&tail=" + std::to_string(tail_bytes));
  if (!reply) return {};
  std::string text;
  for (const std::string& line : last_lines(text_of(member(reply->json, "text")), lines)) {
    text += "    " + line + "\n";
  }
  return text;
}

std::string diagnosis(ApiClient& client, const StudyView& study) {
  if (!is_paused_by_itself(study)) return {};
  std::string text;
  if (study.reason == StudyReason::failures_alike) {
    const auto failed = all_items(client, study_target(study.name) + "/trials?state=failed&limit=" +
                                              std::to_string(page_size_max),
                                  "trials", failed_trials_max);
    if (failed && !failed->empty()) {
      const auto number = integer_of(member(failed->back(), "number"));
      text = of_trial(client, study.name, static_cast<int>(number));
    }
  }
  return text + "  when mended: hpo resume " + shell_quoted(study.name) + "\n";
}

}  // namespace hpo::cli
