// See submission.hpp: the order of what is looked at, from the surest sign to the least.
#include "executors/slurm/submission.hpp"

#include <algorithm>
#include <vector>

#include "executors/runner/text.hpp"
#include "executors/slurm/submission_texts.hpp"

namespace hpo::slurm {
namespace {

constexpr int exit_usage = 255;  // sbatch did not like its options, before it asked anybody
constexpr std::size_t quoted_bytes = 500;
constexpr std::size_t id_digits = 18;
constexpr std::string_view complaints_begin[] = {"sbatch: error: ", "sbatch: fatal: "};
constexpr std::string_view last_word = "Batch job submission failed: ";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view without_newline(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

// What Slurm complains of, line by line; all lines, if none bears its mark.
std::vector<std::string_view> complaints(std::string_view standard_error) {
  std::vector<std::string_view> marked;
  std::vector<std::string_view> all;
  while (!standard_error.empty()) {
    const std::string_view line = standard_error.substr(0, standard_error.find('\n'));
    standard_error.remove_prefix(std::min(line.size() + 1, standard_error.size()));
    if (line.empty()) continue;
    all.push_back(line);
    for (const std::string_view begin : complaints_begin) {
      if (line.starts_with(begin)) marked.push_back(line.substr(begin.size()));
    }
  }
  return marked.empty() ? all : marked;
}

std::string quoted(std::string_view standard_error) {
  std::string text;
  for (const std::string_view line : complaints(standard_error)) {
    text += (text.empty() ? "" : " / ") + std::string(line);
  }
  return text.empty() ? "it printed nothing" : '"' + runner::excerpt(text, quoted_bytes) + '"';
}

ErrorCode code_of(SubmitAnswer answer) {
  if (answer == SubmitAnswer::refused) return ErrorCode::invalid_argument;
  return answer == SubmitAnswer::unclear ? ErrorCode::outcome_unknown : ErrorCode::unavailable;
}

SubmitReading reading(SubmitAnswer answer, const std::string& what, std::string_view option,
                      std::string_view remedy) {
  const std::string where = option.empty() ? "sbatch" : "sbatch " + std::string(option);
  return {answer, {}, {code_of(answer), what, where, std::string(remedy)}};
}

SubmitReading doubt(const std::string& what) {
  return reading(SubmitAnswer::unclear, what, {},
                 "nothing to do: the job is searched for by its name");
}

const SubmissionText* known_text(std::string_view standard_error) {
  for (const SubmissionText& row : submission_texts()) {
    if (contains(standard_error, row.text)) return &row;
  }
  return nullptr;
}

// A site's own rules (its job_submit plugin) speak in free text; that a message came along with
// the general error proves that the controller has answered.
bool is_refused_by_site(std::string_view standard_error) {
  const auto lines = complaints(standard_error);
  return lines.size() > 1 && lines.back().starts_with(last_word) &&
         lines.back().ends_with("Unspecified error");
}

SubmitReading read_failure(int exit_code, std::string_view standard_error) {
  const std::string why = ": " + quoted(standard_error);
  if (const SubmissionText* row = known_text(standard_error)) {
    return reading(row->answer, std::string(row->what) + why, row->option, row->remedy);
  }
  if (exit_code == exit_usage && contains(standard_error, "sbatch: ")) {
    return reading(SubmitAnswer::refused, "sbatch does not accept its options" + why, {},
                   "correct the executor's options, \"extra\" among them");
  }
  if (is_refused_by_site(standard_error)) {
    return reading(SubmitAnswer::refused, "the site's own rules refuse it" + why, {},
                   "do as the site says; its documentation or its administrators know more");
  }
  return doubt("sbatch failed in a way that is not known (exit code " +
                 std::to_string(exit_code) + ")" + why);
}

}  // namespace

std::string job_id_of(std::string_view standard_output) {
  standard_output = without_newline(standard_output);
  const std::string_view id = standard_output.substr(0, standard_output.find(';'));
  const bool is_id = !id.empty() && id.size() <= id_digits && id.front() != '0' &&
                     std::all_of(id.begin(), id.end(), is_digit);
  return is_id && standard_output.find('\n') == std::string_view::npos ? std::string(id) : "";
}

SubmitReading read_submission(const CommandEnd& end, std::string_view standard_output,
                              std::string_view standard_error) {
  if (end.is_timed_out) return doubt("sbatch took too long and was ended");
  if (!end.exit_code) {
    return doubt("sbatch was ended by signal " + std::to_string(end.signal.value_or(0)));
  }
  const std::string id = job_id_of(standard_output);
  if (*end.exit_code == 0 && !id.empty()) return {SubmitAnswer::accepted, id, {}};
  if (*end.exit_code == 0 || !id.empty()) {
    return doubt("sbatch ended with exit code " + std::to_string(*end.exit_code) +
                   " and the output \"" + runner::excerpt(without_newline(standard_output),
                                                          quoted_bytes) +
                   "\": " + quoted(standard_error));
  }
  return read_failure(*end.exit_code, standard_error);
}

}  // namespace hpo::slurm
